/// The contextual rules of a header: what it must be to follow a given parent (spec 06 §1).
#pragma once

#include "cairn/consensus/engine.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace cairn::consensus {

/// Blocks whose median time a new block must exceed.
inline constexpr std::size_t median_time_span = 11;
/// How many block intervals a block's time may be ahead of our clock.
inline constexpr std::uint64_t future_intervals_max = 10;

/// The median of `times`: those of the last blocks of a branch, in any order, at least one and at
/// most `median_time_span`. Of an even number the later of the two in the middle.
[[nodiscard]] UnixMillis median_time(std::span<const UnixMillis> times);

/// What a header is held against.
struct HeaderContext {
    ledger::ChainTag chain;
    ChainPoint parent;
    /// The median time of the parent and the blocks before it, up to `median_time_span` together.
    UnixMillis parent_median_time;
    /// Our own clock.
    UnixMillis now;
};

/// Checks chain, height, time, target, and the seal: cheapest first, `too_early` last, so that a
/// header which must wait is known to be good in every other respect. The caller has found the
/// parent by the header's `previous`, and `hash` is the block's.
/// Errors: each `HeaderError`.
[[nodiscard]] Result<void, HeaderError> check_header(
    const Engine& engine,
    const HeaderContext& context,
    const ledger::SealedHeader& head,
    const BlockHash& hash
);

/// The latest time that a block may carry when our clock shows `now`; at most `quantity_max`.
[[nodiscard]] UnixMillis latest_time(const Engine& engine, UnixMillis now);

}  // namespace cairn::consensus
