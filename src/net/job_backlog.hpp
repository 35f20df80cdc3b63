/// The bytes of each link that wait in unfinished jobs: above `link_backlog_bytes_max` the link is
/// not read from (rule 3 of the shell).
#pragma once

#include "cairn/node/events.hpp"

#include <cstddef>
#include <map>
#include <optional>

namespace cairn::net {

class JobBacklog {
  public:
    /// `bytes` of `link` go into `job`. False when the link must not be read from any more.
    [[nodiscard]] bool start(node::JobId job, node::LinkId link, std::size_t bytes);
    /// The link of `job` if it may be read from again.
    [[nodiscard]] std::optional<node::LinkId> finish(node::JobId job);
    /// The link is gone; its jobs go on.
    void forget(node::LinkId link);

    /// Bytes of `link` in unfinished jobs.
    [[nodiscard]] std::size_t bytes(node::LinkId link) const;

  private:
    struct Charge {
        node::LinkId link;
        std::size_t bytes = 0;
    };

    std::map<node::JobId, Charge> charges_;
    std::map<node::LinkId, std::size_t> bytes_;
};

}  // namespace cairn::net
