#include "src/storage/index_tables.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/ledger/limits.hpp"

#include <algorithm>
#include <array>

namespace cairn::storage {

namespace {

/// Bits of a transaction's number in a stored place; the height takes the rest.
constexpr unsigned index_bits = 16;
constexpr std::uint64_t index_mask = (std::uint64_t{1} << index_bits) - 1;
constexpr std::uint64_t height_max = (std::uint64_t{1} << (64 - index_bits)) - 1;

static_assert(ledger::block_transactions_max <= index_mask + 1);

using PlaceBytes = std::array<std::uint8_t, 8>;

/// Big-endian, so that LMDB's order is the chain's. What exceeds the bits is cut to their maximum:
/// a question may ask for more than a chain can hold, a block cannot.
PlaceBytes store_place(const chain::TransactionPlace& place) {
    const auto height = std::min(place.height.value, height_max);
    const auto index = std::min<std::uint64_t>(place.index, index_mask);
    const auto number = (height << index_bits) | index;
    PlaceBytes stored{};
    for (std::size_t i = 0; i < stored.size(); ++i)
        stored[i] = static_cast<std::uint8_t>(number >> (8 * (stored.size() - 1 - i)));
    return stored;
}

std::optional<chain::TransactionPlace> load_place(ByteView stored) {
    if (stored.size() != sizeof(PlaceBytes))
        return std::nullopt;
    std::uint64_t number = 0;
    for (const auto byte : stored)
        number = (number << 8U) | byte;
    return chain::TransactionPlace{
        .height = Height{number >> index_bits},
        .index = static_cast<std::uint32_t>(number & index_mask)};
}

/// The key of `records`: the stream's length keeps ("a", "bc") and ("ab", "c") apart.
Bytes record_key(std::string_view stream, std::string_view key) {
    Bytes joined{static_cast<std::uint8_t>(stream.size())};
    joined.insert(joined.end(), stream.begin(), stream.end());
    joined.insert(joined.end(), key.begin(), key.end());
    return joined;
}

/// LMDB has no empty keys, and a stream may have an empty name.
Bytes stream_key(std::string_view stream) {
    return record_key(stream, {});
}

/// Calls `change(table, key, place)` for every entry of `index` until one fails.
template <class Change>
StoreResult<void> for_each_entry(Height height, const chain::BlockIndex& index, Change change) {
    CAIRN_ASSERT(height.value <= height_max);
    for (const auto& mention : index.accounts) {
        const auto place = store_place({.height = height, .index = mention.index});
        if (auto done = change(Table::history, mention.account.view(), ByteView{place}); !done)
            return done;
    }
    for (const auto& record : index.records) {
        const auto place = store_place({.height = height, .index = record.index});
        if (auto done = change(Table::streams, stream_key(record.stream), ByteView{place}); !done)
            return done;
        const auto key = record_key(record.stream, record.key);
        if (auto done = change(Table::records, key, ByteView{place}); !done)
            return done;
    }
    return {};
}

}  // namespace

StoreResult<void> write_index(Transaction& writer, Height height, const chain::BlockIndex& index) {
    return for_each_entry(height, index, [&writer](Table table, ByteView key, ByteView place) {
        return writer.append(table, key, place);
    });
}

StoreResult<void> erase_index(Transaction& writer, Height height, const chain::BlockIndex& index) {
    return for_each_entry(height, index, [&writer](Table table, ByteView key, ByteView place) {
        return writer.erase(table, key, place);
    });
}

StoreResult<std::vector<chain::TransactionPlace>> read_index(
    const Transaction& reader, const chain::Subject& subject, const chain::PlaceRange& range
) {
    Table table = Table::history;
    Bytes key;
    if (const auto* account = std::get_if<ledger::AccountId>(&subject)) {
        key = to_bytes(account->view());
    } else {
        const auto& wanted = std::get<chain::RecordSubject>(subject);
        table = wanted.key ? Table::records : Table::streams;
        key = record_key(wanted.stream, wanted.key.value_or(""));
    }
    std::vector<chain::TransactionPlace> places;
    if (range.count == 0)
        return places;
    bool is_sound = true;
    const auto take = [&](ByteView stored) {
        const auto place = load_place(stored);
        is_sound = place.has_value();
        if (place)
            places.push_back(*place);
        return is_sound && places.size() < range.count;
    };
    const auto from = store_place(range.from);
    const auto read = range.order == chain::PlaceOrder::oldest_first
                          ? reader.visit_upwards(table, key, from, take)
                          : reader.visit_downwards(table, key, from, take);
    if (!read)
        return tl::unexpected{read.error()};
    if (!is_sound)
        return tl::unexpected{chain::StoreError::corrupt};
    return places;
}

StoreResult<void> clear_index(Transaction& writer) {
    for (const auto table : {Table::history, Table::streams, Table::records})
        if (auto cleared = writer.clear(table); !cleared)
            return cleared;
    return {};
}

}  // namespace cairn::storage
