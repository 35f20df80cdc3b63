// Room: who leaves a full pool, and the floor fee that rises with it.
#include "src/mempool/parts.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <utility>

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
        return limits.fee_rate_min;
    const auto halved = floor >> halvings;
    // Between two halvings the floor sinks in a straight line: by `rest / (2 * half-life)` of
    // itself. Divided first, so that no product overflows.
    const auto rest = seconds_passed % floor_half_life_seconds;
    constexpr auto span = 2 * floor_half_life_seconds;
    const auto decayed = halved - (halved / span * rest + halved % span * rest / span);
    return std::max(decayed, limits.fee_rate_min);
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
    std::vector<std::pair<Account*, Entry>> evicted;
    while (freed < needed) {
        auto* const victim = next_victim(rate, &newcomer);
        if (victim == nullptr) {
            for (; !evicted.empty(); evicted.pop_back())
                push_pending(*evicted.back().first, std::move(evicted.back().second));
            return std::nullopt;
        }
        evicted.emplace_back(victim, pop_pending(*victim));
        freed += charge_of(*evicted.back().second.transaction);
    }

    std::vector<ledger::AccountId> touched;
    for (const auto& place : futures) {
        touched.push_back(place.account->id);
        drop_future(place, DropReason::evicted, dropped);
    }
    for (const auto& [account, entry] : evicted) {
        touched.push_back(account->id);
        raise_floor(entry.rate, now);
        dropped.push_back({.id = entry.transaction->id(), .reason = DropReason::evicted});
    }
    // Last, because an account may have lost several.
    for (const auto& id : touched)
        if (auto* account = find_account(id); account != nullptr)
            release(*account);
    return dropped;
}

Account* Mempool::Parts::next_victim(std::uint64_t rate, const Account* spared) const {
    for (const auto* order : {&tails_beyond, &tails}) {
        auto lowest = order->begin();
        if (lowest != order->end() && lowest->account == spared)
            ++lowest;
        if (lowest != order->end() && lowest->rate < rate)
            return lowest->account;
    }
    return nullptr;
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

void Mempool::Parts::enforce_bounds(std::vector<Dropped>& dropped, Time now) {
    while (bytes > limits.bytes_max && !future_arrivals.empty()) {
        const auto newest = future_arrivals.rbegin()->second;
        drop_future(newest, DropReason::evicted, dropped);
        release(*newest.account);
    }
    while (bytes > limits.bytes_max) {
        auto* const victim = next_victim(std::numeric_limits<std::uint64_t>::max(), nullptr);
        CAIRN_ASSERT(victim != nullptr);
        const auto entry = pop_pending(*victim);
        raise_floor(entry.rate, now);
        dropped.push_back({.id = entry.transaction->id(), .reason = DropReason::evicted});
        release(*victim);
    }
}

void Mempool::Parts::raise_floor(std::uint64_t rate, Time now) {
    floor = std::max(floor_fee(now), rate + 1);
    floor_raised = now.steady;
}

void Mempool::Parts::restore_floor(std::uint64_t rate, Duration age, Time now) {
    const auto present = floor_fee(now);
    floor = rate;
    floor_raised = Instant{now.steady.since_start - age};
    if (floor_fee(now) > present)
        return;
    floor = present;
    floor_raised = now.steady;
}

void Mempool::Parts::drop_future(
    const Place& place, DropReason reason, std::vector<Dropped>& dropped
) {
    const auto entry = take_future(*place.account, place.nonce);
    dropped.push_back({.id = entry.transaction->id(), .reason = reason});
}

}  // namespace cairn::mempool
