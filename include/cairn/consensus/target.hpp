/// Compact targets, work and the difficulty rule: ASERT on a capped clock (spec 06 §2, §3).
#pragma once

#include "cairn/base/quantity.hpp"
#include "cairn/base/uint256.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::consensus {

/// Expected number of hashes behind a block or, summed up, behind a chain. Sums saturate.
using Work = Uint256;

/// The number that `compact` writes (Bitcoin's nBits form: one byte of length, three of mantissa),
/// or nothing for a negative, overflowing, zero or not minimal encoding.
[[nodiscard]] std::optional<Uint256> target_from_compact(std::uint32_t compact);
/// The compact form of `target`, rounded down to what three bytes of mantissa hold (at least 15
/// significant bits). `target` must not be zero.
[[nodiscard]] std::uint32_t compact_from_target(const Uint256& target);

/// 2^256 / (target + 1), rounded down: the expected number of hashes. 2^256 - 1 for target 0.
[[nodiscard]] Work work_of_target(const Uint256& target);
/// `work` in decimal.
[[nodiscard]] std::string to_decimal(const Work& work);

/// Half-lives are this many block intervals (H = 60 T): far above the ten intervals by which a
/// block's time may lie, so that lying about it gains next to nothing.
inline constexpr std::int64_t half_life_intervals = 60;
/// The capped clock saturates here, at 2^62 ms on either side (146 million years), so that no
/// sequence of header times overflows it.
inline constexpr std::int64_t clock_max = std::int64_t{1} << 62U;

/// What the difficulty rule works with. All times in milliseconds.
struct AsertParameters {
    /// T, at least 1.
    std::int64_t block_interval_ms = 0;
    /// H: the time by which the schedule must be off to double or halve the target, at least 1;
    /// `half_life_intervals` T on every chain.
    std::int64_t half_life_ms = 0;
    /// target(0), and the easiest one allowed; not zero.
    Uint256 target_limit;
};

/// C(h) of a block that comes `elapsed_ms` after its parent, whose clock is `parent_clock`: only
/// the positive side is capped, at one half-life. The result lies in [-clock_max, clock_max].
[[nodiscard]] std::int64_t advance_clock(
    const AsertParameters& parameters, std::int64_t parent_clock, std::int64_t elapsed_ms
);

/// The target of the child of a block at `height` whose capped clock is `clock`, in
/// [1, target_limit]. Exact integers: aserti3-2d (Lundeberg, Toomim; Bitcoin Cash, 2020) anchored
/// at genesis. Its exponent's division rounds towards zero, as there; splitting the exponent into
/// a power of two and a fraction rounds down.
[[nodiscard]] Uint256 asert_target(
    const AsertParameters& parameters, Height height, std::int64_t clock
);

}  // namespace cairn::consensus
