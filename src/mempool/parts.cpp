// Book-keeping: every entry comes and goes through `enter` and `leave`, so the indexes agree.
#include "src/mempool/parts.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace cairn::mempool {

namespace {

using Arrivals = absl::btree_map<std::uint64_t, Place>;

/// What is left of a walk through arrivals.
template <class Iterator>
struct Walk {
    Iterator at;
    Iterator end;
};

/// From `number` itself to the highest.
Walk<Arrivals::const_iterator> up_from(const Arrivals& arrivals, std::uint64_t number) {
    return {arrivals.lower_bound(number), arrivals.end()};
}

/// From `number` itself to the lowest.
Walk<Arrivals::const_reverse_iterator> down_from(const Arrivals& arrivals, std::uint64_t number) {
    return {Arrivals::const_reverse_iterator{arrivals.upper_bound(number)}, arrivals.rend()};
}

/// The first `count` entries of two walks, each in the order of `is_before`.
template <class Iterator, class Order>
std::vector<const Entry*> first_of(
    Walk<Iterator> left, Walk<Iterator> right, std::size_t count, Order is_before
) {
    std::vector<const Entry*> entries;
    while (entries.size() < count && (left.at != left.end || right.at != right.end)) {
        const bool is_left = right.at == right.end ||
                             (left.at != left.end && is_before(left.at->first, right.at->first));
        entries.push_back(&entry_at((is_left ? left.at++ : right.at++)->second));
    }
    return entries;
}

/// The transfer that `entry` makes, or null; null as well for one of nothing, which nobody sees
/// in a balance.
const ledger::Transfer* transfer_of(const Entry& entry) {
    const auto* transfer = std::get_if<ledger::Transfer>(&entry.transaction->transaction().payload);
    return transfer == nullptr || transfer->amount.value == 0 ? nullptr : transfer;
}

}  // namespace

const Entry& entry_at(const Place& place) {
    const auto& account = *place.account;
    if (place.nonce < account.next())
        return account.pending[place.nonce.value - account.chain.nonce.value];
    const auto found = account.future.find(place.nonce);
    CAIRN_ASSERT(found != account.future.end());
    return found->second;
}

std::uint64_t fee_rate_of(const execution::CheckedTransaction& transaction) {
    // A fee is below 2^53, so the product fits.
    return transaction.transaction().fee.value * 1'000 / transaction.size();
}

Mempool::Parts::Parts(
    const chain::Blockchain& blockchain, const MempoolLimits& bounds, std::uint64_t salt
)
    : chain{blockchain},
      limits{bounds},
      accounts{0, SaltedHash{salt}},
      known{0, SaltedHash{salt}},
      incoming{0, SaltedHash{salt}} {}

Account* Mempool::Parts::find_account(const ledger::AccountId& id) const {
    const auto found = accounts.find(id);
    return found == accounts.end() ? nullptr : found->get();
}

Account& Mempool::Parts::open_account(const ledger::AccountId& id) {
    if (auto* account = find_account(id); account != nullptr)
        return *account;
    auto account = std::make_unique<Account>();
    account->id = id;
    account->chain = state::read_account(chain.state(), id);
    return **accounts.insert(std::move(account)).first;
}

void Mempool::Parts::release(Account& account) {
    if (account.is_empty())
        accounts.erase(accounts.find(account.id));
}

const Entry* Mempool::Parts::find_entry(const TxId& id) const {
    const auto found = known.find(id);
    if (found == known.end())
        return nullptr;
    const auto& transaction = (*found)->transaction();
    return &entry_at({.account = find_account(transaction.from), .nonce = transaction.nonce});
}

Entry Mempool::Parts::make_entry(TransactionPointer transaction, Time now, Instant since) {
    const auto cost = execution::cost_of(transaction->transaction());
    CAIRN_ASSERT(cost.has_value());
    const auto rate = fee_rate_of(*transaction);
    const auto milliseconds = std::min(now.wall.value, arrival_milliseconds_max);
    arrivals = std::max(arrivals + 1, milliseconds * arrivals_per_millisecond);
    const auto size = static_cast<std::uint32_t>(transaction->size());
    const bool is_late = since < newest_since;
    newest_since = std::max(newest_since, since);
    return {
        .transaction = std::move(transaction),
        .cost = *cost,
        .rate = rate,
        .arrival = arrivals,
        .since = since,
        .size = size,
        .is_late = is_late,
    };
}

