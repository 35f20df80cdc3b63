/// Where sub-machines put what they want done. `Node` empties it after each input.
#pragma once

#include "cairn/node/events.hpp"
#include "cairn/node/message_counts.hpp"
#include "cairn/node/peer.hpp"
#include "cairn/node/penalty.hpp"
#include "cairn/node/upload_budget.hpp"
#include "cairn/wire/messages.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::node {

/// What speaks for a peer.
enum class Merit : std::uint8_t {
    block,        ///< brought the block that our chain now ends with
    transaction,  ///< brought transactions that we had asked for
};

class Outbox {
  public:
    /// What may be sent to other machines in a second; 0: no bound.
    explicit Outbox(std::uint64_t upload_bytes_per_second = upload_bytes_per_second_max)
        : upload_{upload_bytes_per_second} {}

    /// Encodes `message` for `peer` and queues it. `request` is echoed by answers; 0: none.
    void send(const Peer& peer, const wire::Message& message, std::uint32_t request = 0);
    /// Queues bytes that are framed already. Blames the link as `slow_reader` when more than
    /// `send_queue_bytes_max` wait then.
    void send_raw(LinkId link, std::shared_ptr<const Bytes> bytes);
    /// Records a fault of a link; `Links` judges it after the sub-machine returns.
    void blame(LinkId link, Fault fault);

    /// Records what speaks for a link.
    void credit(LinkId link, Merit merit) { merits_.emplace_back(link, merit); }

    /// Any other output, in its place.
    void push(Output output);
    /// A line for the log.
    void log(
        LogEvent::Level level,
        std::string_view area,
        std::string message,
        std::vector<std::pair<std::string_view, std::string>> fields = {}
    );
    /// Starts a job and returns its name.
    JobId start(JobWork work);

    [[nodiscard]] std::vector<Output> take_outputs();
    [[nodiscard]] std::vector<std::pair<LinkId, Fault>> take_blames();

    [[nodiscard]] std::vector<std::pair<LinkId, Merit>> take_merits() {
        return std::exchange(merits_, {});
    }

    /// Bytes on their way to a link: what has been queued here, and what the driver has not handed
    /// to the network yet as far as it has told.
    [[nodiscard]] std::size_t queued_bytes(LinkId link) const;

    /// The same of all links together.
    [[nodiscard]] std::size_t queued_bytes() const { return queued_; }

    /// All bytes ever queued for a link.
    [[nodiscard]] std::uint64_t sent_bytes(LinkId link) const;

    /// Messages sent over all links, by type.
    [[nodiscard]] const MessageCounts& sent() const { return sent_; }

    /// The driver holds `queued` bytes of the link; nothing waits here.
    void set_queued_bytes(LinkId link, std::size_t queued);
    /// The link leads to another machine: what is sent to it counts against the budget.
    void meter(LinkId link);
    /// The link is gone.
    void forget(LinkId link);

    /// What may still be sent to other machines.
    [[nodiscard]] UploadBudget& upload() { return upload_; }

    [[nodiscard]] const UploadBudget& upload() const { return upload_; }

  private:
    std::vector<Output> outputs_;
    std::vector<std::pair<LinkId, Fault>> blames_;
    std::vector<std::pair<LinkId, Merit>> merits_;

    struct Traffic {
        std::size_t queued = 0;
        std::uint64_t total = 0;
        bool is_metered = false;
    };

    std::map<LinkId, Traffic> traffic_;
    /// The sum of what is queued in `traffic_`.
    std::size_t queued_ = 0;
    MessageCounts sent_;
    UploadBudget upload_;
    std::uint64_t jobs_started_ = 0;
};

/// True for messages about the link itself, whose envelopes name no chain.
[[nodiscard]] bool is_link_scoped(wire::MessageType type);

}  // namespace cairn::node
