/// What happens on a node, as lines of JSON for those that listen to it (spec 12 §7).
#pragma once

#include "cairn/node/events.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::rpc {

/// Blocks of each side that a `reorganisation` lists; deeper ones tell how many there were.
inline constexpr std::size_t reorganisation_blocks_max = 100;

/// One thing that happened.
struct Event {
    /// `block`, `reorganisation`, `transaction` or `peer`.
    std::string_view type;
    /// A JSON object on one line.
    std::string data;
};

/// A `reorganisation` if blocks were left, then a `block` for each that was connected, in order.
[[nodiscard]] std::vector<Event> to_events(const node::ChainEvent& happened);
/// A `transaction` that now waits.
[[nodiscard]] Event to_event(const node::PoolEvent& happened);
/// A `peer` that came or went.
[[nodiscard]] Event to_event(const node::PeerEvent& happened);

}  // namespace cairn::rpc
