#include "cairn/storage/lmdb_store.hpp"

#include "src/storage/environment.hpp"
#include "src/storage/index_tables.hpp"
#include "src/storage/kill_point.hpp"
#include "src/storage/migration.hpp"
#include "src/storage/stored_values.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cairn::storage {

using chain::StoreBatch;
using chain::StoreError;

namespace {

/// Performs steps until one fails and keeps the first failure.
class Steps {
  public:
    void operator()(StoreResult<void> step) {
        if (result_ && !step)
            result_ = std::move(step);
    }

    [[nodiscard]] const StoreResult<void>& result() const { return result_; }

  private:
    StoreResult<void> result_;
};

void write_disconnected(Transaction& writer, const StoreBatch::Disconnected& block, Steps& steps) {
    const auto key = height_key(block.height);
    const auto stored = writer.get(Table::active, key);
    if (stored && *stored) {
        const auto active = codec::decode<ActiveBlock>(**stored);
        if (active)
            steps(writer.put(
                Table::side, side_key(block.height, block.hash), codec::encode(active->head)
            ));
    }
    steps(writer.erase(Table::active, key));
    for (const auto& id : block.index->ids)
        steps(writer.erase(Table::places, id.view()));
    steps(erase_index(writer, block.height, *block.index));
}

/// Where each transaction stands, in order of their ids.
void write_places(Transaction& writer, const StoreBatch::Connected& block, Steps& steps) {
    const auto& ids = block.index->ids;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    order.reserve(ids.size());
    for (std::uint32_t i = 0; i < ids.size(); ++i)
        order.emplace_back(leading_number(ids[i]), i);
    // Two ids with one beginning may come in any order: order only makes it fast.
    std::sort(order.begin(), order.end());
    codec::BinaryWriter place;
    for (const auto& [number, index] : order) {
        place.clear();
        place(StoredPlace{.height = block.height, .index = index});
        steps(writer.put(Table::places, ids[index].view(), place.bytes()));
    }
}

void write_connected(Transaction& writer, const StoreBatch::Connected& block, Steps& steps) {
    steps(writer.put(
        Table::active,
        height_key(block.height),
        codec::encode(ActiveBlock{.hash = block.hash, .head = block.head})
    ));
    steps(writer.erase(Table::side, side_key(block.height, block.hash)));
    write_places(writer, block, steps);
    steps(write_index(writer, block.height, *block.index));
}

/// Every new body is a side branch's until it is connected, in this batch or later.
void write_body(Transaction& writer, const StoreBatch::Body& body, Steps& steps) {
    steps(writer.put(Table::bodies, body.hash.view(), with_checksum(*body.block)));
    codec::BinaryReader reader{*body.block};
    ledger::SealedHeader head;
    reader(head);
    steps(writer.put(Table::side, side_key(head.header.height, body.hash), codec::encode(head)));
}

void write_state(Transaction& writer, const StoreBatch::StateFlush& flush, Steps& steps) {
    for (const auto& [key, value] : flush.entries)
        steps(value ? writer.put(Table::state, key, *value) : writer.erase(Table::state, key));
    steps(writer.put(Table::meta, as_bytes(state_block_key), flush.block.view()));
}

}  // namespace

struct LmdbStore::Environment {
    Database database;

    [[nodiscard]] StoreResult<std::optional<Bytes>> read_checked(
        Table table, const BlockHash& hash
    );
};

StoreResult<std::optional<Bytes>> LmdbStore::Environment::read_checked(
    Table table, const BlockHash& hash
) {
    const auto reader = database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    const auto stored = reader->get(table, hash.view());
    if (!stored)
        return tl::unexpected{stored.error()};
    if (!*stored)
        return std::optional<Bytes>{};
    auto content = without_checksum(**stored);
    if (!content) {
        database.explain("the checksum of block " + to_hex(hash) + " does not match");
        return tl::unexpected{content.error()};
    }
    return std::optional{std::move(*content)};
}

LmdbStore::LmdbStore(std::unique_ptr<Environment> environment)
    : environment_{std::move(environment)} {}

LmdbStore::~LmdbStore() = default;

std::string LmdbStore::last_detail() const {
    return environment_->database.detail();
}

StoreResult<std::unique_ptr<LmdbStore>> LmdbStore::open(
    const std::filesystem::path& directory, std::string* detail
) {
    auto environment = std::make_unique<Environment>();
    auto ready = environment->database.open(directory);
    if (ready)
        ready = bring_up_to_date(environment->database);
    if (!ready) {
        if (detail != nullptr)
            *detail = environment->database.detail();
        return tl::unexpected{ready.error()};
    }
    return std::unique_ptr<LmdbStore>{new LmdbStore{std::move(environment)}};
}

