#include "cairn/state/sparse_tree.hpp"

#include "src/state/level_hasher.hpp"

#include "cairn/crypto/merkle.hpp"

#include <algorithm>
#include <utility>

namespace cairn::state {

namespace {

constexpr std::size_t depth_max = 8 * Hash256::size;
/// The subtrees at this depth are hashed each for itself: 256 of them. More would leave few nodes
/// on a level.
constexpr std::size_t portions_depth = 8;
/// Of changes without a tree to hold them, so many are hashed at a time.
constexpr std::size_t portion_changes_max = 256;

/// The side that `key_hash` takes at `depth`.
std::size_t side_at(const Hash256& key_hash, std::size_t depth) {
    return (key_hash.bytes[depth / 8] >> (7 - depth % 8)) & 1U;
}

}  // namespace

void SparseTree::set(const Hash256& key_hash, const Hash256& value_hash) {
    auto* slot = &root_;
    std::size_t depth = 0;
    while (slot->occupant == Occupant::inner) {
        slot->is_stale = true;
        slot = &inner_[slot->index].children[side_at(key_hash, depth++)];
    }
    const auto hash = crypto::leaf_hash(key_hash, value_hash);
    if (slot->occupant == Occupant::leaf && leaves_[slot->index] == key_hash) {
        slot->hash = hash;
        return;
    }
    Slot added;
    added.hash = hash;
    added.index = leaves_.allocate();
    added.occupant = Occupant::leaf;
    leaves_[added.index] = key_hash;
    if (slot->occupant == Occupant::nothing)
        *slot = added;
    else
        split(*slot, depth, key_hash, added);
}

void SparseTree::split(Slot& slot, std::size_t depth, const Hash256& key_hash, const Slot& added) {
    const auto present = slot;
    const auto& present_key = leaves_[present.index];
    auto* place = &slot;
    for (;; ++depth) {
        CAIRN_ASSERT(depth < depth_max);
        place->index = inner_.allocate();
        place->occupant = Occupant::inner;
        place->is_stale = true;
        auto& children = inner_[place->index].children;
        const auto side = side_at(key_hash, depth);
        if (side != side_at(present_key, depth)) {
            children[side] = added;
            children[1 - side] = present;
            return;
        }
        place = &children[side];
    }
}

void SparseTree::erase(const Hash256& key_hash) {
    std::array<Slot*, depth_max> path{};
    std::size_t depth = 0;
    auto* slot = &root_;
    while (slot->occupant == Occupant::inner) {
        slot->is_stale = true;
        path[depth] = slot;
        slot = &inner_[slot->index].children[side_at(key_hash, depth++)];
    }
    CAIRN_ASSERT(slot->occupant == Occupant::leaf && leaves_[slot->index] == key_hash);
    leaves_.release(slot->index);
    *slot = Slot{};
    // A node that is left with a single leaf gives its place to that leaf, and so on upwards.
    while (depth-- > 0) {
        const auto index = path[depth]->index;
        const auto [left, right] = inner_[index].children;
        const auto& only = left.occupant == Occupant::nothing ? right : left;
        const auto& other = left.occupant == Occupant::nothing ? left : right;
        if (only.occupant != Occupant::leaf || other.occupant != Occupant::nothing)
            return;
        *path[depth] = only;
        inner_.release(index);
    }
}

void SparseTree::prefetch(std::span<const Hash256> key_hashes) const {
    CAIRN_ASSERT(key_hashes.size() <= prefetch_max);
    std::array<const Slot*, prefetch_max> slots{};
    slots.fill(&root_);
    auto is_descending = true;
    for (std::size_t depth = 0; is_descending; ++depth) {
        is_descending = false;
        for (std::size_t i = 0; i < key_hashes.size(); ++i) {
            auto& slot = slots[i];
            if (slot == nullptr)
                continue;
            const auto [occupant, index] = std::pair{slot->occupant, slot->index};
            slot = nullptr;
            if (occupant == Occupant::inner) {
                slot = &inner_[index].children[side_at(key_hashes[i], depth)];
                __builtin_prefetch(slot);
                is_descending = true;
            } else if (occupant == Occupant::leaf) {
                __builtin_prefetch(&leaves_[index]);
            }
        }
    }
}

const Hash256* SparseTree::known_hash(const Slot& slot) {
    return slot.is_stale ? nullptr : &slot.hash;
}

/// A change on its way down, in order of key hashes: their first bits choose the sides nearly
/// always, and no look at the change itself is needed.
struct SparseTree::Place {
    std::uint64_t bits = 0;
    const LeafChange* change = nullptr;

    friend bool operator<(const Place& left, const Place& right) {
        if (left.bits != right.bits)
            return left.bits < right.bits;
        return left.change->key_hash < right.change->key_hash;
    }

    [[nodiscard]] bool goes_right(std::size_t depth) const {
        return depth < bits_count ? (bits >> (bits_count - 1 - depth) & 1U) != 0
                                  : side_at(change->key_hash, depth) != 0;
    }

    static constexpr std::size_t bits_count = 64;
};

/// What is hashed at a time: a subtree with few changes, so that all of it stays in the
/// processor's cache.
struct SparseTree::Portion {
    /// Starts with the subtree at `depth` and its changes.
    void begin(std::size_t depth, std::span<const Place> places);

