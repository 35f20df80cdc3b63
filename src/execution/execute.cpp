#include "cairn/execution/execute.hpp"

#include "cairn/ledger/amount_text.hpp"

#include <algorithm>
#include <utility>

namespace cairn::execution {

namespace {

using ledger::pebbles_text;
using Executed = Result<void, TransactionRefusal>;

tl::unexpected<TransactionRefusal> refuse(
    TransactionError rule, std::string expected, std::string actual
) {
    return tl::unexpected{TransactionRefusal{rule, std::move(expected), std::move(actual)}};
}

tl::unexpected<TransactionRefusal> refuse_nonce(
    TransactionError rule, std::uint64_t expected, Nonce actual
) {
    return refuse(
        rule, "nonce " + std::to_string(expected), "nonce " + std::to_string(actual.value)
    );
}

/// The state of the sender after it paid `cost`: the nonce used, the balance lowered.
Result<state::AccountState, TransactionRefusal> charge(
    const state::AccountState& sender, Nonce nonce, Amount cost
) {
    if (nonce < sender.nonce)
        return refuse_nonce(TransactionError::nonce_too_low, sender.nonce.value, nonce);
    // The last nonce has no successor that the state could hold.
    if (nonce > sender.nonce || nonce.value >= quantity_max)
        return refuse_nonce(
            TransactionError::nonce_too_high, std::min(sender.nonce.value, quantity_max - 1), nonce
        );
    const auto balance = checked_sub(sender.balance, cost);
    if (!balance)
        return refuse(
            TransactionError::insufficient_balance,
            "a cost of at most " + pebbles_text(sender.balance.value),
            "a cost of " + pebbles_text(cost.value)
        );
    return state::AccountState{.balance = *balance, .nonce = nonce.next()};
}

/// Adds `amount` to the balance of `account`. On error the overlay is as before.
Executed credit(state::Overlay& overlay, const ledger::AccountId& account, Amount amount) {
    const auto recipient = overlay.find_account(account);
    const auto balance = checked_add(recipient.state.balance, amount);
    if (!balance)
        return refuse(
            TransactionError::balance_overflow,
            "a balance of at most " + pebbles_text(quantity_max),
            pebbles_text(amount.value) + " more than " + pebbles_text(recipient.state.balance.value)
        );
    overlay.write_account(recipient, {.balance = *balance, .nonce = recipient.state.nonce});
    return {};
}

tl::unexpected<ExecutionError> refuse_block(
    ExecutionRule rule, std::size_t index, std::string expected, std::string actual
) {
    return tl::unexpected{ExecutionError{
        .rule = rule,
        .transaction = std::nullopt,
        .index = index,
        .expected = std::move(expected),
        .actual = std::move(actual)}};
}

tl::unexpected<ExecutionError> refuse_block(TransactionRefusal refusal, std::size_t index) {
    return tl::unexpected{ExecutionError{
        .rule = ExecutionRule::transaction,
        .transaction = refusal.rule,
        .index = index,
        .expected = std::move(refusal.expected),
        .actual = std::move(refusal.actual)}};
}

/// Executes all but the coinbase; the sum of their fees.
Result<Amount, ExecutionError> execute_all(
    state::Overlay& overlay, const std::vector<ledger::Transaction>& transactions
) {
    Amount fees;
    for (std::size_t i = 1; i < transactions.size(); ++i) {
        if (transactions[i].is_coinbase())
            return refuse_block(
                ExecutionRule::coinbase_misplaced,
                i,
                "a coinbase in the first place alone",
                "a further coinbase"
            );
        if (const auto executed = execute_transaction(overlay, transactions[i]); !executed)
            return refuse_block(executed.error(), i);
        overlay.commit();
        const auto sum = checked_add(fees, transactions[i].fee);
        if (!sum)
            return refuse_block(
                ExecutionRule::fee_overflow,
                i,
                "fees of at most " + pebbles_text(quantity_max) + " together",
                pebbles_text(transactions[i].fee.value) + " more than " + pebbles_text(fees.value)
            );
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

Result<void, TransactionRefusal> execute_transaction(
    state::Overlay& overlay, const ledger::Transaction& transaction
) {
    if (transaction.is_coinbase())
        return refuse(
            TransactionError::misplaced_coinbase, "a transaction with a sender", "a coinbase"
        );
    const auto cost = cost_of(transaction);
    if (!cost)
        return tl::unexpected{refuse_amounts(transaction)};
    const auto sender = overlay.find_account(transaction.from);
    const auto charged = charge(sender.state, transaction.nonce, *cost);
    if (!charged)
        return tl::unexpected{charged.error()};
    const auto mark = overlay.checkpoint();
    // The sender is written before the recipient is read: they may be one account.
    overlay.write_account(sender, *charged);
    const auto* const transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    if (transfer == nullptr)
        return {};
    auto credited = credit(overlay, transfer->to, transfer->amount);
    if (!credited)
        overlay.rollback(mark);
    return credited;
}

Result<void, ExecutionError> apply_block(
    state::Overlay& overlay,
    const ledger::ChainSpec& spec,
    Height height,
    const std::vector<ledger::Transaction>& transactions
) {
    if (transactions.empty() || !transactions.front().is_coinbase())
        return refuse_block(
            ExecutionRule::coinbase_missing,
            0,
            "a coinbase in the first place",
            transactions.empty() ? "no transaction" : "another transaction"
        );
    const auto& coinbase = std::get<ledger::Coinbase>(transactions.front().payload);
    if (coinbase.height != height)
        return refuse_block(
            ExecutionRule::coinbase_height,
            0,
            "height " + std::to_string(height.value),
            "height " + std::to_string(coinbase.height.value)
        );
    // A transfer touches two accounts.
    overlay.reserve(2 * transactions.size());
    const auto fees = execute_all(overlay, transactions);
    if (!fees)
        return tl::unexpected{fees.error()};
    // Where subsidy and fees together exceed 2^53-1, no amount is right.
    const auto earned = checked_add(ledger::subsidy_at(spec.rewards, height), *fees);
    if (earned != coinbase.amount)
        return refuse_block(
            ExecutionRule::coinbase_amount,
            0,
            earned ? pebbles_text(earned->value)
                   : "subsidy and fees of at most " + pebbles_text(quantity_max),
            pebbles_text(coinbase.amount.value)
        );
    if (const auto paid = credit(overlay, coinbase.to, coinbase.amount); !paid)
        return refuse_block(paid.error(), 0);
    overlay.commit();
    return {};
}

Result<state::StateDiff, ExecutionError> execute_block(
    const state::StateView& parent,
    const ledger::ChainSpec& spec,
    Height height,
    const std::vector<ledger::Transaction>& transactions
) {
    state::Overlay overlay{parent};
    if (const auto applied = apply_block(overlay, spec, height, transactions); !applied)
        return tl::unexpected{applied.error()};
    return overlay.diff();
}

}  // namespace cairn::execution
