/// The time that a node has to spare: what it waited for others, less what it worked.
///
/// A node that needs less than `work_percent_max` of its time for its work never runs out of it,
/// so that whoever shares its thread and cores need not wait. One whose work never ends has none.
/// Time in which the thread does something else while there is something to do counts for neither.
#pragma once

#include "cairn/base/time.hpp"

#include <chrono>

namespace cairn::net {

class SpareTime {
  public:
    static constexpr int work_percent_max = 75;
    /// What can be put by.
    static constexpr Duration left_max = std::chrono::seconds{2};

    /// @{
    /// Work begins, and all work is done: in turn.
    void on_work(Instant now);
    void on_work_done(Instant now);
    /// @}
    /// @{
    /// The node has nothing to do but wait, and has something again. To say so twice changes
    /// nothing.
    void on_wait(Instant now);
    void on_wake(Instant now);
    /// @}
    /// There turns out to be something to do, nobody knows since when: what was waited since
    /// `on_wait` was last told does not count.
    void on_late_wake(Instant now);

    /// Forgets what was put by.
    void reset(Instant now);

    [[nodiscard]] bool is_left(Instant now) const { return left(now) > Duration{0}; }

  private:
    [[nodiscard]] Duration left(Instant now) const;
    /// Brings `left_` up to `now`.
    void count(Instant now);

    bool is_working_ = false;
    bool is_waiting_ = false;
    /// When one of them changed, and what was left then.
    Instant since_;
    Duration left_{0};
};

}  // namespace cairn::net
