#include "cairn/chain/blockchain.hpp"

#include "src/chain/parts.hpp"
#include "src/chain/refused.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace cairn::chain {

BlockEntry Blockchain::Parts::make_entry(
    const ledger::SealedHeader& head, const BlockHash& hash, const BlockEntry& parent
) const {
    return {
        .head = head,
        .hash = hash,
        .work = saturating_add(parent.work, engine.work_of(head.header)),
        .point = engine.advance(parent.point, head.header.time),
        .status = BlockStatus::header_only,
        .arrival = 0,
    };
}

UnixMillis Blockchain::Parts::median_time_past(const BlockEntry& entry) const {
    std::vector<UnixMillis> times;
    const auto* block = &entry;
    for (; block != nullptr && times.size() < consensus::median_time_span;
         block = tree.parent(*block))
        times.push_back(block->head.header.time);
    return consensus::median_time(times);
}

Result<std::optional<Bytes>, StoreError> Blockchain::Parts::read_body(const BlockHash& hash) const {
    if (const auto place = uncommitted.find(hash); place != uncommitted.end())
        return place->second->bytes();
    return store.read_body(hash);
}

Blockchain::Blockchain(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

Blockchain::~Blockchain() = default;

Result<void, BlockError> Blockchain::add_header(
    const ledger::SealedHeader& head, const BlockHash& hash, UnixMillis now
) {
    auto& tree = parts_->tree;
    if (parts_->invalid.contains(hash))
        return refused(BlockRule::known_invalid);
    if (const auto* known = tree.find(hash)) {
        if (known->status == BlockStatus::invalid)
            return refused(BlockRule::known_invalid);
        return {};
    }
    const auto* parent = tree.find(head.header.previous);
    if (parent == nullptr)
        return refused(BlockRule::unknown_parent);
    if (parent->status == BlockStatus::invalid)
        return refused(BlockRule::invalid_parent);
    const consensus::HeaderContext context{
        .chain = ledger::chain_tag(parts_->id),
        .parent = parent->point,
        .parent_median_time = parts_->median_time_past(*parent),
        .now = now,
    };
    const auto checked = consensus::check_header(parts_->engine, context, head, hash);
    if (!checked)
        return tl::unexpected{BlockError{.rule = BlockRule::header, .header = checked.error()}};
    tree.add_side(parts_->make_entry(head, hash, *parent));
    tree.prune();
    return {};
}

Result<ChainChange, BlockError> Blockchain::submit(
    std::shared_ptr<const CheckedBlock> block, UnixMillis now
) {
    const auto hash = block->hash();
    if (const auto added = add_header(block->head(), hash, now); !added)
        return tl::unexpected{added.error()};
    auto* entry = parts_->tree.find_side(hash);
    if (entry == nullptr || entry->status == BlockStatus::stored)
        return refused(BlockRule::known);
    const auto* parent = parts_->tree.find(entry->head.header.previous);
    if (parent->status == BlockStatus::header_only)
        return refused(BlockRule::unknown_parent);

    entry->status = BlockStatus::stored;
    entry->arrival = ++parts_->arrivals;
    parts_->batch.bodies.push_back({.hash = hash, .block = block->shared_bytes()});
    parts_->batch_bytes += block->bytes().size();
    parts_->uncommitted[hash] = std::move(block);
    if (entry->work <= tip().work)
        return ChainChange{};
    return parts_->move_to(hash);
}

Result<ChainChange, BlockError> Blockchain::invalidate(const BlockHash& hash) {
    const auto* entry = parts_->tree.find(hash);
    if (entry == nullptr || entry->height().value == 0)
        return refused(BlockRule::unknown_parent);
    ChainChange change;
    if (entry->is_active()) {
        for (bool is_done = false; !is_done;) {
            is_done = tip().hash == hash;
            auto step = parts_->disconnect();
            if (!step) {
                parts_->go_back(change);
                return tl::unexpected{step.error()};
            }
            change.disconnected.push_back(std::move(*step));
        }
    }
    change.invalidated = parts_->tree.mark_invalid(hash);
    for (const auto& marked : change.invalidated) {
        parts_->invalid.insert(marked);
        parts_->batch.invalid.push_back(marked);
    }
    parts_->settle(change);
    return change;
}

Result<void, StoreError> Blockchain::commit() {
    return parts_->commit(false);
}

Result<void, StoreError> Blockchain::flush() {
    return parts_->commit(true);
}

Result<std::optional<StartedCommit>, StoreError> Blockchain::begin_commit() {
    return parts_->begin_commit();
}

Result<void, StoreError> Blockchain::end_commit(const Result<void, StoreError>& written) {
    return parts_->end_commit(written);
}

const ledger::ChainSpec& Blockchain::spec() const {
    return parts_->spec;
}

const consensus::Engine& Blockchain::engine() const {
    return parts_->engine;
}

const ChainId& Blockchain::id() const {
    return parts_->id;
}

const BlockEntry& Blockchain::tip() const {
    return parts_->tree.tip();
}

const BlockEntry* Blockchain::at(Height height) const {
    return parts_->tree.at(height);
}

const BlockEntry* Blockchain::find(const BlockHash& hash) const {
    return parts_->tree.find(hash);
}

bool Blockchain::is_invalid(const BlockHash& hash) const {
    return parts_->invalid.contains(hash);
}

const BlockEntry* Blockchain::ancestor(const BlockEntry& entry, Height height) const {
    const auto* block = &entry;
    while (block != nullptr && block->height() > height) {
        if (block->is_active())
            return at(height);
        block = parts_->tree.parent(*block);
    }
    return block;
}

const BlockEntry& Blockchain::best_header() const {
    return parts_->tree.best_header();
}

std::vector<const BlockEntry*> Blockchain::branch_tips() const {
    return parts_->tree.tips();
}

UnixMillis Blockchain::median_time_past(const BlockEntry& entry) const {
    return parts_->median_time_past(entry);
}

std::vector<BlockHash> Blockchain::locator(const BlockEntry& from) const {
    std::vector<BlockHash> hashes;
    const auto* block = &from;
    std::uint64_t step = 1;
    while (block->height().value > 0) {
        hashes.push_back(block->hash);
        if (hashes.size() > 10)
            step *= 2;
        const auto height = block->height().value;
        block = ancestor(*block, Height{height > step ? height - step : 0});
    }
    hashes.push_back(block->hash);
    return hashes;
}

const BlockEntry& Blockchain::fork_point(const std::vector<BlockHash>& locator) const {
    const BlockEntry* best = at(Height{0});
    for (const auto& hash : locator) {
        const auto* entry = find(hash);
        if (entry != nullptr && entry->is_active() && entry->height() > best->height())
            best = entry;
    }
    return *best;
}

std::vector<BlockHash> Blockchain::missing_bodies(const BlockEntry& target, std::size_t count)
    const {
    std::vector<BlockHash> missing;
    const auto take = [&](const BlockHash& hash) {
        if (find(hash)->status == BlockStatus::header_only && missing.size() < count)
            missing.push_back(hash);
        return missing.size() < count;
    };
    if (target.hash == best_header().hash) {
        const auto& ahead = parts_->tree.ahead();
        static_cast<void>(std::all_of(ahead.begin(), ahead.end(), take));
        return missing;
    }
    std::vector<BlockHash> way;
    for (const auto* block = &target; !block->is_active(); block = parts_->tree.parent(*block))
        way.push_back(block->hash);
    static_cast<void>(std::all_of(way.rbegin(), way.rend(), take));
    return missing;
}

const state::State& Blockchain::state() const {
    return parts_->state;
}

ledger::StateRoot Blockchain::root_after(const state::StateDiff& diff) {
    return parts_->state.root_after(diff);
}

ledger::StateRoot Blockchain::root_after(const state::Overlay& changes) {
    return parts_->state.root_after(changes);
}

Result<std::optional<Bytes>, StoreError> Blockchain::read_body(const BlockHash& hash) const {
    return parts_->read_body(hash);
}

Result<std::optional<TransactionPlace>, StoreError> Blockchain::find_transaction(const TxId& id
) const {
    for (const auto* block : parts_->unstored().blocks) {
        const auto& ids = block->index->ids;
        const auto place = std::find(ids.begin(), ids.end(), id);
        if (place != ids.end())
            return TransactionPlace{
                .height = block->height, .index = static_cast<std::uint32_t>(place - ids.begin())};
    }
    if (parts_->is_taken_off(id))
        return std::optional<TransactionPlace>{};
    return parts_->store.find_transaction(id);
}

Result<std::vector<TransactionPlace>, StoreError> Blockchain::find_places(
    const Subject& subject, const PlaceRange& range
) const {
    const auto unstored = parts_->unstored();
    const auto changed = unstored.from;
    const auto read_stored = [&](PlaceRange stored) {
        auto found = parts_->store.find_places(subject, stored);
        if (found)
            std::erase_if(*found, [&](const auto& place) { return place.height >= changed; });
        return found;
    };
    if (range.order == PlaceOrder::oldest_first) {
        auto places = read_stored(range);
        if (places)
            for (const auto* block : unstored.blocks)
                append_places(*block->index, block->height, subject, range, *places);
        return places;
    }
    std::vector<TransactionPlace> places;
    for (auto block = unstored.blocks.rbegin(); block != unstored.blocks.rend(); ++block)
        append_places(*(*block)->index, (*block)->height, subject, range, places);
    auto below = range;
    below.count -= places.size();
    if (range.from.height >= changed) {
        if (changed == Height{0})
            return places;
        below.from = {.height = Height{changed.value - 1}, .index = last_place.index};
    }
    auto stored = read_stored(below);
    if (!stored)
        return stored;
    places.insert(places.end(), stored->begin(), stored->end());
    return places;
}

std::size_t Blockchain::uncommitted_bytes() const {
    return parts_->batch_bytes;
}

}  // namespace cairn::chain
