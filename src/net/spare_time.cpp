#include "src/net/spare_time.hpp"

#include <algorithm>

namespace cairn::net {

void SpareTime::on_work(Instant now) {
    left_ = left(now);
    since_ = now;
    is_working_ = true;
}

void SpareTime::on_rest(Instant now) {
    left_ = left(now);
    since_ = now;
    is_working_ = false;
}

Duration SpareTime::left(Instant now) const {
    // Waiting counts so many times as much that both balance at `work_percent_max`.
    constexpr int weight = work_percent_max / (100 - work_percent_max);
    static_assert(weight * (100 - work_percent_max) == work_percent_max);
    // Longer times change nothing, and could not be multiplied.
    const Duration passed = std::min<Duration>(now - since_, left_max);
    const Duration left = is_working_ ? left_ - passed : left_ + passed * weight;
    return std::clamp(left, Duration{0}, left_max);
}

}  // namespace cairn::net
