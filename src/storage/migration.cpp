#include "src/storage/migration.hpp"

#include "src/storage/index_tables.hpp"
#include "src/storage/stored_values.hpp"

#include "cairn/ledger/block.hpp"
#include "cairn/storage/lmdb_store.hpp"

#include <optional>
#include <vector>

namespace cairn::storage {

namespace {

/// Entries of one transaction: enough for LMDB to be fast, few enough for its pages to stay small.
constexpr std::size_t entries_between_commits = 100'000;

StoreResult<std::optional<std::uint32_t>> read_format(Database& database) {
    const auto reader = database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    const auto stored = reader->get(Table::meta, as_bytes(format_key));
    if (!stored)
        return tl::unexpected{stored.error()};
    if (!*stored)
        return std::optional<std::uint32_t>{};
    // What cannot be read is no version that ever was.
    return codec::decode<std::uint32_t>(**stored).value_or(0);
}

StoreResult<void> write_format(Transaction& writer) {
    return writer.put(Table::meta, as_bytes(format_key), codec::encode(format_version));
}

StoreResult<std::vector<BlockHash>> read_active_hashes(Database& database) {
    const auto reader = database.begin_read();
    if (!reader)
        return tl::unexpected{reader.error()};
    std::vector<BlockHash> hashes;
    bool is_sound = true;
    const auto walked = reader->for_each(Table::active, [&](ByteView, ByteView value) {
        const auto block = codec::decode<ActiveBlock>(value);
        is_sound = block.has_value();
        if (block)
            hashes.push_back(block->hash);
        return is_sound;
    });
    if (!walked)
        return tl::unexpected{walked.error()};
    if (!is_sound)
        return tl::unexpected{chain::StoreError::corrupt};
    return hashes;
}

StoreResult<chain::BlockIndex> index_of(const Transaction& reader, const BlockHash& hash) {
    const auto stored = reader.get(Table::bodies, hash.view());
    if (!stored)
        return tl::unexpected{stored.error()};
    if (!*stored)
        return tl::unexpected{chain::StoreError::corrupt};
    const auto body = without_checksum(**stored);
    if (!body)
        return tl::unexpected{body.error()};
    const auto block = codec::decode<ledger::Block>(*body);
    if (!block)
        return tl::unexpected{chain::StoreError::corrupt};
    // The places of ids were kept by version 1 already.
    return chain::make_block_index(*block, {});
}

/// From version 1: makes the tables of accounts and records out of the bodies.
StoreResult<void> make_index(Database& database) {
    const auto hashes = read_active_hashes(database);
    if (!hashes)
        return tl::unexpected{hashes.error()};
    auto writer = database.begin_write();
    if (!writer)
        return tl::unexpected{writer.error()};
    if (auto cleared = clear_index(*writer); !cleared)
        return cleared;
    std::size_t entries = 0;
    for (std::size_t height = 0; height < hashes->size(); ++height) {
        const auto index = index_of(*writer, (*hashes)[height]);
        if (!index) {
            database.explain("the body of block " + std::to_string(height) + " cannot be read");
            return tl::unexpected{index.error()};
        }
        if (auto written = write_index(*writer, Height{height}, *index); !written)
            return written;
        entries += index->accounts.size() + 2 * index->records.size();
        if (entries < entries_between_commits)
            continue;
        entries = 0;
        if (auto committed = writer->commit(); !committed)
            return committed;
        auto next = database.begin_write();
        if (!next)
            return tl::unexpected{next.error()};
        *writer = std::move(*next);
    }
    if (auto written = write_format(*writer); !written)
        return written;
    return writer->commit();
}

}  // namespace

StoreResult<void> bring_up_to_date(Database& database) {
    const auto version = read_format(database);
    if (!version)
        return tl::unexpected{version.error()};
    if (!*version) {
        auto writer = database.begin_write();
        if (!writer)
            return tl::unexpected{writer.error()};
        auto written = write_format(*writer);
        return written ? writer->commit() : written;
    }
    if (**version == format_version)
        return {};
    if (**version >= format_version_min && **version < format_version)
        return make_index(database);
    database.explain(
        "the store has format " + std::to_string(**version) + ", this program writes format " +
        std::to_string(format_version)
    );
    return tl::unexpected{chain::StoreError::version};
}

}  // namespace cairn::storage
