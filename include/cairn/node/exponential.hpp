/// Exponentially distributed gaps in integer arithmetic: when the next block of a paced miner comes
///. Equal seeds give equal gaps on every compiler, which floating-point logarithms do
/// not promise.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/base/time.hpp"

#include <cstdint>

namespace cairn::node {

/// log2 of `value` in units of 2^-16, rounded down. `value` must be in [1, 2^32).
[[nodiscard]] std::uint32_t log2_fixed(std::uint32_t value);

/// A gap whose distribution is exponential with mean `mean`, which must be positive and at most an
/// hour. At most 22.2 times the mean, because 32 random bits are drawn.
[[nodiscard]] Duration exponential_gap(Random& random, Duration mean);

}  // namespace cairn::node
