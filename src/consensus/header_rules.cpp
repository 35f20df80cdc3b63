#include "cairn/consensus/header_rules.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace cairn::consensus {

UnixMillis median_time(std::span<const UnixMillis> times) {
    CAIRN_ASSERT(!times.empty() && times.size() <= median_time_span);
    std::array<UnixMillis, median_time_span> sorted;
    const auto end = std::copy(times.begin(), times.end(), sorted.begin());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(sorted.begin(), middle, end);
    return *middle;
}

UnixMillis latest_time(const Engine& engine, UnixMillis now) {
    const auto interval =
        std::chrono::duration_cast<std::chrono::milliseconds>(engine.block_interval());
    const auto ahead = future_intervals_max * static_cast<std::uint64_t>(interval.count());
    return checked_add(now, UnixMillis{ahead}).value_or(UnixMillis{quantity_max});
}

Result<void, HeaderError> check_header(
    const Engine& engine,
    const HeaderContext& context,
    const ledger::SealedHeader& head,
    const BlockHash& hash
) {
    const auto& header = head.header;
    if (header.chain != context.chain)
        return tl::unexpected{HeaderError::wrong_chain};
    if (header.height != context.parent.height.next())
        return tl::unexpected{HeaderError::wrong_height};
    if (header.time <= context.parent_median_time)
        return tl::unexpected{HeaderError::time_not_later};
    if (header.target != engine.next_target(context.parent))
        return tl::unexpected{HeaderError::wrong_target};
    if (const auto seal = engine.check_seal(head, hash); !seal)
        return seal;
    if (header.time > latest_time(engine, context.now))
        return tl::unexpected{HeaderError::too_early};
    return {};
}

}  // namespace cairn::consensus
