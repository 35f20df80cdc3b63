/// Compact targets, work and the difficulty rule: ASERT on a capped clock (spec 06 §2, §3).
#pragma once

#include "cairn/base/uint256.hpp"
#include "cairn/consensus/engine.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::consensus {

/// The number that `compact` writes (Bitcoin's nBits form: one byte of length, three of mantissa),
/// or nothing for a negative, overflowing, zero or not minimal encoding.
[[nodiscard]] std::optional<Uint256> target_from_compact(std::uint32_t compact);
/// The compact form of `target`, rounded down to 23 bits of precision. `target` must not be zero.
[[nodiscard]] std::uint32_t compact_from_target(const Uint256& target);

/// 2^256 / (target + 1): the expected number of hashes.
[[nodiscard]] Work work_of_target(const Uint256& target);
/// `work` in decimal.
[[nodiscard]] std::string to_decimal(const Work& work);

/// What the difficulty rule works with. All times in milliseconds.
struct AsertParameters {
    /// T.
    std::int64_t block_interval_ms = 0;
    /// H: the time by which the schedule must be off to double or halve the target; 60 T.
    std::int64_t half_life_ms = 0;
    /// target(0), and the easiest one allowed.
    Uint256 target_limit;
};

/// C(h) of a block that comes `elapsed_ms` after its parent, whose clock is `parent_clock`: only
/// the positive side is capped, at one half-life.
[[nodiscard]] std::int64_t advance_clock(
    const AsertParameters& parameters, std::int64_t parent_clock, std::int64_t elapsed_ms
);

/// The target of the child of a block at `height` whose capped clock is `clock`.
[[nodiscard]] Uint256 asert_target(
    const AsertParameters& parameters, Height height, std::int64_t clock
);

}  // namespace cairn::consensus
