#include "cairn/consensus/proof_of_work.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace cairn::consensus {

namespace {

/// `time` - `parent` in milliseconds, cut to what the capped clock can show.
std::int64_t elapsed_ms(UnixMillis parent, UnixMillis time) {
    constexpr auto longest = static_cast<std::uint64_t>(clock_max);
    if (time >= parent)
        return static_cast<std::int64_t>(std::min(time.value - parent.value, longest));
    return -static_cast<std::int64_t>(std::min(parent.value - time.value, longest));
}

AsertParameters asert_parameters(const ledger::EngineSpec& spec) {
    const auto limit = target_from_compact(spec.target_limit);
    CAIRN_ASSERT(limit.has_value());
    CAIRN_ASSERT(spec.block_interval_ms >= ledger::block_interval_ms_min);
    CAIRN_ASSERT(spec.block_interval_ms <= ledger::block_interval_ms_max);
    const auto interval_ms = static_cast<std::int64_t>(spec.block_interval_ms);
    return {
        .block_interval_ms = interval_ms,
        .half_life_ms = half_life_intervals * interval_ms,
        .target_limit = *limit,
    };
}

}  // namespace

ProofOfWork::ProofOfWork(const ledger::EngineSpec& spec)
    : spec_{spec}, asert_{asert_parameters(spec)} {}

std::uint32_t ProofOfWork::next_target(const ChainPoint& parent) const {
    if (!spec_.retarget)
        return spec_.target_limit;
    return compact_from_target(asert_target(asert_, parent.height, parent.clock));
}

ChainPoint ProofOfWork::advance(const ChainPoint& parent, UnixMillis time) const {
    return {
        .height = parent.height.next(),
        .time = time,
        .clock = advance_clock(asert_, parent.clock, elapsed_ms(parent.time, time)),
    };
}

Result<void, HeaderError> ProofOfWork::check_seal(
    const ledger::SealedHeader& head, const BlockHash& hash
) const {
    const auto nonce = ledger::nonce_of(head.seal);
    if (!nonce || *nonce > quantity_max)
        return tl::unexpected{HeaderError::malformed_seal};
    const auto target = target_from_compact(head.header.target);
    if (!target || *target > asert_.target_limit)
        return tl::unexpected{HeaderError::wrong_target};
    if (Uint256::from_big_endian(hash.bytes) > *target)
        return tl::unexpected{HeaderError::not_enough_work};
    return {};
}

Work ProofOfWork::work_of(const ledger::Header& header) const {
    const auto target = target_from_compact(header.target);
    return target ? work_of_target(*target) : Work{};
}

bool ProofOfWork::is_searched() const {
    return true;
}

Duration ProofOfWork::block_interval() const {
    return std::chrono::milliseconds{asert_.block_interval_ms};
}

}  // namespace cairn::consensus
