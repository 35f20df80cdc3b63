/// The hashes of a tree's inner nodes, level by level from the deepest up: the nodes of a level do
/// not wait for each other, so they are hashed many at a time.
#pragma once

#include "cairn/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::state {

class LevelHasher {
  public:
    /// Adds a node at `depth` with the hashes of its children. A null one stands for a child that
    /// was added itself: that must have come before its parent, and a left one before a right one.
    /// The node's own hash goes to `result` too, unless that is null; it must stay where it is.
    void add(std::size_t depth, const Hash256* left, const Hash256* right, Hash256* result);

    /// Hashes all; the hash of the only node at depth 0, which must have been added. Then it is
    /// empty, and keeps its memory for the next tree.
    [[nodiscard]] Hash256 finish();

  private:
    struct Level {
        /// Two hashes a node.
        std::vector<Hash256> children;
        /// For each node: where its parent's level has it, and where else its hash goes.
        std::vector<std::uint32_t> places;
        std::vector<Hash256*> results;
    };

    void add_child(std::size_t depth, const Hash256* hash);
    [[nodiscard]] Level& level(std::size_t depth);

    std::vector<Level> levels_;
};

}  // namespace cairn::state
