// Making the batch durable: at once, or by somebody else while the next one is collected.
#include "src/chain/parts.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace cairn::chain {

namespace {

Height first_change(const StoreBatch& batch) {
    if (!batch.disconnected.empty())
        return batch.disconnected.back().height;
    return batch.connected.empty() ? Height{quantity_max} : batch.connected.front().height;
}

}  // namespace

void Blockchain::Parts::add_state(bool is_wanted) {
    const auto tip = tree.tip().height();
    const bool is_due = dirty.size() >= dirty_entries_max ||
                        tip.value >= flushed_height.value + blocks_between_flushes_max;
    const bool flushes = is_wanted || must_flush || is_due;
    if (flushes && !(dirty.empty() && tip == flushed_height)) {
        batch.state = StoreBatch::StateFlush{.block = tree.tip().hash, .entries = {}};
        batch.state->entries.assign(dirty.begin(), dirty.end());
    }
}

void Blockchain::Parts::forget_added_state() {
    if (!batch.state)
        return;
    dirty.clear();
    flushed_height = tree.tip().height();
    must_flush = false;
}

Result<void, StoreError> Blockchain::Parts::commit(bool with_state) {
    if (store_failure)
        return tl::unexpected{*store_failure};
    CAIRN_ASSERT(in_flight == nullptr);
    add_state(with_state);
    if (batch.empty())
        return {};
    if (const auto written = store.commit(batch); !written)
        return written;
    forget_added_state();
    batch = {};
    batch_bytes = 0;
    uncommitted.clear();
    uncommitted_undo.clear();
    return {};
}

Result<std::optional<StartedCommit>, StoreError> Blockchain::Parts::begin_commit() {
    if (store_failure)
        return tl::unexpected{*store_failure};
    CAIRN_ASSERT(in_flight == nullptr);
    add_state(false);
    if (batch.empty())
        return std::nullopt;
    forget_added_state();
    in_flight = std::make_shared<const StoreBatch>(std::exchange(batch, {}));
    batch_bytes = 0;
    return StartedCommit{store, in_flight};
}

Result<void, StoreError> Blockchain::Parts::end_commit(const Result<void, StoreError>& written) {
    CAIRN_ASSERT(in_flight != nullptr);
    if (!written) {
        // What the state has lost to that batch is not to be had again.
        store_failure = written.error();
        return written;
    }
    // One that is in the next batch as well is the same there.
    for (const auto& body : in_flight->bodies)
        uncommitted.erase(body.hash);
    for (const auto& undo : in_flight->undos)
        uncommitted_undo.erase(undo.hash);
    in_flight.reset();
    return {};
}

UnstoredBlocks Blockchain::Parts::unstored() const {
    UnstoredBlocks found;
    const auto apply = [&found](const StoreBatch& changes) {
        found.from = std::min(found.from, first_change(changes));
        auto& blocks = found.blocks;
        for (const auto& block : changes.disconnected)
            if (!blocks.empty() && blocks.back()->hash == block.hash)
                blocks.pop_back();
        for (const auto& block : changes.connected)
            blocks.push_back(&block);
    };
    if (in_flight != nullptr)
        apply(*in_flight);
    apply(batch);
    return found;
}

bool Blockchain::Parts::is_taken_off(const TxId& transaction) const {
    const auto had_it = [&transaction](const auto& block) {
        const auto& ids = block.index->ids;
        return std::find(ids.begin(), ids.end(), transaction) != ids.end();
    };
    const auto takes_it_off = [&had_it](const StoreBatch& changes) {
        return std::any_of(changes.disconnected.begin(), changes.disconnected.end(), had_it);
    };
    return takes_it_off(batch) || (in_flight != nullptr && takes_it_off(*in_flight));
}

}  // namespace cairn::chain
