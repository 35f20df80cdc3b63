/// The tables of the indexes: from an account, a stream or a key to the places of transactions.
#pragma once

#include "src/storage/environment.hpp"

#include "cairn/chain/block_index.hpp"

namespace cairn::storage {

/// Adds the accounts and records of the block at `height`, which must be above all that are there.
/// Errors: those of LMDB; `corrupt` when it is not above them.
[[nodiscard]] StoreResult<void> write_index(
    Transaction& writer, Height height, const chain::BlockIndex& index
);

/// Removes what `write_index` has added.
[[nodiscard]] StoreResult<void> erase_index(
    Transaction& writer, Height height, const chain::BlockIndex& index
);

[[nodiscard]] StoreResult<std::vector<chain::TransactionPlace>> read_index(
    const Transaction& reader, const chain::Subject& subject, const chain::PlaceRange& range
);

/// Removes all entries.
[[nodiscard]] StoreResult<void> clear_index(Transaction& writer);

}  // namespace cairn::storage
