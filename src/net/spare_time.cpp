#include "src/net/spare_time.hpp"

#include <algorithm>

namespace cairn::net {

void SpareTime::on_work(Instant now) {
    count(now);
    is_working_ = true;
}

void SpareTime::on_work_done(Instant now) {
    count(now);
    is_working_ = false;
}

void SpareTime::on_wait(Instant now) {
    count(now);
    is_waiting_ = true;
}

void SpareTime::on_wake(Instant now) {
    if (!is_waiting_)
        return;
    count(now);
    is_waiting_ = false;
}

void SpareTime::on_late_wake(Instant now) {
    if (is_working_)
        count(now);
    is_waiting_ = false;
    since_ = now;
}

void SpareTime::reset(Instant now) {
    left_ = Duration{0};
    since_ = now;
}

void SpareTime::count(Instant now) {
    left_ = left(now);
    since_ = now;
}

Duration SpareTime::left(Instant now) const {
    // Waiting counts so many times as much that both balance at `work_percent_max`.
    constexpr int weight = work_percent_max / (100 - work_percent_max);
    static_assert(weight * (100 - work_percent_max) == work_percent_max);
    // Longer times change nothing, and could not be multiplied.
    const Duration passed = std::clamp<Duration>(now - since_, Duration{0}, left_max);
    // A thread that waits for the results of its work has nothing to spare.
    if (is_working_)
        return std::max<Duration>(left_ - passed, Duration{0});
    return is_waiting_ ? std::min<Duration>(left_ + passed * weight, left_max) : left_;
}

}  // namespace cairn::net
