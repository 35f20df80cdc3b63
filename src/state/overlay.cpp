#include "cairn/state/overlay.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cairn::state {

namespace {

/// The first eight bytes of `key` as a number that orders like them; zeros stand for missing ones.
std::uint64_t first_bytes(ByteView key) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(number); ++i)
        number = number << 8U | (i < key.size() ? key[i] : 0U);
    return number;
}

}  // namespace

std::optional<ByteView> Overlay::find(ByteView key) const {
    const auto place = index_.find(key);
    if (place == index_.end())
        return base_.find(key);
    const auto& now = entries_[*place].now;
    return now ? std::optional{ByteView{*now}} : std::nullopt;
}

void Overlay::set(ByteView key, ByteView value) {
    CAIRN_ASSERT(value.size() <= state_value_bytes_max);
    replace(entry_of(key)) = to_value(value);
}

void Overlay::erase(ByteView key) {
    replace(entry_of(key)).reset();
}

Overlay::AccountPlace Overlay::find_account(const ledger::AccountId& account) {
    const auto entry = entry_of(account_key(account));
    const auto& now = entries_[entry].now;
    return {.state = now ? decode_account(*now) : AccountState{}, .entry = entry};
}

void Overlay::write_account(const AccountPlace& place, const AccountState& value) {
    auto& now = replace(place.entry);
    if (value == AccountState{})
        return now.reset();
    writer_.clear();
    writer_(value);
    // In place: bytes that are copied on the way are read again before they have left the
    // processor's store buffer, and that waits for all stores before them.
    now.emplace(writer_.bytes().begin(), writer_.bytes().end());
}

std::optional<StateValue>& Overlay::replace(std::size_t entry) {
    auto& now = entries_[entry].now;
    now.swap(journal_.emplace_back(Undo{.entry = entry, .previous = std::nullopt}).previous);
    return now;
}

std::size_t Overlay::entry_of(ByteView key) {
    const auto found = index_.find(key);
    if (found != index_.end())
        return *found;
    CAIRN_ASSERT(key.size() <= state_key_bytes_max);
    CAIRN_ASSERT(entries_.size() < std::numeric_limits<std::uint32_t>::max());
    const auto place = static_cast<std::uint32_t>(entries_.size());
    auto& entry = entries_.emplace_back();
    entry.key = to_key(key);
    if (const auto base_value = base_.find(key)) {
        entry.before = to_value(*base_value);
        entry.now = entry.before;
    }
    index_.insert(place);
    return place;
}

void Overlay::reserve(std::size_t keys) {
    entries_.reserve(entries_.size() + keys);
    index_.reserve(index_.size() + keys);
}

void Overlay::rollback(std::size_t mark) {
    CAIRN_ASSERT(mark <= journal_.size());
    while (journal_.size() > mark) {
        entries_[journal_.back().entry].now = std::move(journal_.back().previous);
        journal_.pop_back();
    }
}

StateDiff Overlay::diff() const {
    // Sorted by the first bytes, which as a rule are enough: no look at entries far apart.
    std::vector<std::pair<std::uint64_t, const Entry*>> changed;
    changed.reserve(entries_.size());
    for (const auto& entry : entries_)
        if (entry.before != entry.now)
            changed.emplace_back(first_bytes(entry.key), &entry);
    std::sort(changed.begin(), changed.end(), [](const auto& left, const auto& right) {
        if (left.first != right.first)
            return left.first < right.first;
        return left.second->key < right.second->key;
    });
    StateDiff diff;
    diff.changes.reserve(changed.size());
    for (const auto& [bytes, entry] : changed)
        diff.changes.push_back({.key = entry->key, .before = entry->before, .after = entry->now});
    return diff;
}

}  // namespace cairn::state
