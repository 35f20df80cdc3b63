/// What a `Blockchain` is made of, shared by the files that implement it.
#pragma once

#include "src/chain/block_tree.hpp"

#include "cairn/chain/blockchain.hpp"

#include <absl/container/flat_hash_map.h>

#include <map>
#include <set>

namespace cairn::chain {

/// Blocks after which the state is flushed even if few entries changed: what a restart after a
/// crash executes again at most, together with the batch that was lost.
inline constexpr std::uint64_t blocks_between_flushes_max = 5'000;

/// A block on its way between the active chain and a side branch, with what it changed.
struct Step {
    std::shared_ptr<const CheckedBlock> block;
    state::StateDiff diff;
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
    [[nodiscard]] Result<Step, BlockError> connect(std::shared_ptr<const CheckedBlock> block);
    /// Takes the tip back.
    [[nodiscard]] Result<Step, BlockError> disconnect();
    /// Moves to the heaviest stored branch, again and again while branches turn out invalid.
    void settle(ChainChange& change);
    void remember_changes(const state::StateDiff& diff, bool forward);
    [[nodiscard]] Result<std::shared_ptr<const CheckedBlock>, BlockError> load(const BlockHash& hash
    );
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
    /// Blocks whose bodies are not on disk yet.
    absl::flat_hash_map<BlockHash, std::shared_ptr<const CheckedBlock>, SaltedHash> uncommitted;
    absl::flat_hash_map<BlockHash, Bytes, SaltedHash> uncommitted_undo;
    /// Entries changed since the last flush, with their present values.
    std::map<Bytes, std::optional<Bytes>> dirty;
    Height flushed_height;
    bool must_flush = false;
    /// Refused by rules that their hashes commit to, though their headers left the tree.
    std::set<BlockHash> invalid;
};

}  // namespace cairn::chain
