// Opening a chain: a new one from its spec, or the one that the store holds.
#include "src/chain/parts.hpp"

#include "cairn/base/assert.hpp"

#include <utility>

namespace cairn::chain {

namespace {

/// State entries that are put into the state at once while loading.
constexpr std::size_t load_chunk = 10'000;

tl::unexpected<StoreError> corrupt() {
    return tl::unexpected{StoreError::corrupt};
}

}  // namespace

Blockchain::Parts::Parts(
    const ledger::ChainSpec& chain_spec,
    const consensus::Engine& chain_engine,
    BlockStore& block_store,
    std::uint64_t salt
)
    : spec{chain_spec},
      engine{chain_engine},
      store{block_store},
      genesis{execution::make_genesis(chain_spec)},
      id{execution::chain_id_of(genesis)},
      checker{id, chain_spec, chain_engine, salt},
      tree{salt},
      state{salt},
      uncommitted{0, SaltedHash{salt}},
      uncommitted_undo{0, SaltedHash{salt}} {}

Result<std::unique_ptr<Blockchain>, StoreError> Blockchain::open(
    const ledger::ChainSpec& spec,
    const consensus::Engine& engine,
    BlockStore& store,
    std::uint64_t salt
) {
    auto parts = std::make_unique<Parts>(spec, engine, store, salt);
    const auto restored = parts->restore();
    if (!restored)
        return tl::unexpected{restored.error()};
    return std::unique_ptr<Blockchain>{new Blockchain{std::move(parts)}};
}

Result<void, StoreError> Blockchain::Parts::start() {
    const auto hash = ledger::block_hash(genesis.head);
    BlockEntry entry{
        .head = genesis.head,
        .hash = hash,
        .work = engine.work_of(genesis.head.header),
        .point = {.height = Height{0}, .time = genesis.head.header.time, .clock = 0},
        .status = BlockStatus::active,
        .arrival = ++arrivals,
    };
    tree.push_new(std::move(entry));
    const auto diff = execution::genesis_diff(spec);
    state.apply(diff);
    remember_changes(diff);
    batch.bodies.push_back(
        {.hash = hash, .block = std::make_shared<const Bytes>(codec::encode(genesis))}
    );
    batch.connected.push_back(
        {.height = Height{0},
         .hash = hash,
         .head = genesis.head,
         .index = std::make_shared<const BlockIndex>(
             make_block_index(genesis, {ledger::transaction_id(id, genesis.transactions.front())})
         )}
    );
    return commit(true);
}

Result<void, StoreError> Blockchain::Parts::restore() {
    if (const auto headers = restore_headers(); !headers)
        return headers;
    if (tree.active().empty())
        return start();
    return restore_state();
}

Result<void, StoreError> Blockchain::Parts::restore_headers() {
    std::optional<StoreError> problem;
    const auto genesis_hash = ledger::block_hash(genesis.head);
    const auto loaded = store.load_headers([&](const auto& head, const BlockHash& hash) {
        if (problem)
            return;
        if (tree.active().empty()) {
            if (hash != genesis_hash) {
                problem = StoreError::other_chain;
                return;
            }
            tree.push_new(
                {.head = head,
                 .hash = hash,
                 .work = engine.work_of(head.header),
                 .point = {.height = Height{0}, .time = head.header.time, .clock = 0},
                 .status = BlockStatus::active,
                 .arrival = ++arrivals}
            );
            return;
        }
        if (head.header.previous != tree.tip().hash) {
            problem = StoreError::corrupt;
            return;
        }
        auto entry = make_entry(head, hash, tree.tip());
        entry.arrival = ++arrivals;
        tree.push_new(std::move(entry));
    });
    if (!loaded)
        return loaded;
    if (problem)
        return tl::unexpected{*problem};
    auto refused = store.load_invalid();
    if (!refused)
        return tl::unexpected{refused.error()};
    invalid.insert(refused->begin(), refused->end());
    return store.load_side_headers([&](const auto& head, const BlockHash& hash) {
        const auto* parent = tree.find(head.header.previous);
        if (parent == nullptr || tree.find(hash) != nullptr)
            return;
        auto entry = make_entry(head, hash, *parent);
        entry.arrival = ++arrivals;
        const bool is_invalid = invalid.contains(hash) || parent->status == BlockStatus::invalid;
        entry.status = is_invalid ? BlockStatus::invalid : BlockStatus::stored;
        tree.add_side(std::move(entry));
    });
}

Result<void, StoreError> Blockchain::Parts::restore_state() {
    state::StateDiff chunk;
    const auto apply_chunk = [&] {
        state.apply(chunk);
        chunk.changes.clear();
    };
    auto flushed = store.load_state([&](ByteView key, ByteView value) {
        chunk.changes.push_back(
            {.key = state::to_key(key), .before = {}, .after = state::to_value(value)}
        );
        if (chunk.changes.size() >= load_chunk)
            apply_chunk();
    });
    if (!flushed)
        return tl::unexpected{flushed.error()};
    if (!*flushed)
        return corrupt();
    apply_chunk();
    const auto base = undo_to_active(**flushed);
    if (!base)
        return tl::unexpected{base.error()};
    const auto* entry = tree.find(*base);
    CAIRN_ASSERT(entry != nullptr);
    // What was loaded must be exactly the state of its block: a damaged entry is found here.
    if (state.root() != entry->head.header.state_root)
        return corrupt();
    flushed_height = entry->height();
    return execute_again(entry->height());
}

Result<BlockHash, StoreError> Blockchain::Parts::undo_to_active(BlockHash flushed) {
    for (;;) {
        const auto* entry = tree.find(flushed);
        if (entry == nullptr)
            return corrupt();
        if (entry->is_active())
            return flushed;
        auto undo = store.read_undo(flushed);
        if (!undo)
            return tl::unexpected{undo.error()};
        if (!*undo)
            return corrupt();
        const auto diff = state::decode_undo(**undo);
        if (!diff)
            return corrupt();
        state.apply(*diff);
        remember_changes(*diff);
        must_flush = true;
        flushed = entry->head.header.previous;
    }
}

Result<void, StoreError> Blockchain::Parts::execute_again(Height above) {
    for (auto height = above.next(); tree.at(height) != nullptr; height = height.next()) {
        const auto& entry = *tree.at(height);
        auto bytes = store.read_body(entry.hash);
        if (!bytes)
            return tl::unexpected{bytes.error()};
        if (!*bytes)
            return corrupt();
        const auto block = checker.restore(std::move(**bytes));
        if (!block)
            return corrupt();
        const auto diff =
            execution::execute_block(state, spec, height, block->block().transactions);
        if (!diff)
            return corrupt();
        state.apply(*diff);
        remember_changes(*diff);
        if (state.root() != entry.head.header.state_root)
            return corrupt();
    }
    return {};
}

}  // namespace cairn::chain