absl::btree_set<Rank, WorstFirst>& Mempool::Parts::tails_of(const Account& account) {
    return account.pending.size() > limits.pending_guaranteed ? tails_beyond : tails;
}

void Mempool::Parts::unrank(Account& account) {
    if (account.pending.empty())
        return;
    const auto& head = account.pending.front();
    const auto& tail = account.pending.back();
    heads.erase({head.rate, head.arrival, &account});
    tails_of(account).erase({tail.rate, tail.arrival, &account});
}

void Mempool::Parts::rank(Account& account) {
    if (account.pending.empty())
        return;
    const auto& head = account.pending.front();
    const auto& tail = account.pending.back();
    heads.insert({head.rate, head.arrival, &account});
    tails_of(account).insert({tail.rate, tail.arrival, &account});
}

void Mempool::Parts::enter(Account& account, const Entry& entry, Area area) {
    const Place place{.account = &account, .nonce = entry.nonce()};
    const auto charge = charge_of(*entry.transaction);
    known.insert(entry.transaction.get());
    bytes += charge;
    if (entry.is_late)
        late.emplace(std::pair{deadline(area, entry.since), entry.arrival}, place);
    switch (area) {
        case Area::pending:
            account.pending_cost += entry.cost.value;
            pending_arrivals.emplace(entry.arrival, place);
            // No overflow: what is pending can be paid, and all coins together stay below 2^53.
            if (const auto* transfer = transfer_of(entry); transfer != nullptr)
                incoming[transfer->to] += transfer->amount.value;
            return;
        case Area::future:
            account.future_cost += entry.cost.value;
            future_arrivals.emplace(entry.arrival, place);
            future_bytes += charge;
            return;
    }
}

void Mempool::Parts::leave(Account& account, const Entry& entry, Area area) {
    const auto charge = charge_of(*entry.transaction);
    known.erase(entry.transaction.get());
    bytes -= charge;
    if (entry.is_late)
        late.erase({deadline(area, entry.since), entry.arrival});
    switch (area) {
        case Area::pending:
            account.pending_cost -= entry.cost.value;
            pending_arrivals.erase(entry.arrival);
            if (const auto* transfer = transfer_of(entry); transfer != nullptr) {
                const auto paid = incoming.find(transfer->to);
                CAIRN_ASSERT(paid != incoming.end());
                paid->second -= transfer->amount.value;
                if (paid->second == 0)
                    incoming.erase(paid);
            }
            return;
        case Area::future:
            account.future_cost -= entry.cost.value;
            future_arrivals.erase(entry.arrival);
            future_bytes -= charge;
            return;
    }
}

void Mempool::Parts::push_pending(Account& account, Entry entry) {
    CAIRN_ASSERT(entry.nonce() == account.next());
    unrank(account);
    enter(account, entry, Area::pending);
    account.pending.push_back(std::move(entry));
    rank(account);
}

Entry Mempool::Parts::pop_pending(Account& account) {
    unrank(account);
    auto entry = std::move(account.pending.back());
    account.pending.pop_back();
    leave(account, entry, Area::pending);
    rank(account);
    return entry;
}

void Mempool::Parts::swap_pending(Account& account, Entry& entry) {
    unrank(account);
    auto& kept = account.pending[entry.nonce().value - account.chain.nonce.value];
    leave(account, kept, Area::pending);
    std::swap(kept, entry);
    enter(account, kept, Area::pending);
    rank(account);
}

void Mempool::Parts::insert_future(Account& account, Entry entry) {
    enter(account, entry, Area::future);
    const auto nonce = entry.nonce();
    account.future.emplace(nonce, std::move(entry));
}

Entry Mempool::Parts::take_future(Account& account, Nonce nonce) {
    const auto place = account.future.find(nonce);
    CAIRN_ASSERT(place != account.future.end());
    auto entry = std::move(place->second);
    account.future.erase(place);
    leave(account, entry, Area::future);
    return entry;
}

std::vector<const Entry*> Mempool::Parts::by_arrival(const ArrivalRange& range) const {
    switch (range.order) {
        case ArrivalOrder::oldest_first:
            return first_of(
                up_from(pending_arrivals, range.from),
                up_from(future_arrivals, range.from),
                range.count,
                std::less{}
            );
        case ArrivalOrder::newest_first:
            return first_of(
                down_from(pending_arrivals, range.from),
                down_from(future_arrivals, range.from),
                range.count,
                std::greater{}
            );
    }
    return {};
}

}  // namespace cairn::mempool
