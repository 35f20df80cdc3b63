/// What a `Blockchain` is made of, shared by the files that implement it.
#pragma once

#include "src/chain/block_tree.hpp"

#include "cairn/chain/blockchain.hpp"

#include <absl/container/flat_hash_map.h>

#include <map>
#include <set>

namespace cairn::chain {

/// Blocks after which the state is flushed even if few entries changed: what a restart after a
/// crash executes again at most, together with the batches that were lost.
inline constexpr std::uint64_t blocks_between_flushes_max = 5'000;

using BlockPointer = std::shared_ptr<const CheckedBlock>;

/// The part of the active chain that the store may not hold yet, or hold otherwise.
struct UnstoredBlocks {
    /// Below this height the store has the active chain.
    Height from{quantity_max};
    /// Those from there on, upwards.
    std::vector<const StoreBatch::Connected*> blocks;
};

struct Blockchain::Parts {
    Parts(
        const ledger::ChainSpec& chain_spec,
        const consensus::Engine& chain_engine,
        BlockStore& block_store,
        std::uint64_t salt
    );

    /// @name Moving the tip (reorganise.cpp)
    /// @{
    /// Moves to the branch that ends in `target`, or leaves everything as it was.
    [[nodiscard]] Result<ChainChange, BlockError> move_to(const BlockHash& target);
    /// Executes `block` on the tip. On error nothing has changed.
    [[nodiscard]] Result<void, BlockError> connect(const BlockPointer& block);
    /// Takes the tip back. On error, `unreadable`, nothing has changed.
    [[nodiscard]] Result<BlockPointer, BlockError> disconnect();
    /// Takes `block`, which is the tip, back; `diff` is its undo data.
    void take_off(const CheckedBlock& block, state::StateDiff diff);
    /// Undoes what a move that failed had done until then.
    void go_back(const ChainChange& change);
    /// Moves to the heaviest stored branch, again and again while branches turn out invalid.
    void settle(ChainChange& change);
    void remember_changes(const state::StateDiff& diff);
    [[nodiscard]] Result<BlockPointer, BlockError> load(const BlockHash& hash);
    [[nodiscard]] Result<Bytes, BlockError> load_undo(const BlockHash& hash);
    /// The store did not give back what it holds: it is not written to any more.
    [[nodiscard]] tl::unexpected<BlockError> give_up(StoreError error);
    /// @}

    /// @name Opening (open.cpp)
    /// @{
    [[nodiscard]] Result<void, StoreError> start();
    [[nodiscard]] Result<void, StoreError> restore();
    [[nodiscard]] Result<void, StoreError> restore_headers();
    [[nodiscard]] Result<void, StoreError> restore_state();
    [[nodiscard]] Result<BlockHash, StoreError> undo_to_active(BlockHash flushed);
    [[nodiscard]] Result<void, StoreError> execute_again(Height above);
    /// @}

    /// A new entry on top of `parent`.
    [[nodiscard]] BlockEntry make_entry(
        const ledger::SealedHeader& head, const BlockHash& hash, const BlockEntry& parent
    ) const;
    [[nodiscard]] UnixMillis median_time_past(const BlockEntry& entry) const;
    [[nodiscard]] Result<std::optional<Bytes>, StoreError> read_body(const BlockHash& hash) const;
    [[nodiscard]] Result<void, StoreError> commit(bool with_state);
    [[nodiscard]] Result<std::optional<StartedCommit>, StoreError> begin_commit();
    [[nodiscard]] Result<void, StoreError> end_commit(const Result<void, StoreError>& written);
    /// Adds the changed state to the batch, if it is time for that or `is_wanted`.
    void add_state(bool is_wanted);
    /// The state of the batch has left, or will before any later one.
    void forget_added_state();
    [[nodiscard]] UnstoredBlocks unstored() const;
    /// Whether a batch takes a block off the active chain that had the transaction.
    [[nodiscard]] bool is_taken_off(const TxId& transaction) const;

    const ledger::ChainSpec& spec;
    const consensus::Engine& engine;
    BlockStore& store;
    ledger::Block genesis;
    ChainId id;
    BlockChecker checker;
    BlockTree tree;
    state::State state;
    std::uint64_t arrivals = 0;

    /// What the next commit writes.
    StoreBatch batch;
    std::size_t batch_bytes = 0;
    /// What is being written, from `begin_commit` to `end_commit`: the store may or may not have
    /// it. One that failed stays.
    std::shared_ptr<const StoreBatch> in_flight;
    /// Blocks whose bodies are not on disk yet.
    absl::flat_hash_map<BlockHash, std::shared_ptr<const CheckedBlock>, SaltedHash> uncommitted;
    absl::flat_hash_map<BlockHash, Bytes, SaltedHash> uncommitted_undo;
    /// Entries changed since the last flush, with their present values.
    std::map<state::StateKey, std::optional<state::StateValue>> dirty;
    Height flushed_height;
    bool must_flush = false;
    /// Set by `give_up` and `end_commit`, for good.
    std::optional<StoreError> store_failure;
    /// Refused by rules that their hashes commit to, though their headers left the tree.
    std::set<BlockHash> invalid;
};

}  // namespace cairn::chain
