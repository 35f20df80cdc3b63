#include "cairn/state/overlay.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace cairn::state {

namespace {

template <class Value>
std::optional<ByteView> view_of(const std::optional<Value>& value) {
    return value ? std::optional{ByteView{value->data(), value->size()}} : std::nullopt;
}

template <class Value>
std::optional<Bytes> bytes_of(const std::optional<Value>& value) {
    return value ? std::optional{Bytes{value->begin(), value->end()}} : std::nullopt;
}

/// The first eight bytes of `key` as a number that orders like them; zeros stand for missing ones.
std::uint64_t first_bytes(ByteView key) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(number); ++i)
        number = number << 8U | (i < key.size() ? key[i] : 0U);
    return number;
}

}  // namespace

std::optional<ByteView> Overlay::find(ByteView key) const {
    const auto place = index_.find(as_text(key));
    return place == index_.end() ? base_.find(key) : view_of(entries_[place->second].now);
}

void Overlay::set(ByteView key, ByteView value) {
    CAIRN_ASSERT(value.size() <= state_value_bytes_max);
    put(key, Value{value.begin(), value.end()});
}

void Overlay::erase(ByteView key) {
    put(key, std::nullopt);
}

void Overlay::write_account(const ledger::AccountId& account, const AccountState& value) {
    const auto key = account_key(account);
    if (value == AccountState{})
        return erase(key);
    writer_.clear();
    writer_(value);
    set(key, writer_.bytes());
}

void Overlay::put(ByteView key, std::optional<Value> value) {
    const auto place = entry_of(key);
    auto& now = entries_[place].now;
    journal_.push_back({.entry = place, .previous = std::exchange(now, std::move(value))});
}

std::size_t Overlay::entry_of(ByteView key) {
    if (const auto place = index_.find(as_text(key)); place != index_.end())
        return place->second;
    CAIRN_ASSERT(key.size() <= state_key_bytes_max);
    auto& entry = entries_.emplace_back();
    entry.key.assign(key.begin(), key.end());
    if (const auto base_value = base_.find(key)) {
        entry.before.emplace(base_value->begin(), base_value->end());
        entry.now = entry.before;
    }
    index_.emplace(as_text(ByteView{entry.key.data(), entry.key.size()}), entries_.size() - 1);
    return entries_.size() - 1;
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
            changed.emplace_back(first_bytes(ByteView{entry.key.data(), entry.key.size()}), &entry);
    std::sort(changed.begin(), changed.end(), [](const auto& left, const auto& right) {
        if (left.first != right.first)
            return left.first < right.first;
        return left.second->key < right.second->key;
    });
    StateDiff diff;
    diff.changes.reserve(changed.size());
    for (const auto& [bytes, entry] : changed)
        diff.changes.push_back({
            .key = Bytes{entry->key.begin(), entry->key.end()},
            .before = bytes_of(entry->before),
            .after = bytes_of(entry->now),
        });
    return diff;
}

}  // namespace cairn::state
