#include "cairn/execution/execute.hpp"

namespace cairn::execution {

namespace {

using Executed = Result<void, TransactionError>;

/// The state of the sender after it paid `cost`: the nonce used, the balance lowered.
Result<state::AccountState, TransactionError> charge(
    const state::AccountState& sender, Nonce nonce, Amount cost
) {
    if (nonce < sender.nonce)
        return tl::unexpected{TransactionError::nonce_too_low};
    // The last nonce has no successor that the state could hold.
    if (nonce > sender.nonce || nonce.value >= quantity_max)
        return tl::unexpected{TransactionError::nonce_too_high};
    const auto balance = checked_sub(sender.balance, cost);
    if (!balance)
        return tl::unexpected{TransactionError::insufficient_balance};
    return state::AccountState{.balance = *balance, .nonce = nonce.next()};
}

/// Adds `amount` to the balance of `account`. On error the overlay is as before.
Executed credit(state::Overlay& overlay, const ledger::AccountId& account, Amount amount) {
    auto recipient = state::read_account(overlay, account);
    const auto balance = checked_add(recipient.balance, amount);
    if (!balance)
        return tl::unexpected{TransactionError::balance_overflow};
    recipient.balance = *balance;
    overlay.write_account(account, recipient);
    return {};
}

tl::unexpected<ExecutionError> refuse(ExecutionRule rule, std::size_t index) {
    return tl::unexpected{
        ExecutionError{.rule = rule, .transaction = std::nullopt, .index = index}};
}

tl::unexpected<ExecutionError> refuse(TransactionError error, std::size_t index) {
    return tl::unexpected{
        ExecutionError{.rule = ExecutionRule::transaction, .transaction = error, .index = index}};
}

/// Executes all but the coinbase; the sum of their fees.
Result<Amount, ExecutionError> execute_all(
    state::Overlay& overlay, const std::vector<ledger::Transaction>& transactions
) {
    Amount fees;
    for (std::size_t i = 1; i < transactions.size(); ++i) {
        if (transactions[i].is_coinbase())
            return refuse(ExecutionRule::coinbase_misplaced, i);
        if (const auto executed = execute_transaction(overlay, transactions[i]); !executed)
            return refuse(executed.error(), i);
        const auto sum = checked_add(fees, transactions[i].fee);
        if (!sum)
            return refuse(ExecutionRule::fee_overflow, i);
        fees = *sum;
    }
    return fees;
}

}  // namespace

std::string_view to_string(ExecutionRule rule) {
    switch (rule) {
        case ExecutionRule::transaction:
            return "transaction";
        case ExecutionRule::coinbase_missing:
            return "coinbase_missing";
        case ExecutionRule::coinbase_misplaced:
            return "coinbase_misplaced";
        case ExecutionRule::coinbase_height:
            return "coinbase_height";
        case ExecutionRule::coinbase_amount:
            return "coinbase_amount";
        case ExecutionRule::fee_overflow:
            return "fee_overflow";
    }
    return "unknown";
}

Result<void, TransactionError> execute_transaction(
    state::Overlay& overlay, const ledger::Transaction& transaction
) {
    if (transaction.is_coinbase())
        return tl::unexpected{TransactionError::misplaced_coinbase};
    const auto cost = cost_of(transaction);
    if (!cost)
        return tl::unexpected{TransactionError::amount_overflow};
    const auto charged =
        charge(state::read_account(overlay, transaction.from), transaction.nonce, *cost);
    if (!charged)
        return tl::unexpected{charged.error()};
    const auto mark = overlay.checkpoint();
    // The sender is written before the recipient is read: they may be one account.
    overlay.write_account(transaction.from, *charged);
    const auto* const transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    if (transfer == nullptr)
        return {};
    const auto credited = credit(overlay, transfer->to, transfer->amount);
    if (!credited)
        overlay.rollback(mark);
    return credited;
}

Result<state::StateDiff, ExecutionError> execute_block(
    const state::StateView& parent,
    const ledger::ChainSpec& spec,
    Height height,
    const std::vector<ledger::Transaction>& transactions
) {
    if (transactions.empty() || !transactions.front().is_coinbase())
        return refuse(ExecutionRule::coinbase_missing, 0);
    const auto& coinbase = std::get<ledger::Coinbase>(transactions.front().payload);
    if (coinbase.height != height)
        return refuse(ExecutionRule::coinbase_height, 0);
    state::Overlay overlay{parent};
    // A transfer touches two accounts.
    overlay.reserve(2 * transactions.size());
    const auto fees = execute_all(overlay, transactions);
    if (!fees)
        return tl::unexpected{fees.error()};
    // Where subsidy and fees together exceed 2^53-1, no amount is right.
    if (checked_add(ledger::subsidy_at(spec.rewards, height), *fees) != coinbase.amount)
        return refuse(ExecutionRule::coinbase_amount, 0);
    if (const auto paid = credit(overlay, coinbase.to, coinbase.amount); !paid)
        return refuse(paid.error(), 0);
    return overlay.diff();
}

}  // namespace cairn::execution
