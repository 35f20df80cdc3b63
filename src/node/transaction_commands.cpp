// The part of TransactionRelay that commands call: pushes, and what the pool held before a restart.
#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/node/trace.hpp"
#include "cairn/node/transaction_relay.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cairn::node {

namespace {

/// What has passed since `since`. A clock that was set back makes it nothing, no less.
Duration waited_since(UnixMillis since, Time now) {
    const auto passed = now.wall.value - std::min(since.value, now.wall.value);
    const auto most = std::chrono::duration_cast<milliseconds>(pool_waited_max);
    return std::min(milliseconds{static_cast<std::int64_t>(passed)}, most);
}

CommandError busy() {
    CommandError error;
    error.code = "busy";
    error.message = "Too many transactions are being checked.";
    error.rule = "rpc.busy";
    error.expected = "at most " + std::to_string(transactions_checking_max) + " at once";
    error.actual = "one more";
    error.hint = "Try again in a moment.";
    return error;
}

}  // namespace

std::span<const ledger::NamedChain> tried_chains(const NodeConfig& config) {
    const std::span<const ledger::NamedChain> chains{config.other_chains};
    return chains.first(std::min(chains.size(), other_chains_max));
}

void TransactionRelay::on_command(Context& context, CommandId command, PushTransaction push) {
    const auto relay_id = wire::relay_id(codec::encode(push.transaction));
    const auto id = ledger::transaction_id(context.chain.id(), push.transaction);
    if (context.pool.contains(id)) {
        context.outbox.push(Reply{command, PushedTransaction{.id = id, .was_known = true}});
        return;
    }
    // Both, because one transaction may be pushed any number of times.
    if (std::max(checking_.size(), pushed_.size()) >= transactions_checking_max) {
        context.outbox.push(Reply{command, tl::unexpected{busy()}});
        return;
    }
    trace_received(context, id, relay_id, std::nullopt);
    tracker_.forget(relay_id);
    checking_.insert(relay_id);
    pushed_.push_back(
        {.checking =
             {.relay_id = relay_id, .id = id, .may_replace = push.may_replace, .command = command},
         .transaction = std::move(push.transaction)}
    );
    check_pushed(context);
}

void TransactionRelay::check_pushed(Context& context) {
    if (is_checking_pushed_ || pushed_.empty())
        return;
    is_checking_pushed_ = true;
    Check check{.origin = Origin::command, .link = std::nullopt, .transactions = {}};
    std::vector<ledger::Transaction> transactions;
    while (!pushed_.empty() && transactions.size() < pushes_per_check_max) {
        check.transactions.push_back(pushed_.front().checking);
        transactions.push_back(std::move(pushed_.front().transaction));
        pushed_.pop_front();
    }
    start_check(context, std::move(check), std::move(transactions));
}

void TransactionRelay::on_command(Context& context, CommandId command, RestorePool restore) {
    auto pool = std::move(restore.saved);
    std::move(pool.transactions.begin(), pool.transactions.end(), std::back_inserter(restoring_));
    saved_floor_ = SavedFloor{.rate = pool.floor_fee, .at = pool.saved};
    context.outbox.push(Reply{command, Accepted{}});
    restore_more(context);
    restore_floor(context);
}

void TransactionRelay::restore_more(Context& context) {
    // One portion after the other, because later ones may follow on it.
    while (!restoring_.empty() && restoring_checks_ == 0) {
        Check check{.origin = Origin::restart, .link = std::nullopt, .transactions = {}};
        std::vector<ledger::Transaction> transactions;
        while (!restoring_.empty() && transactions.size() < restored_portion) {
            auto saved = std::move(restoring_.front());
            restoring_.pop_front();
            const auto id = ledger::transaction_id(context.chain.id(), saved.transaction);
            const auto relay_id = wire::relay_id(codec::encode(saved.transaction));
            if (context.pool.contains(id) || checking_.contains(relay_id))
                continue;
            check.transactions.push_back(
                {.relay_id = relay_id,
                 .id = id,
                 .waited = waited_since(saved.arrived, context.now),
                 .command = std::nullopt}
            );
            transactions.push_back(std::move(saved.transaction));
        }
        if (transactions.empty())
            return;
        ++restoring_checks_;
        start_check(context, std::move(check), std::move(transactions));
    }
}

void TransactionRelay::restore_floor(Context& context) {
    if (!saved_floor_ || !restoring_.empty() || restoring_checks_ > 0)
        return;
    const auto age = waited_since(saved_floor_->at, context.now);
    context.pool.restore_floor(saved_floor_->rate, age, context.now);
    saved_floor_.reset();
}

}  // namespace cairn::node
