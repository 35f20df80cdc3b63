#include "cairn/state/overlay.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace cairn::state {

namespace {

/// Two varints of quantities, each below 2^53.
constexpr std::size_t account_value_bytes_max = 16;

std::optional<ByteView> view_of(const std::optional<Bytes>& value) {
    return value ? std::optional<ByteView>{*value} : std::nullopt;
}

}  // namespace

std::optional<ByteView> Overlay::find(ByteView key) const {
    const auto place = index_.find(as_text(key));
    return place == index_.end() ? base_.find(key) : view_of(entries_[place->second].now);
}

void Overlay::set(ByteView key, Bytes value) {
    CAIRN_ASSERT(value.size() <= state_value_bytes_max);
    put(key, std::move(value));
}

void Overlay::erase(ByteView key) {
    put(key, std::nullopt);
}

void Overlay::write_account(const ledger::AccountId& account, const AccountState& value) {
    const auto key = account_key(account);
    if (value == AccountState{})
        return erase(key);
    codec::BinaryWriter writer;
    writer.reserve(account_value_bytes_max);
    writer(value);
    set(key, writer.take());
}

void Overlay::put(ByteView key, std::optional<Bytes> value) {
    const auto place = entry_of(key);
    auto& now = entries_[place].now;
    journal_.push_back({.entry = place, .previous = std::exchange(now, std::move(value))});
}

std::size_t Overlay::entry_of(ByteView key) {
    if (const auto place = index_.find(as_text(key)); place != index_.end())
        return place->second;
    CAIRN_ASSERT(key.size() <= state_key_bytes_max);
    const auto base_value = base_.find(key);
    auto before = base_value ? std::optional{to_bytes(*base_value)} : std::nullopt;
    auto now = before;
    entries_.push_back({.key = to_bytes(key), .before = std::move(before), .now = std::move(now)});
    index_.emplace(as_text(entries_.back().key), entries_.size() - 1);
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
    StateDiff diff;
    diff.changes.reserve(entries_.size());
    for (const auto& entry : entries_) {
        if (entry.before != entry.now)
            diff.changes.push_back({.key = entry.key, .before = entry.before, .after = entry.now});
    }
    std::sort(
        diff.changes.begin(),
        diff.changes.end(),
        [](const StateChange& left, const StateChange& right) { return left.key < right.key; }
    );
    return diff;
}

}  // namespace cairn::state
