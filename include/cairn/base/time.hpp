/// Time as the core sees it: a parameter, never something to ask for.
#pragma once

#include "cairn/base/quantity.hpp"

#include <chrono>
#include <compare>
#include <cstdint>

namespace cairn {

/// A span of time, in microseconds.
using Duration = std::chrono::microseconds;

/// A point on a clock that never goes back and has no relation to the calendar. Timeouts use it.
struct Instant {
    Duration since_start{};

    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;

    friend constexpr Instant operator+(Instant left, Duration right) {
        return {left.since_start + right};
    }

    friend constexpr Duration operator-(Instant left, Instant right) {
        return left.since_start - right.since_start;
    }
};

/// Milliseconds since 1970-01-01 00:00 UTC, without leap seconds: the time that stands in headers.
using UnixMillis = Quantity<struct UnixMillisTag>;

/// What the driver tells the core with every input: where both clocks stand.
struct Time {
    Instant steady;
    UnixMillis wall;
};

}  // namespace cairn
