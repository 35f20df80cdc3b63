#include "cairn/state/state.hpp"

#include "cairn/crypto/sha256.hpp"
#include "cairn/state/key_hash.hpp"
#include "cairn/state/overlay.hpp"
#include "cairn/state/sparse_tree.hpp"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace cairn::state {

namespace {

/// A key and its value in one allocation: an account takes 48 bytes of heap, headers included.
class Item {
  public:
    Item(ByteView key, ByteView value) : key_bytes_{static_cast<std::uint32_t>(key.size())} {
        assign(key, value);
    }

    [[nodiscard]] ByteView key() const { return {bytes_.get(), key_bytes_}; }

    [[nodiscard]] ByteView value() const { return {bytes_.get() + key_bytes_, value_bytes_}; }

    /// Const although it writes: the value is no part of what identifies an item in its set.
    void set_value(ByteView value) const {
        if (value.size() == value_bytes_) {
            std::copy(value.begin(), value.end(), bytes_.get() + key_bytes_);
            return;
        }
        const auto old = std::move(bytes_);
        assign({old.get(), key_bytes_}, value);
    }

  private:
    void assign(ByteView key, ByteView value) const {
        bytes_.reset(new std::uint8_t[key.size() + value.size()]);
        value_bytes_ = static_cast<std::uint32_t>(value.size());
        std::copy(key.begin(), key.end(), bytes_.get());
        std::copy(value.begin(), value.end(), bytes_.get() + key.size());
    }

    mutable std::unique_ptr<std::uint8_t[]> bytes_;
    mutable std::uint32_t value_bytes_ = 0;
    std::uint32_t key_bytes_;
};

struct ItemHash : KeyHash {
    using is_transparent = void;
    using KeyHash::operator();

    std::size_t operator()(const Item& item) const { return operator()(item.key()); }
};

struct SameItem {
    using is_transparent = void;

    static ByteView key_of(ByteView key) { return key; }

    static ByteView key_of(const Item& item) { return item.key(); }

    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
        return SameKey{}(key_of(left), key_of(right));
    }
};

SparseTree::LeafChange make_leaf_change(ByteView key, const std::optional<StateValue>& now) {
    SparseTree::LeafChange leaf;
    leaf.key_hash = crypto::sha256(key);
    if (now)
        leaf.value_hash = crypto::sha256(*now);
    return leaf;
}

}  // namespace

struct State::Storage {
    explicit Storage(std::uint64_t salt) : items{0, ItemHash{{.salt = salt}}} {}

    /// Sets every key of `diff` to the value that `side` of its change tells.
    void set_all(const StateDiff& diff, std::optional<StateValue> StateChange::*side);
    void set(ByteView key, const Hash256& key_hash, const std::optional<StateValue>& value);

    absl::flat_hash_set<Item, ItemHash, SameItem> items;
    SparseTree tree;
};

void State::Storage::set_all(const StateDiff& diff, std::optional<StateValue> StateChange::*side) {
    std::array<Hash256, SparseTree::prefetch_max> hashes;
    std::span<const StateChange> left{diff.changes};
    while (!left.empty()) {
        const auto group = left.first(std::min(left.size(), hashes.size()));
        left = left.subspan(group.size());
        for (std::size_t i = 0; i < group.size(); ++i) {
            items.prefetch(ByteView{group[i].key});
            hashes[i] = crypto::sha256(group[i].key);
        }
        tree.prefetch(std::span{hashes}.first(group.size()));
        for (std::size_t i = 0; i < group.size(); ++i)
            set(group[i].key, hashes[i], group[i].*side);
    }
}

void State::Storage::set(
    ByteView key, const Hash256& key_hash, const std::optional<StateValue>& value
) {
    const auto place = items.find(key);
    if (!value) {
        if (place == items.end())
            return;
        items.erase(place);
        return tree.erase(key_hash);
    }
    if (place == items.end())
        items.emplace(key, *value);
    else if (std::ranges::equal(place->value(), *value))
        return;
    else
        place->set_value(*value);
    tree.set(key_hash, crypto::sha256(*value));
}

State::State(std::uint64_t salt) : storage_{std::make_unique<Storage>(salt)} {}

State::~State() = default;
State::State(State&&) noexcept = default;
State& State::operator=(State&&) noexcept = default;

std::optional<ByteView> State::find(ByteView key) const {
    const auto place = storage_->items.find(key);
    return place == storage_->items.end() ? std::nullopt : std::optional{place->value()};
}

void State::apply(const StateDiff& diff) {
    storage_->set_all(diff, &StateChange::after);
}

void State::revert(const StateDiff& diff) {
    storage_->set_all(diff, &StateChange::before);
}

ledger::StateRoot State::root() {
    return storage_->tree.root().as<ledger::StateRoot>();
}

ledger::StateRoot State::root_after(const StateDiff& diff) {
    std::vector<SparseTree::LeafChange> changes;
    changes.reserve(diff.changes.size());
    for (const auto& change : diff.changes)
        changes.push_back(make_leaf_change(change.key, change.after));
    return storage_->tree.root_after(changes).as<ledger::StateRoot>();
}

ledger::StateRoot State::root_after(const Overlay& overlay) {
    std::vector<SparseTree::LeafChange> changes;
    changes.reserve(overlay.keys());
    overlay.for_each_change([&changes](ByteView key, const std::optional<StateValue>& now) {
        changes.push_back(make_leaf_change(key, now));
    });
    return storage_->tree.root_after(changes).as<ledger::StateRoot>();
}

std::size_t State::size() const {
    return storage_->items.size();
}

void State::for_each(const std::function<void(ByteView key, ByteView value)>& visit) const {
    for (const auto& item : storage_->items)
        visit(item.key(), item.value());
}

}  // namespace cairn::state
