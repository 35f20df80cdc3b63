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

/// The refusals of blocks of late, for `explain`: the last `refusals_remembered_max`.
class BlockRefusals {
  public:
    /// Remembers why `block` was refused, when its hash commits to the fault. Other refusals say
    /// nothing of the block: a body that does not fit, a time that is still to come, a block that
    /// was refused before. When `chain` has found out that a block below is to blame, that one gets
    /// the error, and `block` is told to stand on it.
    void remember(
        const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
    );

    [[nodiscard]] std::optional<CommandError> find(const BlockHash& hash) const {
        return memory_.find(hash);
    }

  private:
    void keep(
        const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
    );

    RefusalMemory<BlockHash> memory_;
};

}  // namespace cairn::node
