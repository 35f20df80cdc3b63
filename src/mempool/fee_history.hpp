/// What recent blocks asked for, to tell what the next ones will.
#pragma once

#include "cairn/chain/blockchain.hpp"

#include <cstdint>
#include <deque>

namespace cairn::mempool {

/// Blocks that an estimate looks back on.
inline constexpr std::size_t fee_history_blocks_max = 100;
/// With fewer there is nothing to learn from.
inline constexpr std::size_t fee_history_blocks_min = 10;
/// Stretches of blocks, in percent, that must have taken a fee for it to be recommended.
inline constexpr std::uint64_t fee_chance_percent = 90;

class FeeHistory {
  public:
    /// Follows the chain, whose blocks have at most `block_bytes`.
    void on_chain_change(const chain::ChainChange& change, std::uint64_t block_bytes);

    [[nodiscard]] bool is_long_enough() const { return rates_.size() >= fee_history_blocks_min; }

    /// The least rate with which `fee_chance_percent` of the stretches of `blocks` blocks would
    /// have taken a transaction at once. At least one block has been seen.
    [[nodiscard]] std::uint64_t rate(std::uint64_t blocks) const;
    /// The share of such stretches, in percent, that would have taken `rate`.
    [[nodiscard]] std::uint64_t chance_percent(std::uint64_t blocks, std::uint64_t rate) const;

  private:
    /// The least rate that was enough in each stretch.
    [[nodiscard]] std::vector<std::uint64_t> stretches(std::uint64_t blocks) const;

    /// By height: the least rate that was enough for the block, 0 when it had room left.
    std::deque<std::uint64_t> rates_;
};

}  // namespace cairn::mempool