StoreResult<void> LmdbStore::commit(const StoreBatch& batch) {
    pass_kill_point("commit_begun");
    auto writer = environment_->database.begin_write();
    if (!writer)
        return tl::unexpected{writer.error()};
    Steps steps;
    for (const auto& body : batch.bodies)
        write_body(*writer, body, steps);
    pass_kill_point("bodies_written");
    for (const auto& undo : batch.undos)
        steps(writer->put(Table::undo, undo.hash.view(), with_checksum(undo.undo)));
    pass_kill_point("undos_written");
    for (const auto& block : batch.disconnected)
        write_disconnected(*writer, block, steps);
    pass_kill_point("disconnected_written");
    for (const auto& block : batch.connected)
        write_connected(*writer, block, steps);
    pass_kill_point("connected_written");
    if (batch.state) {
        write_state(*writer, *batch.state, steps);
        pass_kill_point("state_written");
    }
    for (const auto& hash : batch.invalid)
        steps(writer->put(Table::invalid, hash.view(), {}));
    if (!steps.result())
        return steps.result();
    pass_kill_point("commit_ready");
    auto done = writer->commit();
    pass_kill_point("commit_done");
    return done;
}

StoreResult<std::optional<Bytes>> LmdbStore::read_body(const BlockHash& hash) {
    return environment_->read_checked(Table::bodies, hash);
}

StoreResult<std::optional<Bytes>> LmdbStore::read_undo(const BlockHash& hash) {
    return environment_->read_checked(Table::undo, hash);
}

StoreResult<std::optional<chain::TransactionPlace>> LmdbStore::find_transaction(const TxId& id) {
    const auto reader = environment_->database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    const auto stored = reader->get(Table::places, id.view());
    if (!stored)
        return tl::unexpected{stored.error()};
    if (!*stored)
        return std::optional<chain::TransactionPlace>{};
    const auto place = codec::decode<StoredPlace>(**stored);
    if (!place)
        return tl::unexpected{StoreError::corrupt};
    return chain::TransactionPlace{.height = place->height, .index = place->index};
}

StoreResult<std::vector<chain::TransactionPlace>> LmdbStore::find_places(
    const chain::Subject& subject, const chain::PlaceRange& range
) {
    const auto reader = environment_->database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    return read_index(*reader, subject, range);
}

StoreResult<void> LmdbStore::load_headers(
    const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
) {
    const auto reader = environment_->database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    bool is_sound = true;
    const auto walked = reader->for_each(Table::active, [&](ByteView, ByteView value) {
        const auto block = codec::decode<ActiveBlock>(value);
        is_sound = block.has_value();
        if (block)
            visit(block->head, block->hash);
        return is_sound;
    });
    if (walked && !is_sound)
        return tl::unexpected{StoreError::corrupt};
    return walked;
}

StoreResult<void> LmdbStore::load_side_headers(
    const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
) {
    const auto reader = environment_->database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    bool is_sound = true;
    const auto walked = reader->for_each(Table::side, [&](ByteView key, ByteView value) {
        const auto head = codec::decode<ledger::SealedHeader>(value);
        is_sound = head.has_value() && key.size() == sizeof(HeightKey) + BlockHash::size;
        if (is_sound)
            visit(*head, *BlockHash::from_view(key.subspan(sizeof(HeightKey))));
        return is_sound;
    });
    if (walked && !is_sound)
        return tl::unexpected{StoreError::corrupt};
    return walked;
}

StoreResult<std::vector<BlockHash>> LmdbStore::load_invalid() {
    const auto reader = environment_->database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    std::vector<BlockHash> hashes;
    const auto walked = reader->for_each(Table::invalid, [&](ByteView key, ByteView) {
        if (const auto hash = BlockHash::from_view(key))
            hashes.push_back(*hash);
        return true;
    });
    if (!walked)
        return tl::unexpected{walked.error()};
    return hashes;
}

StoreResult<std::optional<BlockHash>> LmdbStore::load_state(
    const std::function<void(ByteView key, ByteView value)>& visit
) {
    const auto reader = environment_->database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    const auto walked = reader->for_each(Table::state, [&](ByteView key, ByteView value) {
        visit(key, value);
        return true;
    });
    if (!walked)
        return tl::unexpected{walked.error()};
    const auto block = reader->get(Table::meta, as_bytes(state_block_key));
    if (!block)
        return tl::unexpected{block.error()};
    return *block ? BlockHash::from_view(**block) : std::optional<BlockHash>{};
}

}  // namespace cairn::storage
