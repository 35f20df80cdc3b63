/// Refused blocks as answers to people: which rule, what was expected, what came, and what to do.
#pragma once

#include "cairn/chain/blockchain.hpp"
#include "cairn/chain/checked_block.hpp"
#include "cairn/node/events.hpp"
#include "cairn/node/refusal.hpp"

#include <optional>

namespace cairn::node {

/// A block that a rule refuses.
struct RefusedBlock {
    const ledger::SealedHeader& head;
    BlockHash hash;
};

/// Why `block` is refused, with the numbers of its parent and of its body where `chain` has them.
/// `rule` is `<module>.<name>`.
[[nodiscard]] CommandError make_refusal(
    const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
);

/// The refusals of blocks of late, for `explain`: the last `refusals_remembered_max` of either
/// kind. Final are those that a block's hash commits to; the others pass: a body that was not the
/// block's own, a time that is still to come.
class BlockRefusals {
  public:
    /// Counts the refusal, and remembers why `block` was refused. When `chain` has found out that a
    /// block below is to blame, that one gets the error, and `block` is told to stand on it.
    /// Nothing is remembered where it says nothing of the block: an unknown parent, a block that
    /// was refused before.
    void remember(
        const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
    );

    /// Remembers that the operator has set `block` aside, unless a rule had refused it before.
    void remember_set_aside(const RefusedBlock& block);

    /// Why `chain` does not follow the block: a final refusal; for one that is invalid since an
    /// earlier run of the node, that; for one on an invalid parent, that; for one whose body has
    /// not come, the refusal that passes. Nothing where there is none.
    [[nodiscard]] std::optional<CommandError> find(
        const chain::Blockchain& chain, const BlockHash& hash
    ) const;

    /// How often each rule has refused a block or header, remembered or not.
    [[nodiscard]] const RuleCounts& counts() const { return counts_; }

  private:
    void keep(
        const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
    );

    RefusalMemory<BlockHash> final_;
    RefusalMemory<BlockHash> passing_;
    RuleCounts counts_;
};

}  // namespace cairn::node
