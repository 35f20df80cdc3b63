/// What the active chain has been through since the node was started: blocks, the time between
/// them, reorganisations and their depth.
#pragma once

#include "cairn/base/histogram.hpp"
#include "cairn/chain/blockchain.hpp"

#include <array>
#include <cstdint>

namespace cairn::node {

/// Blocks that a reorganisation may leave: fine where it happens, coarse where it should not.
inline constexpr std::array<std::uint64_t, 8> reorganisation_depth_bounds{
    1, 2, 3, 5, 10, 20, 50, 100};
/// Milliseconds between a block's time and its parent's, for chains from a block a second to one in
/// ten minutes.
inline constexpr std::array<std::uint64_t, 11> block_interval_bounds_ms{
    100, 1'000, 2'000, 5'000, 10'000, 20'000, 30'000, 60'000, 120'000, 300'000, 600'000};

class ChainCounts {
  public:
    /// Counts a move of `chain` that has just happened.
    void on_chain_change(const chain::Blockchain& chain, const chain::ChainChange& change);

    /// How many blocks each reorganisation has left; one element a reorganisation.
    [[nodiscard]] const Histogram<reorganisation_depth_bounds.size()>& depths() const {
        return depths_;
    }

    /// Milliseconds from block to block, as the headers tell them; one element for each block that
    /// joined the active chain, but for the first after genesis, whose distance says nothing. A
    /// time that does not rise counts as 0.
    [[nodiscard]] const Histogram<block_interval_bounds_ms.size()>& intervals_ms() const {
        return intervals_ms_;
    }

    /// How many blocks have joined the active chain.
    [[nodiscard]] std::uint64_t connected() const { return connected_; }

  private:
    Histogram<reorganisation_depth_bounds.size()> depths_{reorganisation_depth_bounds};
    Histogram<block_interval_bounds_ms.size()> intervals_ms_{block_interval_bounds_ms};
    std::uint64_t connected_ = 0;
};

}  // namespace cairn::node
