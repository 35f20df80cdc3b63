/// Pending transactions: bounded, payable, in nonce order per sender.
///
/// Rules (spec 06 §7):
/// 1. What is kept of a sender is a run of consecutive nonces from the account's own (pending).
///    Transactions above a gap wait apart (future) and never push a pending one out. All of them
///    together cost at most the balance; a pending one takes precedence over those that wait.
/// 2. A transaction with the sender and nonce of another replaces it when its fee is at least 10 %
///    higher, its fee per byte is not lower, and the sender can still pay all later ones.
/// 3. Every transaction pays at least `MempoolLimits::fee_rate_min`, on development chains too: a
///    fee of zero would make floods free.
/// 4. When the pool is over its byte bound, tails leave: the last transactions of their senders,
///    so that no kept sender gets a gap. Only those go that pay less per byte than the newcomer;
///    of them first the ones beyond their sender's first `pending_guaranteed`, then by fee from
///    the lowest. The floor fee rises above what left, and sinks by half every 12 hours. Before
///    any pending one, future transactions leave.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/execution/checked_transaction.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
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
    nonce_taken,               ///< one with this nonce waits, and it is not to be replaced
    replacement_fee_too_low,   ///< less than 10 % above the one it would replace, or less per byte
    replacement_breaks_later,  ///< later transactions of the sender could not be paid any more
    sender_full,               ///< the sender has as many as one may have
    pool_full,                 ///< the pool is full of better ones
};
[[nodiscard]] std::string_view to_string(MempoolError error);

/// A refusal with the numbers that decided, for people: plain sentences or quantities with their
/// unit.
struct Refusal {
    MempoolError rule = MempoolError::known;
    std::string expected;
    std::string actual;
    std::string hint;
};

/// The least fee of a new node, in pebbles per 1000 bytes: one pebble for each 1000 bytes begun.
/// So low that nobody is kept out, and not zero, so that filling pools of a development chain
/// needs coins as well.
inline constexpr std::uint64_t fee_rate_min_default = 1;

/// What is recommended where nothing can be learnt from recent blocks: a pebble a byte.
inline constexpr std::uint64_t fee_rate_usual = 1'000;

/// Sources of the numbers: go-ethereum's transaction pool (16 and 64 a sender, 1024 future, 3 h)
/// and Bitcoin Core's (300 MB, eviction from the lowest fee, half-life 12 h).
struct MempoolLimits {
    /// Bytes of all transactions with our overhead.
    std::size_t bytes_max = 512U * 1024 * 1024;
    /// The least fee that is ever taken, in pebbles per 1000 bytes.
    std::uint64_t fee_rate_min = fee_rate_min_default;
    /// A sender's first so many leave a full pool after others' that go beyond theirs.
    std::size_t pending_guaranteed = 16;
    std::size_t pending_per_sender_max = 1024;
    std::size_t future_per_sender_max = 64;
    std::size_t future_total_max = 4096;
    std::size_t future_bytes_max = 8U * 1024 * 1024;
};

/// What `transaction` pays in pebbles per 1000 bytes, rounded down.
[[nodiscard]] std::uint64_t fee_rate_of(const execution::CheckedTransaction& transaction);

/// What would be enough to be mined within `blocks` blocks.
struct FeeEstimate {
    std::uint64_t blocks = 1;
    /// Pebbles per 1000 bytes.
    std::uint64_t rate = 0;
    /// Of the recent stretches of `blocks` blocks, the share, in percent, in which it would have
    /// been enough.
    std::uint64_t chance_percent = 0;
};

using TransactionPointer = std::shared_ptr<const execution::CheckedTransaction>;

/// Why one left the pool without being mined.
enum class DropReason : std::uint8_t { replaced, evicted, unpayable, nonce_used, expired };
[[nodiscard]] std::string_view to_string(DropReason reason);

struct Dropped {
    TxId id;
    DropReason reason = DropReason::evicted;
};

/// How a transaction is to be taken.
struct AddOptions {
    /// How long it has waited already.
    Duration waited{};
    /// False: rather refuse it than let another go that has its sender and nonce.
    bool may_replace = true;
};

/// A transaction that waits, with the number of its arrival, which is at least 1. The number stays
/// the same for as long as it waits, never comes again in a process, and is higher than all earlier
/// ones; that of one that is mined and comes back is new.
struct Arrival {
    std::uint64_t number = 0;
    TransactionPointer transaction;

    friend bool operator==(const Arrival&, const Arrival&) = default;
};

enum class ArrivalOrder : std::uint8_t { oldest_first, newest_first };

/// Which of the waiting transactions to list: the first `count` in `order`, beginning with the
/// number `from` itself.
struct ArrivalRange {
    std::uint64_t from = 0;
    ArrivalOrder order = ArrivalOrder::oldest_first;
    std::size_t count = 0;
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
    [[nodiscard]] Result<Added, Refusal> add(
        TransactionPointer transaction, Time now, AddOptions options = {}
    );

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
    [[nodiscard]] const MempoolLimits& limits() const;
    /// The least fee, in pebbles per 1000 bytes, that a transaction must pay now.
    [[nodiscard]] std::uint64_t floor_fee(Time now) const;
    /// The least rate that nine of ten recent stretches of `blocks` blocks would have taken, and
    /// that is above what waits in front now; at least 1 block. A young or idle chain has nothing
    /// to learn from: then it is `fee_rate_usual`.
    [[nodiscard]] FeeEstimate estimate_fee(std::uint64_t blocks, Time now) const;
    /// Lifts the floor fee to where a pool stands in which it was `rate` a time of `age` ago, for
    /// a restart: after what waited has come back, since some of that may pay less.
    void restore_floor(std::uint64_t rate, Duration age, Time now);
    /// The pool as bytes, which `decode_saved_pool` reads.
    [[nodiscard]] Bytes save(Time now) const;
    /// Pending transactions by fee per byte from the highest, each sender's in nonce order, of at
    /// most `bytes_max` together. They are the pool's: good until it changes.
    [[nodiscard]] std::vector<const execution::CheckedTransaction*> select(std::size_t bytes_max
    ) const;
    /// Transactions, pending and future, by number of arrival. Costs what is returned, and no more
    /// for a large pool.
    [[nodiscard]] std::vector<Arrival> list(const ArrivalRange& range) const;
    /// The oldest `count` of them.
    [[nodiscard]] std::vector<TransactionPointer> list(std::size_t count) const;
    /// The account as it would stand after all its pending transactions: balance (what others
    /// pay it counts too), next nonce.
    [[nodiscard]] state::AccountState projected(const ledger::AccountId& account) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::mempool
