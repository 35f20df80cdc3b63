/// The one live line that a node shows on a terminal.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/view.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cairn::app {

/// What the line tells.
struct StatusFacts {
    std::uint64_t height = 0;
    /// Of the best header: where a sync is going.
    std::uint64_t best_height = 0;
    std::string tip;
    std::size_t peers = 0;
    std::size_t pending = 0;
    std::uint64_t hashrate = 0;
    bool is_syncing = false;
    bool is_mining = false;
};

[[nodiscard]] StatusFacts gather_status(const node::NodeView& view);

/// `12.3 MH/s`.
[[nodiscard]] std::string to_hashrate(std::uint64_t hashes_per_second);

/// Remembers when a sync began, to tell how long it will take.
class StatusLine {
  public:
    /// The line for `facts` at `now`, which never goes back.
    [[nodiscard]] std::string update(const StatusFacts& facts, Instant now);

  private:
    struct SyncStart {
        Instant time;
        std::uint64_t height = 0;
    };

    std::optional<SyncStart> sync_;
};

}  // namespace cairn::app
