/// What several commands read from the chain.
#pragma once

#include "cairn/chain/blockchain.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/rpc/error.hpp"
#include "cairn/rpc/requests.hpp"

#include <optional>
#include <string>

namespace cairn::rpc {

/// Where a transaction stands.
struct TransactionStatus {
    /// Set when it is in a block of the active chain.
    std::optional<chain::TransactionPlace> place;
    bool is_pending = false;
    /// 1 in the tip's block, 0 outside the chain.
    std::uint64_t confirmations = 0;
};

/// Of a request that names a block which is not there.
[[nodiscard]] Error block_not_found(const chain::Blockchain& chain, const BlockRequest& request);

/// Errors: `internal` when the disk cannot be read.
[[nodiscard]] Result<TransactionStatus, Error> find_transaction(
    const chain::Blockchain& chain, const mempool::Mempool& pool, const TxId& id
);

/// The body of `entry`. Errors: `not_found` when only its header is known, `internal`.
[[nodiscard]] Result<ledger::Block, Error> read_block(
    const chain::Blockchain& chain, const chain::BlockEntry& entry
);

/// Reads blocks of the active chain and keeps the last one, for places that come in order.
class BlockReader {
  public:
    explicit BlockReader(const chain::Blockchain& chain) : chain_{chain} {}

    /// The block at `height`, which must be on the active chain; valid until the next call.
    /// Errors: `internal`.
    [[nodiscard]] Result<const ledger::Block*, Error> at(Height height);

    /// Number of blocks read so far.
    [[nodiscard]] std::size_t blocks_read() const { return blocks_read_; }

    /// Bytes of all blocks read so far.
    [[nodiscard]] std::size_t bytes_read() const { return bytes_read_; }

    /// Transactions of all blocks read so far.
    [[nodiscard]] std::size_t transactions_read() const { return transactions_read_; }

  private:
    const chain::Blockchain& chain_;
    std::optional<Height> height_;
    ledger::Block block_;
    std::size_t blocks_read_ = 0;
    std::size_t bytes_read_ = 0;
    std::size_t transactions_read_ = 0;
};

/// The account that `address`, or its 64 hexadecimal digits, names on `chain`. Errors: `bad_field`.
[[nodiscard]] Result<ledger::AccountId, Error> read_address(
    const chain::Blockchain& chain, std::string_view address
);

/// Adds the field `address` of a reply about `account`.
void write_address(
    codec::JsonWriter& reply, const chain::Blockchain& chain, const ledger::AccountId& account
);

/// The node's own disk failed.
[[nodiscard]] Error unreadable();

/// Blocks from `entry` to the tip, both counted; 0 off the active chain.
[[nodiscard]] std::uint64_t confirmations_of(
    const chain::Blockchain& chain, const chain::BlockEntry& entry
);

/// @{
/// The JSON object (spec 02 §7) of a block, of one without its transactions, or of a header.
[[nodiscard]] std::string block_json(
    const chain::Blockchain& chain, const chain::BlockEntry& entry, const ledger::Block& block
);
[[nodiscard]] std::string block_summary_json(
    const chain::Blockchain& chain, const chain::BlockEntry& entry, const ledger::Block& block
);
[[nodiscard]] std::string header_json(
    const chain::Blockchain& chain, const chain::BlockEntry& entry
);
/// @}

/// The expected number of hashes of `entry`'s block, in decimal.
[[nodiscard]] std::string difficulty_of(
    const chain::Blockchain& chain, const chain::BlockEntry& entry
);

}  // namespace cairn::rpc
