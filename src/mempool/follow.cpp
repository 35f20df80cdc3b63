// Following the chain and the clock: what was mined, came back, or waited too long.
#include "src/mempool/parts.hpp"

#include <algorithm>
#include <utility>

namespace cairn::mempool {

namespace {

using Blocks = std::vector<std::shared_ptr<const chain::CheckedBlock>>;
using Returned = std::map<ledger::AccountId, std::map<Nonce, Entry>>;

std::vector<TxId> sorted_ids(const Blocks& blocks) {
    std::vector<TxId> ids;
    for (const auto& block : blocks)
        ids.insert(ids.end(), block->ids().begin(), block->ids().end());
    std::sort(ids.begin(), ids.end());
    return ids;
}

/// Calls `visit` with each account that a transaction of `blocks` pays or takes from.
template <class Visit>
void for_each_account(const Blocks& blocks, Visit visit) {
    for (const auto& block : blocks) {
        for (const auto& transaction : block->block().transactions) {
            visit(transaction.from);
            if (const auto* transfer = std::get_if<ledger::Transfer>(&transaction.payload))
                visit(transfer->to);
            else if (const auto* coinbase = std::get_if<ledger::Coinbase>(&transaction.payload))
                visit(coinbase->to);
        }
    }
}

bool is_among(const std::vector<TxId>& sorted, const TxId& id) {
    return std::binary_search(sorted.begin(), sorted.end(), id);
}

/// The transactions of `blocks`, which go from the tip down, that `is_wanted` names; the lowest
/// block's first, because others stand on them. Beyond `returned_bytes_max` they go to `leave`.
template <class Wanted, class Take, class Leave>
void for_each_returned(const Blocks& blocks, Wanted is_wanted, Take take, Leave leave) {
    std::size_t total = 0;
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
        const auto& transactions = (*block)->block().transactions;
        for (std::size_t i = 0; i < transactions.size(); ++i) {
            const auto& id = (*block)->ids()[i];
            if (transactions[i].is_coinbase() || !is_wanted(id))
                continue;
            // Once one is too many, the later ones are: they may follow on it.
            if (total > returned_bytes_max) {
                leave(id);
                continue;
            }
            auto checked = execution::CheckedTransaction::from_checked_block(transactions[i], id);
            total += checked.size();
            if (total > returned_bytes_max)
                leave(id);
            else
                take(std::make_shared<const execution::CheckedTransaction>(std::move(checked)));
        }
    }
}

}  // namespace

std::vector<Dropped> Mempool::Parts::on_chain_change(const chain::ChainChange& change, Time now) {
    std::vector<Dropped> dropped;
    fees.on_chain_change(change, chain.spec().limits.block_bytes);
    if (accounts.empty() && change.disconnected.empty())
        return dropped;
    const auto mined = sorted_ids(change.connected);
    const auto is_wanted = [&](const TxId& id) {
        return !is_among(mined, id) && !known.contains(id);
    };
    Returned returned;
    for_each_returned(
        change.disconnected,
        is_wanted,
        [&](const TransactionPointer& transaction) {
            const auto& from = transaction->transaction().from;
            const auto nonce = transaction->transaction().nonce;
            returned[from].emplace(nonce, make_entry(transaction, now, now.steady));
        },
        [&](const TxId& id) { dropped.push_back({.id = id, .reason = DropReason::evicted}); }
    );

    std::vector<ledger::AccountId> touched;
    const auto touch = [&](const ledger::AccountId& id) {
        if (accounts.contains(id))
            touched.push_back(id);
    };
    for_each_account(change.disconnected, touch);
    for_each_account(change.connected, touch);
    for (const auto& [id, entries] : returned)
        touched.push_back(id);
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());

    for (const auto& id : touched) {
        auto& account = open_account(id);
        auto entries = take_all(account);
        if (const auto found = returned.find(id); found != returned.end())
            entries.merge(found->second);
        rebuild(account, std::move(entries), mined, dropped);
        release(account);
    }
    enforce_bounds(dropped, now);
    return dropped;
}

std::map<Nonce, Entry> Mempool::Parts::take_all(Account& account) {
    unrank(account);
    std::map<Nonce, Entry> entries;
    for (auto& entry : account.pending) {
        leave(account, entry, Area::pending);
        entries.emplace_hint(entries.end(), entry.nonce(), std::move(entry));
    }
    account.pending.clear();
    for (auto& [nonce, entry] : account.future) {
        leave(account, entry, Area::future);
        entries.emplace(nonce, std::move(entry));
    }
    account.future.clear();
    return entries;
}

void Mempool::Parts::rebuild(
    Account& account,
    std::map<Nonce, Entry>&& entries,
    const std::vector<TxId>& mined,
    std::vector<Dropped>& dropped
) {
    account.chain = state::read_account(chain.state(), account.id);
    const auto balance = account.chain.balance.value;
    for (auto& [nonce, entry] : entries) {
        const auto id = entry.transaction->id();
        if (nonce < account.chain.nonce) {
            if (!is_among(mined, id))
                dropped.push_back({.id = id, .reason = DropReason::nonce_used});
            continue;
        }
        if (account.total_cost() + entry.cost.value > balance) {
            dropped.push_back({.id = id, .reason = DropReason::unpayable});
            continue;
        }
        if (nonce == account.next() && account.pending.size() < limits.pending_per_sender_max) {
            push_pending(account, std::move(entry));
            continue;
        }
        const auto charge = charge_of(*entry.transaction);
        const bool has_room = account.future.size() < limits.future_per_sender_max &&
                              future_arrivals.size() < limits.future_total_max &&
                              future_bytes + charge <= limits.future_bytes_max;
        if (has_room)
            insert_future(account, std::move(entry));
        else
            dropped.push_back({.id = id, .reason = DropReason::evicted});
    }
}

std::vector<Dropped> Mempool::Parts::expire(Time now) {
    std::vector<Dropped> dropped;
    const auto is_over = [&](const Place& place, Area area) {
        return deadline(area, entry_at(place).since) <= now.steady;
    };
    while (!future_arrivals.empty() && is_over(future_arrivals.begin()->second, Area::future))
        expire(future_arrivals.begin()->second, dropped);
    while (!pending_arrivals.empty() && is_over(pending_arrivals.begin()->second, Area::pending))
        expire(pending_arrivals.begin()->second, dropped);
    while (!late.empty() && late.begin()->first.first <= now.steady)
        expire(late.begin()->second, dropped);
    return dropped;
}

void Mempool::Parts::expire(Place place, std::vector<Dropped>& dropped) {
    auto& account = *place.account;
    if (place.nonce >= account.next())
        drop_future(place, DropReason::expired, dropped);
    // What follows it goes too: without it no block can take them.
    while (account.next() > place.nonce)
        dropped.push_back(
            {.id = pop_pending(account).transaction->id(), .reason = DropReason::expired}
        );
    release(account);
}

}  // namespace cairn::mempool
