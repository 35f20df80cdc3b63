#include "cairn/state/sparse_tree.hpp"

#include "cairn/crypto/merkle.hpp"

#include <algorithm>
#include <utility>

namespace cairn::state {

namespace {

constexpr std::size_t depth_max = 8 * Hash256::size;

/// The side that `key_hash` takes at `depth`.
std::size_t side_at(const Hash256& key_hash, std::size_t depth) {
    return (key_hash.bytes[depth / 8] >> (7 - depth % 8)) & 1U;
}

Hash256 make_leaf_hash(const Hash256& key_hash, const Hash256& value_hash) {
    std::array<std::uint8_t, 2 * Hash256::size> content{};
    std::copy(key_hash.bytes.begin(), key_hash.bytes.end(), content.begin());
    std::copy(value_hash.bytes.begin(), value_hash.bytes.end(), content.begin() + Hash256::size);
    return crypto::leaf_hash(content);
}

}  // namespace

void SparseTree::set(const Hash256& key_hash, const Hash256& value_hash) {
    auto* slot = &root_;
    std::size_t depth = 0;
    while (slot->occupant == Occupant::inner) {
        slot->is_stale = true;
        slot = &inner_[slot->index].children[side_at(key_hash, depth++)];
    }
    const auto hash = make_leaf_hash(key_hash, value_hash);
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

void SparseTree::refresh(Slot& slot) {
    if (!slot.is_stale)
        return;
    // The recursion ends: a key hash has 256 bits, so no path is longer.
    auto& [left, right] = inner_[slot.index].children;
    refresh(left);
    refresh(right);
    slot.hash = crypto::node_hash(left.hash, right.hash);
    slot.is_stale = false;
}

SparseTree::Slot SparseTree::changed(
    const Slot& slot, std::size_t depth, std::span<const LeafChange> changes
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
            leaf.hash = make_leaf_hash(first.key_hash, *first.value_hash);
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
    children[0] = changed(children[0], depth + 1, changes.first(left_count));
    children[1] = changed(children[1], depth + 1, changes.subspan(left_count));
    // A node with a single leaf gives its place to that leaf.
    for (const auto side : {0U, 1U})
        if (children[side].occupant == Occupant::nothing &&
            children[1 - side].occupant != Occupant::inner)
            return children[1 - side];
    Slot inner;
    inner.hash = crypto::node_hash(children[0].hash, children[1].hash);
    inner.occupant = Occupant::inner;
    return inner;
}

Hash256 SparseTree::root_after(std::span<const LeafChange> changes) {
    refresh(root_);
    return changed(root_, 0, changes).hash;
}

Hash256 SparseTree::root() {
    refresh(root_);
    return root_.hash;
}

}  // namespace cairn::state
