/// The authenticated tree of the state: a compact sparse Merkle tree over hashed keys (spec 07).
///
/// Rules:
/// 1. A leaf is H(0x00 || key hash || value hash), an inner node H(0x01 || left || right), an empty
///    subtree 32 zeros. Bit `d` of the key hash, the most significant first, chooses the side at
///    depth `d`: 0 left, 1 right.
/// 2. A subtree with exactly one leaf is that leaf, at whatever depth it stands. So an inner node
///    always has two or more leaves below it, and the tree's shape, with its root, depends on the
///    set of leaves alone.
/// 3. A change only marks the nodes above it; `root` hashes the marked ones once, however many
///    changes came before.
///
/// Memory: 32 bytes a leaf and 80 an inner node, of which random keys need 1.44 a leaf.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/state/arena.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cairn::state {

class LevelHasher;

class SparseTree {
  public:
    /// Inserts the leaf of `key_hash`, or gives it another value.
    void set(const Hash256& key_hash, const Hash256& value_hash);
    /// Removes the leaf of `key_hash`, which must exist.
    void erase(const Hash256& key_hash);

    /// The most key hashes that one `prefetch` takes.
    static constexpr std::size_t prefetch_max = 16;

    /// Brings the paths to `key_hashes` into the processor's cache, all at a time: in a large tree
    /// the ways of many changes would else be waited for step by step. Changes nothing.
    void prefetch(std::span<const Hash256> key_hashes) const;

    /// The root hash; zeros when there are no leaves.
    [[nodiscard]] Hash256 root();

    /// What becomes of one leaf.
    struct LeafChange {
        Hash256 key_hash;
        /// Nothing: the leaf goes.
        std::optional<Hash256> value_hash;
    };

    /// The root that the tree would have after `changes`, in any order, each key once. The tree
    /// stays as it is: nothing is inserted only to be taken out again.
    [[nodiscard]] Hash256 root_after(std::span<const LeafChange> changes);

    /// The number of leaves.
    [[nodiscard]] std::size_t size() const { return leaves_.size(); }

    /// The number of inner nodes.
    [[nodiscard]] std::size_t inner_nodes() const { return inner_.size(); }

  private:
    enum class Occupant : std::uint8_t { nothing, leaf, inner };

    /// A place where a subtree hangs, with the subtree's hash: so a node is hashed without a visit
    /// to its children, which in a large tree would be two cache misses.
    struct Slot {
        Hash256 hash;
        /// The index of the leaf or inner node.
        std::uint32_t index = 0;
        Occupant occupant = Occupant::nothing;
        /// True for an inner node when a leaf below changed after `hash` was computed.
        bool is_stale = false;
    };

    struct Place;
    struct Portion;

    struct Inner {
        std::array<Slot, 2> children{};
    };

    /// Moves the leaf in `slot` down until `added`, whose key hash is `key_hash`, can stand beside
    /// it: at the first depth from `depth` on where the two part.
    void split(Slot& slot, std::size_t depth, const Hash256& key_hash, const Slot& added);
    /// Null for a slot whose hash is yet to be made.
    [[nodiscard]] static const Hash256* known_hash(const Slot& slot);
    /// Hashes what is stale from `slot`, which is at `depth`, downwards. Deep subtrees are hashed
    /// one by one, so that a whole tree takes little memory for it.
    void refresh(Slot& slot, std::size_t depth, LevelHasher& hasher);
    /// Adds the stale nodes from `slot`, which is at `depth`, downwards to `hasher`. Those below
    /// `slot` are stale no more; its own mark is the caller's.
    void collect_stale(Slot& slot, std::size_t depth, LevelHasher& hasher);
    /// One of the two functions below.
    using Changed = Slot (SparseTree::*)(
        const Slot& slot, std::size_t depth, std::span<const Place> changes, Portion& portion
    ) const;

    /// The children of a slot at `depth`, each as `below` makes it of its part of `changes`.
    [[nodiscard]] std::array<Slot, 2> descend(
        const Slot& slot,
        std::size_t depth,
        std::span<const Place> changes,
        Portion& portion,
        Changed below
    ) const;
    /// What takes the place of a node with `children` by rule 2: its only leaf, or nothing at all.
    /// Null for a node that stays.
    [[nodiscard]] static const Slot* only_leaf(const std::array<Slot, 2>& children);
    /// @{
    /// The slot as it would be at `depth` after `changes`, which all belong below it. Of the
    /// result, the occupant counts, and the hash unless it is stale: then `portion` makes it.
    [[nodiscard]] Slot changed(
        const Slot& slot, std::size_t depth, std::span<const Place> changes, Portion& portion
    ) const;
    [[nodiscard]] Slot changed_by_portions(
        const Slot& slot, std::size_t depth, std::span<const Place> changes, Portion& portion
    ) const;
    /// @}

    Slot root_;
    /// The key hash of each leaf.
    Arena<Hash256> leaves_;
    Arena<Inner> inner_;
};

}  // namespace cairn::state
