/// The chain: every known header in a tree, the active chain in a deque, the state at its tip.
///
/// Rules (spec 06 §6):
/// 1. The active chain is the valid branch with the most cumulative work; among equals the one
/// whose
///    body was complete first. What a peer claims of heights or work has no part in it.
/// 2. A reorganisation undoes and redoes in memory first; if a block of the new branch turns out
///    invalid, that block and its descendants are marked, and the old tip is restored exactly.
/// 3. Changes are collected in a batch. `commit()` makes them durable in one transaction; nothing
/// is
///    acknowledged to anyone before it. `begin_commit()` hands the batch out instead, to be written
///    by another thread while the next one is collected; answers are the same all the while.
/// 4. State is flushed when enough entries have changed, and whenever a reorganisation goes below
/// the
///    block whose state was flushed last; after a crash the blocks above that one are executed
///    again from disk, without their signatures.
/// 5. A store that does not give back what it holds is not written to any more: the move that
/// needed
///    it fails as `unreadable`, the chain stays as it was, and every `commit()` from then on fails,
///    which stops the node.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/chain/block_entry.hpp"
#include "cairn/chain/block_store.hpp"
#include "cairn/chain/checked_block.hpp"
#include "cairn/consensus/header_rules.hpp"
#include "cairn/state/state.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::chain {

/// How the active chain moved. Both lists are empty when a block only joined a side branch.
struct ChainChange {
    /// From the old tip down to, but not including, the fork.
    std::vector<std::shared_ptr<const CheckedBlock>> disconnected;
    /// From the fork, not included, up to the new tip.
    std::vector<std::shared_ptr<const CheckedBlock>> connected;
    /// Blocks that this attempt found invalid.
    std::vector<BlockHash> invalidated;

    [[nodiscard]] bool is_reorganisation() const { return !disconnected.empty(); }

    [[nodiscard]] bool moved() const { return !connected.empty(); }
};

/// Changed state entries that trigger a flush: sorted batches of this size are where LMDB is fast.
inline constexpr std::size_t dirty_entries_max = 100'000;

/// A batch on its way to the store, of which `write` makes it durable. That need not run on the
/// chain's thread, but what it was given must outlive it.
class StartedCommit {
  public:
    StartedCommit(BlockStore& store, std::shared_ptr<const StoreBatch> batch)
        : store_{&store}, batch_{std::move(batch)} {}

    [[nodiscard]] Result<void, StoreError> write() const { return store_->commit(*batch_); }

  private:
    BlockStore* store_;
    std::shared_ptr<const StoreBatch> batch_;
};

class Blockchain {
  public:
    /// Opens the chain that `store` holds, or starts it with the genesis of `spec`. `spec`,
    /// `engine` and `store` must outlive it. `salt` seeds hash maps. Errors: those of the store;
    /// `corrupt` when what is stored does not fit together; `other_chain` when its genesis is
    /// another.
    [[nodiscard]] static Result<std::unique_ptr<Blockchain>, StoreError> open(
        const ledger::ChainSpec& spec,
        const consensus::Engine& engine,
        BlockStore& store,
        std::uint64_t salt
    );

    ~Blockchain();
    Blockchain(const Blockchain&) = delete;
    Blockchain& operator=(const Blockchain&) = delete;

    /// @name Commands
    /// @{
    /// Adds a header to the tree. Errors: `header`, `unknown_parent`, `invalid_parent`,
    /// `known_invalid`. A header that is known already is no error.
    [[nodiscard]] Result<void, BlockError> add_header(
        const ledger::SealedHeader& head, const BlockHash& hash, UnixMillis now
    );

    /// Takes a block, adds its header if need be, and moves to the heaviest branch.
    /// Errors: the contextual group of `BlockRule`, and `header`. On error the active chain is as
    /// before. A body on a side branch that is not the heaviest gives an empty change.
    [[nodiscard]] Result<ChainChange, BlockError> submit(
        std::shared_ptr<const CheckedBlock> block, UnixMillis now
    );

