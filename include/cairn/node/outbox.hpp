/// Where sub-machines put what they want done. `Node` empties it after each input.
#pragma once

#include "cairn/node/events.hpp"
#include "cairn/node/peer.hpp"
#include "cairn/node/penalty.hpp"
#include "cairn/wire/messages.hpp"

#include <utility>
#include <vector>

namespace cairn::node {

class Outbox {
  public:
    /// Encodes `message` for `peer` and queues it. `request` is echoed by answers; 0: none.
    void send(const Peer& peer, const wire::Message& message, std::uint32_t request = 0);
    /// Queues bytes that are framed already.
    void send_raw(LinkId link, std::shared_ptr<const Bytes> bytes);
    /// Records a fault of a link; `Links` judges it after the sub-machine returns.
    void blame(LinkId link, Fault fault);
    /// Any other output, in its place.
    void push(Output output);
    /// Starts a job and returns its name.
    JobId start(JobWork work);

    [[nodiscard]] std::vector<Output> take_outputs();
    [[nodiscard]] std::vector<std::pair<LinkId, Fault>> take_blames();
    /// Bytes queued for a link by outputs that have not been taken yet.
    [[nodiscard]] std::size_t queued_bytes(LinkId link) const;

  private:
    std::vector<Output> outputs_;
    std::vector<std::pair<LinkId, Fault>> blames_;
    std::map<LinkId, std::size_t> queued_;
    std::uint64_t jobs_started_ = 0;
};

}  // namespace cairn::node
