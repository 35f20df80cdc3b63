/// The face that every sans-IO program shows its driver: a node, a tracker.
#pragma once

#include "cairn/node/events.hpp"

#include <optional>
#include <vector>

namespace cairn::node {

/// A program without I/O, threads or clocks: same inputs, same outputs. The driver's duties stand
/// in `events.hpp`.
class Machine {
  public:
    virtual ~Machine() = default;

    virtual void handle(Time now, Input input) = 0;
    /// What to do since the last call, in order.
    [[nodiscard]] virtual std::vector<Output> take_outputs() = 0;
    /// When to send `TimerFired`; nothing when there is nothing to wait for.
    [[nodiscard]] virtual std::optional<Instant> next_wakeup() const = 0;
};

}  // namespace cairn::node
