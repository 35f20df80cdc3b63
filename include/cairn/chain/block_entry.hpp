/// What the index knows of a block, whether or not its body is at hand.
#pragma once

#include "cairn/consensus/engine.hpp"
#include "cairn/ledger/header.hpp"

#include <cstdint>

namespace cairn::chain {

/// How far a block has come.
enum class BlockStatus : std::uint8_t {
    header_only,  ///< header checked, body not seen
    stored,       ///< body checked and stored, not executed or not on the active chain
    active,       ///< on the active chain
    invalid,      ///< the block, or an ancestor, broke a rule that its hash commits to
};

struct BlockEntry {
    ledger::SealedHeader head;
    BlockHash hash;
    /// Of the whole branch up to this block.
    consensus::Work work;
    consensus::ChainPoint point;
    BlockStatus status = BlockStatus::header_only;
    /// The order in which bodies came; the first seen wins among equals.
    std::uint64_t arrival = 0;

    [[nodiscard]] Height height() const { return point.height; }

    /// Whether the block is on the active chain.
    [[nodiscard]] bool is_active() const { return status == BlockStatus::active; }
};

}  // namespace cairn::chain