    /// Marks a block and its descendants invalid by command and moves to the best other branch.
    /// Errors: `unknown_parent` for genesis or an unknown block, `unreadable`.
    [[nodiscard]] Result<ChainChange, BlockError> invalidate(const BlockHash& hash);

    /// Makes everything since the last commit durable. Does nothing when there is nothing.
    /// Errors: those of the store; after `unreadable` always the reason of it.
    [[nodiscard]] Result<void, StoreError> commit();
    /// Flushes the state as well: what a clean stop does.
    [[nodiscard]] Result<void, StoreError> flush();
    /// Hands out everything since the last commit, or nothing when there is nothing. Until
    /// `end_commit` has been told how that went, neither this nor `commit` nor `flush` may be
    /// called. Errors: as `commit`.
    [[nodiscard]] Result<std::optional<StartedCommit>, StoreError> begin_commit();
    /// Takes what `write` returned, and returns it. After an error there is nothing to commit to:
    /// `commit` and the others return it from then on.
    [[nodiscard]] Result<void, StoreError> end_commit(const Result<void, StoreError>& written);
    /// @}

    /// @name Queries
    /// @{
    [[nodiscard]] const ledger::ChainSpec& spec() const;
    [[nodiscard]] const consensus::Engine& engine() const;
    [[nodiscard]] const ChainId& id() const;

    /// The last block of the active chain. Valid until the chain changes, like all entries below.
    [[nodiscard]] const BlockEntry& tip() const;
    /// The block at `height` of the active chain, or null.
    [[nodiscard]] const BlockEntry* at(Height height) const;
    /// Any block of the tree, or null.
    [[nodiscard]] const BlockEntry* find(const BlockHash& hash) const;
    /// Whether `hash` is remembered as invalid, even where its header has left the tree.
    [[nodiscard]] bool is_invalid(const BlockHash& hash) const;
    /// The ancestor of `entry` at `height`, which must not exceed its own.
    [[nodiscard]] const BlockEntry* ancestor(const BlockEntry& entry, Height height) const;
    /// The entry with the most work whose branch is not known to be invalid; bodies may be missing.
    [[nodiscard]] const BlockEntry& best_header() const;
    /// Tips of all branches, the active one included, by work from the most.
    [[nodiscard]] std::vector<const BlockEntry*> branch_tips() const;
    [[nodiscard]] UnixMillis median_time_past(const BlockEntry& entry) const;

    /// Hashes from `from` back to genesis: the last eleven one by one, then in doubling steps.
    [[nodiscard]] std::vector<BlockHash> locator(const BlockEntry& from) const;
    /// The highest block of the active chain that `locator` names; genesis when it names none.
    [[nodiscard]] const BlockEntry& fork_point(const std::vector<BlockHash>& locator) const;
    /// Blocks on the way to `target` whose bodies are missing, lowest first, at most `count`.
    [[nodiscard]] std::vector<BlockHash> missing_bodies(const BlockEntry& target, std::size_t count)
        const;

    /// The state at the tip.
    [[nodiscard]] const state::State& state() const;
    /// @{
    /// The state root that the tip's child would have if its transactions made these changes; an
    /// overlay must lie over `state()` itself.
    [[nodiscard]] ledger::StateRoot root_after(const state::StateDiff& diff);
    [[nodiscard]] ledger::StateRoot root_after(const state::Overlay& changes);
    /// @}

    /// A block's bytes, from the batch or the disk; nothing when the body is unknown.
    [[nodiscard]] Result<std::optional<Bytes>, StoreError> read_body(const BlockHash& hash) const;
    /// Where a transaction of the active chain stands.
    [[nodiscard]] Result<std::optional<TransactionPlace>, StoreError> find_transaction(
        const TxId& id
    ) const;
    /// Where the transactions of the active chain stand that concern `subject`, within `range`.
    [[nodiscard]] Result<std::vector<TransactionPlace>, StoreError> find_places(
        const Subject& subject, const PlaceRange& range
    ) const;
    /// Bytes waiting for the next commit.
    [[nodiscard]] std::size_t uncommitted_bytes() const;
    /// @}

  private:
    struct Parts;
    explicit Blockchain(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::chain
