#include "cairn/mempool/saved_pool.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/crypto/sha256.hpp"

#include <algorithm>
#include <utility>

namespace cairn::mempool {

namespace {

constexpr std::string_view opening = "cairn pool";
/// Without a floor fee.
constexpr std::uint32_t first_version = 1;
/// Bytes of the shortest entry: its time and the shortest transaction.
constexpr std::size_t entry_bytes_min = 8 + ledger::transaction_bytes_min;

}  // namespace

std::string_view to_string(SavedPoolError error) {
    switch (error) {
        case SavedPoolError::not_a_pool:
            return "not_a_pool";
        case SavedPoolError::unknown_version:
            return "unknown_version";
        case SavedPoolError::other_chain:
            return "other_chain";
        case SavedPoolError::damaged:
            return "damaged";
    }
    return "unknown";
}

Bytes encode_saved_pool(const ChainId& chain, const SavedPool& pool) {
    const auto& transactions = pool.transactions;
    codec::BinaryWriter writer;
    writer.write(as_bytes(opening));
    writer.write_fixed(saved_pool_version);
    writer(chain);
    writer(pool.saved);
    writer.write_varint(pool.floor_fee);
    const auto count = std::min(transactions.size(), saved_transactions_max);
    writer.write_varint(count);
    for (std::size_t i = 0; i < count; ++i)
        writer(transactions[i].arrived, transactions[i].transaction);
    writer(crypto::sha256(writer.bytes()));
    return writer.take();
}

Result<SavedPool, SavedPoolError> decode_saved_pool(const ChainId& chain, ByteView bytes) {
    if (bytes.size() < opening.size() || as_text(bytes.first(opening.size())) != opening)
        return tl::unexpected{SavedPoolError::not_a_pool};
    codec::BinaryReader start{bytes.subspan(opening.size())};
    const auto version = start.take_fixed<std::uint32_t>();
    if (version != saved_pool_version && version != first_version && !start.failed())
        return tl::unexpected{SavedPoolError::unknown_version};
    if (bytes.size() < opening.size() + Hash256::size)
        return tl::unexpected{SavedPoolError::damaged};
    const auto content = bytes.first(bytes.size() - Hash256::size);
    if (*Hash256::from_view(bytes.last(Hash256::size)) != crypto::sha256(content))
        return tl::unexpected{SavedPoolError::damaged};

    codec::BinaryReader reader{content.subspan(opening.size() + sizeof(saved_pool_version))};
    ChainId found;
    reader(found);
    if (!reader.failed() && found != chain)
        return tl::unexpected{SavedPoolError::other_chain};
    SavedPool pool;
    if (version != first_version) {
        reader(pool.saved);
        pool.floor_fee = reader.take_varint();
    }
    const auto count =
        reader.take_count(saved_transactions_max, entry_bytes_min, codec::DecodeError::too_many);
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        auto& entry = pool.transactions.emplace_back();
        reader(entry.arrived, entry.transaction);
    }
    if (reader.failed() || reader.bytes_left() > 0)
        return tl::unexpected{SavedPoolError::damaged};
    return pool;
}

}  // namespace cairn::mempool
