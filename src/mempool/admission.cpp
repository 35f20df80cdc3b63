// How a transaction comes in: behind the sender's last, above a gap, or in place of another.
#include "src/mempool/parts.hpp"

#include "cairn/base/assert.hpp"

#include <iterator>
#include <utility>

namespace cairn::mempool {

namespace {

tl::unexpected<MempoolError> refused(MempoolError error) {
    return tl::unexpected{error};
}

/// Whether `newer` pays enough more than `older`. It must not pay less per byte either: a larger
/// transaction would else take the place of a better one.
bool outbids(const Entry& newer, const Entry& older) {
    const auto fee = newer.transaction->transaction().fee;
    const auto before = older.transaction->transaction().fee;
    return fee > before && fee.value * 10 >= before.value * 11 && newer.rate >= older.rate;
}

/// What the pending transactions of `account` before `nonce` cost.
std::uint64_t cost_before(const Account& account, Nonce nonce) {
    std::uint64_t cost = 0;
    for (const auto& entry : account.pending)
        if (entry.nonce() < nonce)
            cost += entry.cost.value;
    return cost;
}

}  // namespace

Result<Mempool::Added, MempoolError> Mempool::Parts::add(TransactionPointer transaction, Time now) {
    if (places.contains(transaction->id()))
        return refused(MempoolError::known);
    const auto nonce = transaction->transaction().nonce;
    // The account is made for a look and forgotten again when nothing comes of it.
    auto& account = open_account(transaction->transaction().from);
    auto result = [&]() -> Result<Added, MempoolError> {
        if (nonce < account.chain.nonce)
            return refused(MempoolError::nonce_too_low);
        const auto ahead_max = limits.pending_per_sender_max + limits.future_per_sender_max;
        // The last nonce has no successor, so it can never be executed.
        if (nonce.value - account.chain.nonce.value >= ahead_max || nonce.value >= quantity_max)
            return refused(MempoolError::nonce_too_far);
        auto entry = make_entry(std::move(transaction), now);
        if (entry.rate < floor_fee(now))
            return refused(MempoolError::fee_too_low);
        if (nonce < account.next())
            return replace(account, Area::pending, std::move(entry), now);
        if (account.future.contains(nonce))
            return replace(account, Area::future, std::move(entry), now);
        if (nonce == account.next())
            return append(account, std::move(entry), now);
        return add_future(account, std::move(entry));
    }();
    release(account);
    return result;
}

Result<Mempool::Added, MempoolError> Mempool::Parts::append(
    Account& account, Entry entry, Time now
) {
    if (account.pending.size() >= limits.pending_per_sender_max)
        return refused(MempoolError::sender_full);
    const auto balance = account.chain.balance.value;
    if (account.pending_cost + entry.cost.value > balance)
        return refused(MempoolError::insufficient_balance);
    auto room = make_room(excess(charge_of(*entry.transaction)), entry.rate, account, now);
    if (!room)
        return refused(MempoolError::pool_full);

    Added added{.pending = true, .dropped = std::move(*room)};
    // What can be mined goes before what waits for a gap: the furthest leave.
    while (account.total_cost() + entry.cost.value > balance)
        drop_future(
            {.account = &account, .nonce = account.future.rbegin()->first},
            DropReason::unpayable,
            added.dropped
        );
    push_pending(account, std::move(entry));
    promote(account);
    return added;
}

Result<Mempool::Added, MempoolError> Mempool::Parts::add_future(Account& account, Entry entry) {
    if (account.future.size() >= limits.future_per_sender_max)
        return refused(MempoolError::sender_full);
    if (account.total_cost() + entry.cost.value > account.chain.balance.value)
        return refused(MempoolError::insufficient_balance);
    const auto charge = charge_of(*entry.transaction);
    const bool is_full = future_arrivals.size() >= limits.future_total_max ||
                         future_bytes + charge > limits.future_bytes_max || excess(charge) > 0;
    if (is_full)
        return refused(MempoolError::pool_full);
    insert_future(account, std::move(entry));
    return Added{.pending = false, .dropped = {}};
}

Result<Mempool::Added, MempoolError> Mempool::Parts::replace(
    Account& account, Area area, Entry entry, Time now
) {
    const auto nonce = entry.nonce();
    const auto& kept = entry_at({.account = &account, .nonce = nonce});
    if (!outbids(entry, kept))
        return refused(MempoolError::replacement_fee_too_low);
    const auto balance = account.chain.balance.value;
    if (cost_before(account, nonce) + entry.cost.value > balance)
        return refused(MempoolError::insufficient_balance);
    if (account.total_cost() - kept.cost.value + entry.cost.value > balance)
        return refused(MempoolError::replacement_breaks_later);

    const auto charge = charge_of(*entry.transaction);
    const auto freed = charge_of(*kept.transaction);
    const auto growth = charge > freed ? charge - freed : 0;
    const Dropped replaced{.id = kept.transaction->id(), .reason = DropReason::replaced};
    if (area == Area::future) {
        if (future_bytes + growth > limits.future_bytes_max || excess(growth) > 0)
            return refused(MempoolError::pool_full);
        static_cast<void>(take_future(account, nonce));
        insert_future(account, std::move(entry));
        return Added{.pending = false, .dropped = {replaced}};
    }
    auto room = make_room(excess(growth), entry.rate, account, now);
    if (!room)
        return refused(MempoolError::pool_full);
    Added added{.pending = true, .dropped = std::move(*room)};
    swap_pending(account, entry);
    added.dropped.push_back(replaced);
    return added;
}

void Mempool::Parts::promote(Account& account) {
    while (account.pending.size() < limits.pending_per_sender_max &&
           account.future.contains(account.next()))
        push_pending(account, take_future(account, account.next()));
}

}  // namespace cairn::mempool
