/// Pending transactions: bounded, payable, in nonce order per sender.
///
/// Rules (spec 06 §7):
/// 1. What is kept of a sender is a run of consecutive nonces from the account's own (pending).
///    Transactions above a gap wait apart (future) and never push a pending one out. All of them
///    together cost at most the balance; a pending one takes precedence over those that wait.
/// 2. A transaction with the sender and nonce of another replaces it when its fee is at least 10 %
///    higher, its fee per byte is not lower, and the sender can still pay all later ones.
/// 3. When the pool is over its byte bound, the last transaction of the sender with the lowest fee
///    per byte there leaves first, so that no kept sender gets a gap; the floor fee rises above
///    what left, and sinks by half every 12 hours. Before that, future transactions leave.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/execution/checked_transaction.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cairn::mempool {

/// Why a transaction is not taken. None of these is punished: they are policy, or a matter of time.
enum class MempoolError : std::uint8_t {
    known,                     ///< in the pool already, the same bytes
    nonce_too_low,             ///< the chain has used this nonce
    nonce_too_far,             ///< further ahead of the account than the pool keeps
    insufficient_balance,      ///< the sender's pending transactions together cost more than it has
    fee_too_low,               ///< below the floor
    replacement_fee_too_low,   ///< less than 10 % above the one it would replace, or less per byte
    replacement_breaks_later,  ///< later transactions of the sender could not be paid any more
    sender_full,               ///< the sender has as many as one may have
    pool_full,                 ///< the pool is full of better ones
};
[[nodiscard]] std::string_view to_string(MempoolError error);

struct MempoolLimits {
    /// Bytes of all transactions with our overhead.
    std::size_t bytes_max = 512U * 1024 * 1024;
    std::size_t pending_per_sender_max = 1024;
    std::size_t future_per_sender_max = 64;
    std::size_t future_total_max = 4096;
    std::size_t future_bytes_max = 8U * 1024 * 1024;
};

using TransactionPointer = std::shared_ptr<const execution::CheckedTransaction>;

/// Why one left the pool without being mined.
enum class DropReason : std::uint8_t { replaced, evicted, unpayable, nonce_used, expired };
[[nodiscard]] std::string_view to_string(DropReason reason);

struct Dropped {
    TxId id;
    DropReason reason = DropReason::evicted;
};

class Mempool {
  public:
    /// `chain` must outlive it. `salt` seeds hash maps.
    Mempool(const chain::Blockchain& chain, MempoolLimits limits, std::uint64_t salt);
    ~Mempool();
    Mempool(const Mempool&) = delete;
    Mempool& operator=(const Mempool&) = delete;

    struct Added {
        /// False when it waits for a nonce that is missing.
        bool pending = true;
        std::vector<Dropped> dropped;
    };

    /// Takes a transaction. The pool must have followed every change of the chain. Errors: each
    /// `MempoolError`; on error the pool is as before.
    [[nodiscard]] Result<Added, MempoolError> add(TransactionPointer transaction, Time now);

    /// Follows the chain: mined transactions leave, those of disconnected blocks return in nonce
    /// order when they can still be paid, and whatever cannot be paid any more is dropped.
    /// Transactions of disconnected blocks need no signature check: their blocks had it. They come
    /// back whatever the floor fee, at most 20 MB of them, the lowest blocks' first; those that
    /// cannot are among the dropped.
    std::vector<Dropped> on_chain_change(const chain::ChainChange& change, Time now);

    /// Lets go of what has waited too long: 72 h pending, 3 h future.
    std::vector<Dropped> expire(Time now);

    [[nodiscard]] bool contains(const TxId& id) const;
    [[nodiscard]] TransactionPointer find(const TxId& id) const;
    /// Number of transactions, pending and future.
    [[nodiscard]] std::size_t size() const;
    /// What they count for against `MempoolLimits::bytes_max`.
    [[nodiscard]] std::size_t bytes() const;
    /// The least fee, in pebbles per 1000 bytes, that a transaction must pay now.
    [[nodiscard]] std::uint64_t floor_fee(Time now) const;
    /// Pending transactions by fee per byte from the highest, each sender's in nonce order, of at
    /// most `bytes_max` together.
    [[nodiscard]] std::vector<TransactionPointer> select(std::size_t bytes_max) const;
    /// All transactions, in order of arrival, at most `count`.
    [[nodiscard]] std::vector<TransactionPointer> list(std::size_t count) const;
    /// The account as it would stand after all its pending transactions: balance (what others
    /// pay it counts too), next nonce.
    [[nodiscard]] state::AccountState projected(const ledger::AccountId& account) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::mempool
