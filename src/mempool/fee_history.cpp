#include "src/mempool/fee_history.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/codec/binary.hpp"

#include <algorithm>
#include <limits>

namespace cairn::mempool {

namespace {

/// A block that leaves less than a tenth of its bytes had to choose.
bool is_full(const chain::CheckedBlock& block, std::uint64_t block_bytes) {
    return block.bytes().size() * 10 >= block_bytes * 9;
}

/// More than the lowest rate in a full block was needed to displace it.
std::uint64_t needed_rate(const chain::CheckedBlock& block) {
    auto lowest = std::numeric_limits<std::uint64_t>::max();
    for (const auto& transaction : block.block().transactions)
        if (!transaction.is_coinbase())
            lowest =
                std::min(lowest, transaction.fee.value * 1'000 / codec::encode(transaction).size());
    return lowest == std::numeric_limits<std::uint64_t>::max() ? 0 : lowest + 1;
}

}  // namespace

void FeeHistory::on_chain_change(const chain::ChainChange& change, std::uint64_t block_bytes) {
    for (std::size_t i = 0; i < change.disconnected.size() && !rates_.empty(); ++i)
        rates_.pop_back();
    // Of many blocks at once only the last are looked at: the others would leave again.
    const auto skipped =
        change.connected.size() - std::min(change.connected.size(), fee_history_blocks_max);
    for (std::size_t i = skipped; i < change.connected.size(); ++i) {
        const auto& block = *change.connected[i];
        rates_.push_back(is_full(block, block_bytes) ? needed_rate(block) : 0);
    }
    while (rates_.size() > fee_history_blocks_max)
        rates_.pop_front();
}

std::vector<std::uint64_t> FeeHistory::stretches(std::uint64_t blocks) const {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(blocks, rates_.size()));
    std::vector<std::uint64_t> least;
    for (std::size_t first = 0; first + length <= rates_.size(); ++first) {
        const auto begin = rates_.begin() + static_cast<std::ptrdiff_t>(first);
        least.push_back(*std::min_element(begin, begin + static_cast<std::ptrdiff_t>(length)));
    }
    return least;
}

std::uint64_t FeeHistory::rate(std::uint64_t blocks) const {
    CAIRN_ASSERT(!rates_.empty() && blocks > 0);
    auto least = stretches(blocks);
    std::sort(least.begin(), least.end());
    return least[(least.size() * fee_chance_percent + 99) / 100 - 1];
}

std::uint64_t FeeHistory::chance_percent(std::uint64_t blocks, std::uint64_t rate) const {
    const auto least = stretches(blocks);
    const auto count = std::count_if(least.begin(), least.end(), [rate](std::uint64_t needed) {
        return needed <= rate;
    });
    return static_cast<std::uint64_t>(count) * 100 / least.size();
}

}  // namespace cairn::mempool
