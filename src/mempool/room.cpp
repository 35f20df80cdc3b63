// Room: who leaves a full pool, and the floor fee that rises with it.
#include "src/mempool/parts.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <iterator>

namespace cairn::mempool {

std::size_t Mempool::Parts::excess(std::size_t added) const {
    const auto total = bytes + added;
    return total > limits.bytes_max ? total - limits.bytes_max : 0;
}

std::uint64_t Mempool::Parts::floor_fee(Time now) const {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const auto elapsed = duration_cast<seconds>(now.steady - floor_raised).count();
    const auto seconds_passed = static_cast<std::uint64_t>(std::max<std::int64_t>(elapsed, 0));
    const auto halvings = seconds_passed / floor_half_life_seconds;
    if (halvings >= std::numeric_limits<std::uint64_t>::digits)
        return 0;
    const auto halved = floor >> halvings;
    // Between two halvings the floor sinks in a straight line: by `rest / (2 * half-life)` of
    // itself. Divided first, so that no product overflows.
    const auto rest = seconds_passed % floor_half_life_seconds;
    constexpr auto span = 2 * floor_half_life_seconds;
    return halved - (halved / span * rest + halved % span * rest / span);
}

std::optional<std::vector<Dropped>> Mempool::Parts::make_room(
    std::size_t needed, std::uint64_t rate, const Account& newcomer, Time now
) {
    std::vector<Dropped> dropped;
    if (needed == 0)
        return dropped;
    const auto futures = future_victims(needed, newcomer);
    std::size_t freed = 0;
    for (const auto& place : futures)
        freed += charge_of(*entry_at(place).transaction);
    if (freed < needed && !has_tails_below(needed - freed, rate, newcomer))
        return std::nullopt;

    const auto goal = bytes > needed ? bytes - needed : 0;
    for (const auto& place : futures) {
        drop_future(place, DropReason::evicted, dropped);
        release(*place.account);
    }
    while (bytes > goal) {
        auto lowest = tails.begin();
        if (lowest->account == &newcomer)
            ++lowest;
        evict_tail(*lowest->account, dropped, now);
    }
    return dropped;
}

std::vector<Place> Mempool::Parts::future_victims(std::size_t needed, const Account& spared) const {
    std::vector<Place> victims;
    std::size_t freed = 0;
    // The last to come leave first: a flood does not push out what waited before it.
    for (auto newest = future_arrivals.rbegin(); newest != future_arrivals.rend(); ++newest) {
        if (freed >= needed)
            break;
        if (newest->second.account == &spared)
            continue;
        victims.push_back(newest->second);
        freed += charge_of(*entry_at(newest->second).transaction);
    }
    return victims;
}

bool Mempool::Parts::has_tails_below(std::size_t needed, std::uint64_t rate, const Account& spared)
    const {
    // The entries that would be tails once the ones behind them left, with their index.
    std::map<Rank, std::size_t, WorstFirst> revealed;
    auto next = tails.begin();
    for (std::size_t freed = 0; freed < needed;) {
        if (next != tails.end() && next->account == &spared)
            ++next;
        const bool has_tail = next != tails.end();
        if (!has_tail && revealed.empty())
            return false;
        const bool takes_tail =
            has_tail && (revealed.empty() || WorstFirst{}(*next, revealed.begin()->first));
        const auto victim = takes_tail ? *next : revealed.begin()->first;
        auto index = takes_tail ? victim.account->pending.size() - 1 : revealed.begin()->second;
        if (victim.rate >= rate)
            return false;
        if (takes_tail)
            ++next;
        else
            revealed.erase(revealed.begin());
        freed += charge_of(*victim.account->pending[index].transaction);
        if (index == 0)
            continue;
        --index;
        const auto& before = victim.account->pending[index];
        revealed.emplace(Rank{before.rate, before.arrival, victim.account}, index);
    }
    return true;
}

void Mempool::Parts::enforce_bounds(std::vector<Dropped>& dropped, Time now) {
    while (bytes > limits.bytes_max && !future_arrivals.empty()) {
        const auto newest = future_arrivals.rbegin()->second;
        drop_future(newest, DropReason::evicted, dropped);
        release(*newest.account);
    }
    while (bytes > limits.bytes_max)
        evict_tail(*tails.begin()->account, dropped, now);
}

void Mempool::Parts::evict_tail(Account& account, std::vector<Dropped>& dropped, Time now) {
    const auto entry = pop_pending(account);
    floor = std::max(floor_fee(now), entry.rate + 1);
    floor_raised = now.steady;
    dropped.push_back({.id = entry.transaction->id(), .reason = DropReason::evicted});
    release(account);
}

void Mempool::Parts::drop_future(
    const Place& place, DropReason reason, std::vector<Dropped>& dropped
) {
    const auto entry = take_future(*place.account, place.nonce);
    dropped.push_back({.id = entry.transaction->id(), .reason = reason});
}

}  // namespace cairn::mempool