    std::span<const Place> changes;
    std::size_t top = 0;
    /// The hash of the leaf that each change makes.
    std::vector<Hash256> leaf_hashes;
    LevelHasher hasher;
};

void SparseTree::Portion::begin(std::size_t depth, std::span<const Place> places) {
    changes = places;
    top = depth;
    leaf_hashes.clear();
    for (const auto& [bits, change] : places) {
        leaf_hashes.push_back(change->key_hash);
        leaf_hashes.push_back(change->value_hash.value_or(Hash256{}));
    }
    crypto::hash_leaf_pairs(leaf_hashes);
}

std::array<SparseTree::Slot, 2> SparseTree::descend(
    const Slot& slot,
    std::size_t depth,
    std::span<const Place> changes,
    Portion& portion,
    Changed below
) const {
    CAIRN_ASSERT(depth < depth_max);
    std::array<Slot, 2> children{};
    // A leaf that others come to stand beside moves down with them.
    if (slot.occupant == Occupant::inner)
        children = inner_[slot.index].children;
    else if (slot.occupant == Occupant::leaf)
        children[side_at(leaves_[slot.index], depth)] = slot;
    const auto right =
        std::partition_point(changes.begin(), changes.end(), [depth](const Place& place) {
            return !place.goes_right(depth);
        });
    const auto left = static_cast<std::size_t>(right - changes.begin());
    children[0] = (this->*below)(children[0], depth + 1, changes.first(left), portion);
    children[1] = (this->*below)(children[1], depth + 1, changes.subspan(left), portion);
    return children;
}

const SparseTree::Slot* SparseTree::only_leaf(const std::array<Slot, 2>& children) {
    for (const auto side : {0U, 1U})
        if (children[side].occupant == Occupant::nothing &&
            children[1 - side].occupant != Occupant::inner)
            return &children[1 - side];
    return nullptr;
}

SparseTree::Slot SparseTree::changed(
    const Slot& slot, std::size_t depth, std::span<const Place> changes, Portion& portion
) const {
    if (changes.empty())
        return slot;
    const auto& first = *changes.front().change;
    const bool is_alone =
        slot.occupant == Occupant::nothing ||
        (slot.occupant == Occupant::leaf && leaves_[slot.index] == first.key_hash);
    if (changes.size() == 1 && is_alone) {
        Slot leaf;
        if (first.value_hash) {
            const auto place = static_cast<std::size_t>(&changes.front() - portion.changes.data());
            leaf.hash = portion.leaf_hashes[place];
            leaf.occupant = Occupant::leaf;
        }
        return leaf;
    }
    const auto children = descend(slot, depth, changes, portion, &SparseTree::changed);
    if (const auto* const leaf = only_leaf(children))
        return *leaf;
    portion.hasher.add(
        depth - portion.top, known_hash(children[0]), known_hash(children[1]), nullptr
    );
    Slot inner;
    inner.occupant = Occupant::inner;
    inner.is_stale = true;
    return inner;
}

SparseTree::Slot SparseTree::changed_by_portions(
    const Slot& slot, std::size_t depth, std::span<const Place> changes, Portion& portion
) const {
    if (changes.size() <= portion_changes_max) {
        portion.begin(depth, changes);
        auto result = changed(slot, depth, changes, portion);
        if (result.is_stale)
            result.hash = portion.hasher.finish();
        result.is_stale = false;
        return result;
    }
    const auto children = descend(slot, depth, changes, portion, &SparseTree::changed_by_portions);
    if (const auto* const leaf = only_leaf(children))
        return *leaf;
    Slot inner;
    inner.hash = crypto::node_hash(children[0].hash, children[1].hash);
    inner.occupant = Occupant::inner;
    return inner;
}

Hash256 SparseTree::root_after(std::span<const LeafChange> changes) {
    static_cast<void>(root());
    std::vector<Place> places;
    places.reserve(changes.size());
    for (const auto& change : changes)
        places.push_back({.bits = leading_number(change.key_hash), .change = &change});
    std::sort(places.begin(), places.end());
    Portion portion;
    return changed_by_portions(root_, 0, places, portion).hash;
}

void SparseTree::refresh(Slot& slot, std::size_t depth, LevelHasher& hasher) {
    if (!slot.is_stale)
        return;
    if (depth == portions_depth) {
        collect_stale(slot, 0, hasher);
        static_cast<void>(hasher.finish());
    } else {
        auto& [left, right] = inner_[slot.index].children;
        refresh(left, depth + 1, hasher);
        refresh(right, depth + 1, hasher);
        slot.hash = crypto::node_hash(left.hash, right.hash);
    }
    slot.is_stale = false;
}

void SparseTree::collect_stale(Slot& slot, std::size_t depth, LevelHasher& hasher) {
    if (!slot.is_stale)
        return;
    // The recursion ends: a key hash has 256 bits, so no path is longer.
    auto& [left, right] = inner_[slot.index].children;
    collect_stale(left, depth + 1, hasher);
    collect_stale(right, depth + 1, hasher);
    hasher.add(depth, known_hash(left), known_hash(right), &slot.hash);
    left.is_stale = false;
    right.is_stale = false;
}

Hash256 SparseTree::root() {
    LevelHasher hasher;
    refresh(root_, 0, hasher);
    return root_.hash;
}

}  // namespace cairn::state
