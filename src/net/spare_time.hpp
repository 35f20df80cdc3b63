/// The time that a node has to spare: what it waited for others, less what it worked.
///
/// A node that needs less than `work_percent_max` of its time for its work never runs out of it,
/// so that whoever shares its thread and cores need not wait. One whose work never ends has none.
#pragma once

#include "cairn/base/time.hpp"

#include <chrono>

namespace cairn::net {

class SpareTime {
  public:
    static constexpr int work_percent_max = 75;
    /// What can be put by.
    static constexpr Duration left_max = std::chrono::milliseconds{500};

    /// Work begins. Call it once before each `on_rest`.
    void on_work(Instant now);
    /// All work is done.
    void on_rest(Instant now);

    [[nodiscard]] bool is_left(Instant now) const { return left(now) > Duration{0}; }

  private:
    [[nodiscard]] Duration left(Instant now) const;

    bool is_working_ = false;
    /// When work or rest began, and what was left then.
    Instant since_;
    Duration left_{0};
};

}  // namespace cairn::net
