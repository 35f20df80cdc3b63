/// A pool as bytes, so that a restart does not lose what waits.
///
/// The form is Cairn's own and no other program's; it may change with any version:
/// `"cairn pool" | version u32 | chain id [32] | saved u64 (ms since 1970) | floor fee varint |
/// count varint | count times {arrived u64 (ms since 1970), transaction in canonical form} |
/// SHA-256 of all before [32]`. Version 1, which is still read, has neither `saved` nor the floor
/// fee. Transactions stand in order of arrival, so each sender's come back in order. The checksum
/// tells damage from a whole file; it proves nothing, and who restores checks every signature
/// again.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/ledger/transaction.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::mempool {

inline constexpr std::uint32_t saved_pool_version = 2;
/// Transactions of one saved pool: more than fit into one at its default bound.
inline constexpr std::size_t saved_transactions_max = 1'000'000;

struct SavedTransaction {
    /// When it came into the pool, by the wall clock.
    UnixMillis arrived;
    ledger::Transaction transaction;

    friend bool operator==(const SavedTransaction&, const SavedTransaction&) = default;
};

struct SavedPool {
    /// When it was saved, by the wall clock.
    UnixMillis saved;
    /// The least fee at that time, in pebbles per 1000 bytes; 0 where none is known.
    std::uint64_t floor_fee = 0;
    std::vector<SavedTransaction> transactions;

    friend bool operator==(const SavedPool&, const SavedPool&) = default;
};

/// Why bytes are not the saved pool of a chain.
enum class SavedPoolError : std::uint8_t {
    not_a_pool,       ///< they begin otherwise
    unknown_version,  ///< written by another version
    other_chain,      ///< of another chain
    damaged,          ///< the checksum does not fit, or the content breaks off
};
[[nodiscard]] std::string_view to_string(SavedPoolError error);

/// Of more than `saved_transactions_max` transactions the first.
[[nodiscard]] Bytes encode_saved_pool(const ChainId& chain, const SavedPool& pool);

/// What `encode_saved_pool` wrote, now or as version 1. Errors: each `SavedPoolError`.
[[nodiscard]] Result<SavedPool, SavedPoolError> decode_saved_pool(
    const ChainId& chain, ByteView bytes
);

}  // namespace cairn::mempool
