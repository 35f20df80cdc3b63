/// The index of all known blocks: the active chain in a deque, everything else in a map.
///
/// Rules:
/// 1. An entry is in exactly one of the two. It moves when the active chain does, so pointers to
///    entries are good until the next `push` or `pop`.
/// 2. Every entry's parent is in the tree, and genesis is always active.
/// 3. The best header's branch above the active chain is kept as a list, because sync asks for it
///    after every block.
/// 4. Entries without a body off that list are bounded; the lightest leave first.
#pragma once

#include "cairn/chain/block_entry.hpp"

#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace cairn::chain {

/// Headers without bodies off the best branch that are kept: about 60 MB.
inline constexpr std::size_t side_headers_max = 200'000;

/// A hash of block hashes that nobody outside can steer: mining one costs work, and the salt is
/// ours.
struct SaltedHash {
    std::uint64_t salt = 0;

    template <class Tag>
    std::size_t operator()(const TaggedHash<Tag>& hash) const {
        return (first_eight_bytes(hash) ^ salt) * 0x9e3779b97f4a7c15U;
    }
};

class BlockTree {
  public:
    explicit BlockTree(std::uint64_t salt);

    /// @name Commands
    /// @{
    /// Adds a block beside the active chain. Its parent must be known and it must be new.
    BlockEntry& add_side(BlockEntry entry);
    /// Makes a side entry the new tip; its parent must be the tip.
    void push(const BlockHash& hash);
    /// Starts the active chain, or extends it with a block that is not in the tree yet.
    void push_new(BlockEntry entry);
    /// Takes the tip off the active chain; it stays beside it as `stored`.
    void pop();
    /// Marks `hash` and all that stands on it invalid. None of them may be active.
    std::vector<BlockHash> mark_invalid(const BlockHash& hash);
    /// Lets the lightest body-less entries go when there are more than `side_headers_max`.
    void prune();

    /// @}

    /// @name Queries
    /// @{
    [[nodiscard]] const std::deque<BlockEntry>& active() const { return active_; }

    [[nodiscard]] const BlockEntry& tip() const { return active_.back(); }

    [[nodiscard]] const BlockEntry* at(Height height) const;
    [[nodiscard]] const BlockEntry* find(const BlockHash& hash) const;
    [[nodiscard]] BlockEntry* find_side(const BlockHash& hash);
    [[nodiscard]] const BlockEntry* parent(const BlockEntry& entry) const;
    [[nodiscard]] const BlockEntry& best_header() const;

    /// The best header's branch above its fork from the active chain, lowest first.
    [[nodiscard]] const std::deque<BlockHash>& ahead() const { return ahead_; }

    /// Valid leaves, the active tip included, by work from the most.
    [[nodiscard]] std::vector<const BlockEntry*> tips() const;
    /// The stored, valid entry that is heavier than the tip, the heaviest and first come; or null.
    [[nodiscard]] const BlockEntry* heaviest_stored() const;
    /// @}

  private:
    void consider_best(const BlockEntry& entry);
    /// Finds the best header anew, after a branch was lost.
    void find_best();
    void rebuild_ahead();

    std::deque<BlockEntry> active_;
    absl::flat_hash_map<BlockHash, Height, SaltedHash> heights_;
    absl::node_hash_map<BlockHash, BlockEntry, SaltedHash> side_;
    BlockHash best_;
    std::deque<BlockHash> ahead_;
};

}  // namespace cairn::chain
