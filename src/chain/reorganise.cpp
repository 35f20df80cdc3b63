// Moving the tip: connect, disconnect, and the way back when a branch turns out invalid.
#include "src/chain/parts.hpp"
#include "src/chain/refused.hpp"

#include "cairn/base/assert.hpp"

#include <utility>

namespace cairn::chain {

namespace {

/// Takes `hash` off the end of `list` when it is there: a move and its reverse leave no trace.
template <class Entry>
bool cancel_last(std::vector<Entry>& list, const BlockHash& hash) {
    if (list.empty() || list.back().hash != hash)
        return false;
    list.pop_back();
    return true;
}

tl::unexpected<BlockError> cannot_execute(
    const CheckedBlock& block, execution::ExecutionError error
) {
    // The first is the coinbase, which the rules on it name.
    const bool is_coinbase = block.block().transactions.empty() ||
                             (error.index == 0 && block.block().transactions[0].is_coinbase());
    auto refusal = refused(
        BlockRule::execution,
        error.expected,
        is_coinbase ? error.actual : with_transaction(error.actual, block.ids(), error.index)
    );
    refusal.value().execution = std::move(error);
    return refusal;
}

}  // namespace

void Blockchain::Parts::remember_changes(const state::StateDiff& diff) {
    for (const auto& change : diff.changes)
        dirty[change.key] = change.after;
}

Result<BlockPointer, BlockError> Blockchain::Parts::load(const BlockHash& hash) {
    if (const auto place = uncommitted.find(hash); place != uncommitted.end())
        return place->second;
    auto bytes = store.read_body(hash);
    if (!bytes)
        return give_up(bytes.error());
    if (!*bytes)
        return give_up(StoreError::corrupt);
    auto block = checker.restore(std::move(**bytes));
    if (!block)
        return give_up(StoreError::corrupt);
    return std::make_shared<const CheckedBlock>(std::move(*block));
}

Result<Bytes, BlockError> Blockchain::Parts::load_undo(const BlockHash& hash) {
    if (const auto place = uncommitted_undo.find(hash); place != uncommitted_undo.end())
        return place->second;
    auto undo = store.read_undo(hash);
    if (!undo)
        return give_up(undo.error());
    if (!*undo)
        return give_up(StoreError::corrupt);
    return std::move(**undo);
}

tl::unexpected<BlockError> Blockchain::Parts::give_up(StoreError error) {
    store_failure = error;
    return refused(BlockRule::unreadable);
}

Result<void, BlockError> Blockchain::Parts::connect(const BlockPointer& block) {
    const auto& header = block->head().header;
    CAIRN_ASSERT(header.previous == tree.tip().hash);
    auto diff = execution::execute_block(state, spec, header.height, block->block().transactions);
    if (!diff)
        return cannot_execute(*block, std::move(diff.error()));
    state.apply(*diff);
    if (const auto root = state.root(); root != header.state_root) {
        state.revert(*diff);
        return refused(BlockRule::wrong_state_root, to_hex(root), to_hex(header.state_root));
    }
    remember_changes(*diff);
    const auto hash = block->hash();
    auto undo = state::encode_undo(*diff);
    batch_bytes += undo.size();
    uncommitted_undo[hash] = undo;
    batch.undos.push_back({.hash = hash, .undo = std::move(undo)});
    batch.connected.push_back(
        {.height = header.height, .hash = hash, .head = block->head(), .index = block->index()}
    );
    tree.push(hash);
    return {};
}

Result<BlockPointer, BlockError> Blockchain::Parts::disconnect() {
    const auto hash = tree.tip().hash;
    auto block = load(hash);
    if (!block)
        return block;
    const auto undo = load_undo(hash);
    if (!undo)
        return tl::unexpected{undo.error()};
    auto diff = state::decode_undo(*undo);
    if (!diff)
        return give_up(StoreError::corrupt);
    take_off(**block, std::move(*diff));
    return block;
}

void Blockchain::Parts::take_off(const CheckedBlock& block, state::StateDiff diff) {
    // The stored form knows the values to go back to; those to come forward to are the present
    // ones.
    for (auto& change : diff.changes) {
        const auto present = state.find(change.key);
        change.before = present ? std::optional{state::to_value(*present)} : std::nullopt;
    }
    state.apply(diff);
    remember_changes(diff);
    const auto height = tree.tip().height();
    if (height <= flushed_height)
        must_flush = true;
    if (!cancel_last(batch.connected, block.hash()))
        batch.disconnected.push_back(
            {.height = height, .hash = block.hash(), .index = block.index()}
        );
    tree.pop();
}

Result<ChainChange, BlockError> Blockchain::Parts::move_to(const BlockHash& target) {
    std::vector<BlockHash> way;
    const auto* fork = tree.find(target);
    for (; !fork->is_active(); fork = tree.parent(*fork))
        way.push_back(fork->hash);
    const auto fork_hash = fork->hash;

    ChainChange change;
    std::optional<BlockError> failure;
    while (!failure && tree.tip().hash != fork_hash) {
        if (auto block = disconnect())
            change.disconnected.push_back(std::move(*block));
        else
            failure = block.error();
    }
    for (auto next = way.rbegin(); next != way.rend() && !failure; ++next) {
        auto block = load(*next);
        const auto done = block ? connect(*block) : tl::unexpected{block.error()};
        if (done) {
            change.connected.push_back(std::move(*block));
        } else {
            failure = done.error();
            if (is_permanent(*failure))
                for (const auto& hash : tree.mark_invalid(*next)) {
                    invalid.insert(hash);
                    batch.invalid.push_back(hash);
                }
        }
    }
    if (!failure)
        return change;
    go_back(change);
    return tl::unexpected{*failure};
}

void Blockchain::Parts::go_back(const ChainChange& change) {
    // All of it is in memory, and the old blocks were executed before on the same state: neither
    // direction can fail.
    for (auto block = change.connected.rbegin(); block != change.connected.rend(); ++block) {
        auto diff = state::decode_undo(uncommitted_undo.at((*block)->hash()));
        CAIRN_ASSERT(diff.has_value());
        take_off(**block, std::move(*diff));
    }
    for (auto block = change.disconnected.rbegin(); block != change.disconnected.rend(); ++block) {
        const auto again = connect(*block);
        CAIRN_ASSERT(again.has_value());
    }
}

void Blockchain::Parts::settle(ChainChange& change) {
    while (const auto* better = tree.heaviest_stored()) {
        auto moved = move_to(better->hash);
        if (!moved) {
            if (!is_permanent(moved.error()))
                return;
            continue;
        }
        change.disconnected.insert(
            change.disconnected.end(), moved->disconnected.begin(), moved->disconnected.end()
        );
        change.connected.insert(
            change.connected.end(), moved->connected.begin(), moved->connected.end()
        );
    }
}

}  // namespace cairn::chain
