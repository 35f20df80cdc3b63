/// A pool as bytes, so that a restart does not lose what waits.
///
/// The form is Cairn's own and no other program's; it may change with any version:
/// `"cairn pool" | version u32 | chain id [32] | count varint | count times {arrived u64 (ms since
/// 1970), transaction in canonical form} | SHA-256 of all before [32]`. Transactions stand in order
/// of arrival, so each sender's come back in order. The checksum tells damage from a whole file; it
/// proves nothing, and who restores checks every signature again.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/ledger/transaction.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::mempool {

inline constexpr std::uint32_t saved_pool_version = 1;
/// Transactions of one saved pool: more than fit into one at its default bound.
inline constexpr std::size_t saved_transactions_max = 1'000'000;

struct SavedTransaction {
    /// When it came into the pool, by the wall clock.
    UnixMillis arrived;
    ledger::Transaction transaction;

    friend bool operator==(const SavedTransaction&, const SavedTransaction&) = default;
};

/// Why bytes are not the saved pool of a chain.
enum class SavedPoolError : std::uint8_t {
    not_a_pool,       ///< they begin otherwise
    unknown_version,  ///< written by another version
    other_chain,      ///< of another chain
    damaged,          ///< the checksum does not fit, or the content breaks off
};
[[nodiscard]] std::string_view to_string(SavedPoolError error);

[[nodiscard]] Bytes encode_saved_pool(
    const ChainId& chain, const std::vector<SavedTransaction>& transactions
);

/// What `encode_saved_pool` wrote. Errors: each `SavedPoolError`.
[[nodiscard]] Result<std::vector<SavedTransaction>, SavedPoolError> decode_saved_pool(
    const ChainId& chain, ByteView bytes
);

}  // namespace cairn::mempool
