#include "cairn/consensus/instant_seal.hpp"

#include "cairn/base/assert.hpp"

#include <chrono>

namespace cairn::consensus {

InstantSeal::InstantSeal(const ledger::EngineSpec& spec)
    : block_interval_{
          std::chrono::milliseconds{static_cast<std::int64_t>(spec.block_interval_ms)}} {
    CAIRN_ASSERT(spec.block_interval_ms <= ledger::block_interval_ms_max);
}

std::uint32_t InstantSeal::next_target(const ChainPoint& /*parent*/) const {
    return 0;
}

ChainPoint InstantSeal::advance(const ChainPoint& parent, UnixMillis time) const {
    return {.height = parent.height.next(), .time = time, .clock = 0};
}

Result<void, HeaderError> InstantSeal::check_seal(
    const ledger::SealedHeader& head, const BlockHash& /*hash*/
) const {
    if (!head.seal.empty())
        return tl::unexpected{HeaderError::malformed_seal};
    if (head.header.target != 0)
        return tl::unexpected{HeaderError::wrong_target};
    return {};
}

Work InstantSeal::work_of(const ledger::Header& /*header*/) const {
    return Work::from_u64(1);
}

bool InstantSeal::is_searched() const {
    return false;
}

Duration InstantSeal::block_interval() const {
    return block_interval_;
}

}  // namespace cairn::consensus
