// Moving the tip: connect, disconnect, and the way back when a branch turns out invalid.
#include "src/chain/parts.hpp"

#include "cairn/base/assert.hpp"

#include <utility>

namespace cairn::chain {

namespace {

tl::unexpected<BlockError> refused(BlockRule rule) {
    return tl::unexpected{BlockError{.rule = rule}};
}

/// Takes `hash` off the end of `list` when it is there: a move and its reverse leave no trace.
template <class Entry>
bool cancel_last(std::vector<Entry>& list, const BlockHash& hash) {
    if (list.empty() || list.back().hash != hash)
        return false;
    list.pop_back();
    return true;
}

}  // namespace

void Blockchain::Parts::remember_changes(const state::StateDiff& diff, bool forward) {
    for (const auto& change : diff.changes)
        dirty[change.key] = forward ? change.after : change.before;
}

Result<std::shared_ptr<const CheckedBlock>, BlockError> Blockchain::Parts::load(
    const BlockHash& hash
) {
    if (const auto place = uncommitted.find(hash); place != uncommitted.end())
        return place->second;
    auto bytes = store.read_body(hash);
    if (!bytes || !*bytes)
        return refused(BlockRule::unreadable);
    auto block = checker.restore(std::move(**bytes));
    if (!block)
        return refused(BlockRule::unreadable);
    return std::make_shared<const CheckedBlock>(std::move(*block));
}

Result<Step, BlockError> Blockchain::Parts::connect(std::shared_ptr<const CheckedBlock> block) {
    const auto& header = block->head().header;
    CAIRN_ASSERT(header.previous == tree.tip().hash);
    auto diff = execution::execute_block(state, spec, header.height, block->block().transactions);
    if (!diff)
        return tl::unexpected{BlockError{.rule = BlockRule::execution, .execution = diff.error()}};
    state.apply(*diff);
    if (state.root() != header.state_root) {
        state.revert(*diff);
        return refused(BlockRule::wrong_state_root);
    }
    remember_changes(*diff, true);
    const auto hash = block->hash();
    auto undo = state::encode_undo(*diff);
    batch_bytes += undo.size();
    uncommitted_undo[hash] = undo;
    batch.undos.push_back({.hash = hash, .undo = std::move(undo)});
    batch.connected.push_back(
        {.height = header.height, .hash = hash, .head = block->head(), .ids = block->ids()}
    );
    tree.push(hash);
    return Step{.block = std::move(block), .diff = std::move(*diff)};
}

Result<Step, BlockError> Blockchain::Parts::disconnect() {
    const auto hash = tree.tip().hash;
    const auto height = tree.tip().height();
    auto block = load(hash);
    if (!block)
        return tl::unexpected{block.error()};
    Bytes undo;
    if (const auto place = uncommitted_undo.find(hash); place != uncommitted_undo.end()) {
        undo = place->second;
    } else {
        auto stored = store.read_undo(hash);
        if (!stored || !*stored)
            return refused(BlockRule::unreadable);
        undo = std::move(**stored);
    }
    auto diff = state::decode_undo(undo);
    if (!diff)
        return refused(BlockRule::unreadable);
    // The stored form knows the values to go back to; those to come forward to are the present
    // ones.
    for (auto& change : diff->changes) {
        const auto present = state.find(change.key);
        change.before = present ? std::optional{to_bytes(*present)} : std::nullopt;
    }
    state.apply(*diff);
    remember_changes(*diff, true);
    if (height <= flushed_height)
        must_flush = true;
    if (!cancel_last(batch.connected, hash))
        batch.disconnected.push_back({.height = height, .hash = hash, .ids = (*block)->ids()});
    tree.pop();
    return Step{.block = std::move(*block), .diff = std::move(*diff)};
}

Result<ChainChange, BlockError> Blockchain::Parts::move_to(const BlockHash& target) {
    std::vector<BlockHash> way;
    const auto* fork = tree.find(target);
    for (; !fork->is_active(); fork = tree.parent(*fork))
        way.push_back(fork->hash);
    const auto fork_hash = fork->hash;

    ChainChange change;
    std::vector<Step> undone;
    while (tree.tip().hash != fork_hash) {
        auto step = disconnect();
        if (!step)
            return tl::unexpected{step.error()};
        change.disconnected.push_back(step->block);
        undone.push_back(std::move(*step));
    }
    std::optional<BlockError> failure;
    for (auto next = way.rbegin(); next != way.rend() && !failure; ++next) {
        auto block = load(*next);
        auto step = block ? connect(std::move(*block))
                          : Result<Step, BlockError>{tl::unexpected{block.error()}};
        if (step) {
            change.connected.push_back(step->block);
        } else {
            failure = step.error();
            if (is_permanent(*failure))
                for (const auto& hash : tree.mark_invalid(*next)) {
                    invalid.insert(hash);
                    batch.invalid.push_back(hash);
                }
        }
    }
    if (!failure)
        return change;

    // Back to where we came from: take the new branch off, put the old blocks on again. They were
    // executed before on the same state, so neither direction can fail.
    for (std::size_t i = 0; i < change.connected.size(); ++i) {
        const auto step = disconnect();
        CAIRN_ASSERT(step.has_value());
    }
    for (; !undone.empty(); undone.pop_back()) {
        const auto again = connect(undone.back().block);
        CAIRN_ASSERT(again.has_value());
    }
    return tl::unexpected{*failure};
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
