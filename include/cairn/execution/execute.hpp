/// What a block does to the state: a pure function from a view to a diff.
#pragma once

#include "cairn/execution/checked_transaction.hpp"
#include "cairn/ledger/block.hpp"
#include "cairn/ledger/chain_spec.hpp"
#include "cairn/state/overlay.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::execution {

/// Why a block's transactions cannot be executed on their parent's state.
enum class ExecutionRule : std::uint8_t {
    transaction,         ///< a transaction's own contextual rule, named in `transaction`
    coinbase_missing,    ///< the first transaction is not a coinbase
    coinbase_misplaced,  ///< a later transaction is one
    coinbase_height,     ///< the coinbase names another height
    coinbase_amount,     ///< not exactly subsidy plus fees
    fee_overflow,        ///< the fees' sum exceeds 2^53-1
};
[[nodiscard]] std::string_view to_string(ExecutionRule rule);

struct ExecutionError {
    ExecutionRule rule = ExecutionRule::transaction;
    /// Set when `rule` is `transaction`.
    std::optional<TransactionError> transaction;
    /// The place of the offending transaction in the block.
    std::size_t index = 0;
    /// The two values that decided, for people: quantities with their unit.
    std::string expected;
    std::string actual;

    friend bool operator==(const ExecutionError&, const ExecutionError&) = default;
};

/// Applies one transaction that is not a coinbase: nonce, fee and amount. The fee is not credited
/// here. On error the overlay is as before. Signatures are the caller's proof.
/// Errors: the contextual `TransactionError`s, `amount_overflow` and `misplaced_coinbase`.
[[nodiscard]] Result<void, TransactionRefusal> execute_transaction(
    state::Overlay& overlay, const ledger::Transaction& transaction
);

/// Executes the transactions of a block at `height` on `overlay`, in order; the coinbase, which
/// stands first, is paid last, so nobody spends it in the same block. What is executed is
/// committed: marks are void, and on error the overlay is to be thrown away.
[[nodiscard]] Result<void, ExecutionError> apply_block(
    state::Overlay& overlay,
    const ledger::ChainSpec& spec,
    Height height,
    const std::vector<ledger::Transaction>& transactions
);

/// The changes that the transactions of a block at `height` make to `parent`, by `apply_block`.
[[nodiscard]] Result<state::StateDiff, ExecutionError> execute_block(
    const state::StateView& parent,
    const ledger::ChainSpec& spec,
    Height height,
    const std::vector<ledger::Transaction>& transactions
);

/// The changes that the genesis block makes to an empty state: the initial balances.
[[nodiscard]] state::StateDiff genesis_diff(const ledger::ChainSpec& spec);

/// The genesis block of `spec` (spec 05 §6): one coinbase of amount 0 whose body is the spec.
[[nodiscard]] ledger::Block make_genesis(const ledger::ChainSpec& spec);
/// The id of the chain that `genesis` starts: its hash.
[[nodiscard]] ChainId chain_id_of(const ledger::Block& genesis);
/// The id of the chain that `spec` describes.
[[nodiscard]] ChainId chain_id_of(const ledger::ChainSpec& spec);

}  // namespace cairn::execution
