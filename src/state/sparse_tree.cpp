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

/// What `root_after` works on.
struct SparseTree::Plan {
    std::span<const LeafChange> changes;
    /// The hash of the leaf that each change makes.
    std::vector<Hash256> leaf_hashes;
    LevelHasher hasher;
};

SparseTree::Slot SparseTree::changed(
    const Slot& slot, std::size_t depth, std::span<const LeafChange> changes, Plan& plan
) const {
    if (changes.empty())
        return slot;
    const auto& first = changes.front();
    const bool is_leaf = slot.occupant == Occupant::leaf;
    const bool is_alone =
        slot.occupant == Occupant::nothing || (is_leaf && leaves_[slot.index] == first.key_hash);
    if (changes.size() == 1 && is_alone) {
        Slot leaf;
        if (first.value_hash) {
            const auto place = static_cast<std::size_t>(&first - plan.changes.data());
            leaf.hash = plan.leaf_hashes[place];
            leaf.occupant = Occupant::leaf;
        }
        return leaf;
    }
    CAIRN_ASSERT(depth < depth_max);
    // A leaf that others come to stand beside moves down with them.
    std::array<Slot, 2> children{};
    if (slot.occupant == Occupant::inner)
        children = inner_[slot.index].children;
    else if (is_leaf)
        children[side_at(leaves_[slot.index], depth)] = slot;
    const auto right =
        std::partition_point(changes.begin(), changes.end(), [depth](const LeafChange& change) {
            return side_at(change.key_hash, depth) == 0;
        });
    const auto left_count = static_cast<std::size_t>(right - changes.begin());
    children[0] = changed(children[0], depth + 1, changes.first(left_count), plan);
    children[1] = changed(children[1], depth + 1, changes.subspan(left_count), plan);
    // A node with a single leaf gives its place to that leaf.
    for (const auto side : {0U, 1U})
        if (children[side].occupant == Occupant::nothing &&
            children[1 - side].occupant != Occupant::inner)
            return children[1 - side];
    plan.hasher.add(depth, known_hash(children[0]), known_hash(children[1]), nullptr);
    Slot inner;
    inner.occupant = Occupant::inner;
    inner.is_stale = true;
    return inner;
}

Hash256 SparseTree::root_after(std::span<const LeafChange> changes) {
    static_cast<void>(root());
    Plan plan{.changes = changes, .leaf_hashes = {}, .hasher = {}};
    plan.leaf_hashes.reserve(2 * changes.size());
    for (const auto& change : changes) {
        plan.leaf_hashes.push_back(change.key_hash);
        plan.leaf_hashes.push_back(change.value_hash.value_or(Hash256{}));
    }
    crypto::hash_leaf_pairs(plan.leaf_hashes);
    const auto result = changed(root_, 0, changes, plan);
    return result.is_stale ? plan.hasher.finish() : result.hash;
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
