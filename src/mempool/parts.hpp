/// What a `Mempool` is made of, shared by the files that implement it.
///
/// Rules:
/// 1. `Account::pending[i]` has the nonce `chain.nonce + i`, and all pooled transactions of an
///    account, pending and future, together cost at most its balance. So every future transaction
///    can become pending as soon as its gap is closed.
/// 2. An account is in the pool while it has transactions there.
/// 3. Every ordered index is keyed by the number of arrival, which is unique: pointers order
///    nothing.
#pragma once

#include "cairn/mempool/mempool.hpp"

#include <absl/container/flat_hash_map.h>

#include <compare>
#include <limits>
#include <map>
#include <set>

namespace cairn::mempool {

/// A hash of ids, which are hashes or public keys already. Senders choose them, hence the salt.
struct SaltedHash {
    std::uint64_t salt = 0;

    template <std::size_t Size, class Tag>
    std::size_t operator()(const FixedBytes<Size, Tag>& value) const {
        return (first_eight_bytes(value) ^ salt) * 0x9e3779b97f4a7c15U;
    }
};

/// Where a transaction is kept.
enum class Area : std::uint8_t { pending, future };

struct Entry {
    TransactionPointer transaction;
    Amount cost;
    /// Pebbles per 1000 bytes, rounded down.
    std::uint64_t rate = 0;
    /// Counts admissions.
    std::uint64_t arrival = 0;
    Instant since;

    [[nodiscard]] Nonce nonce() const { return transaction->transaction().nonce; }
};

struct Account {
    ledger::AccountId id;
    /// The account at the chain's tip.
    state::AccountState chain;
    std::vector<Entry> pending;
    std::map<Nonce, Entry> future;
    std::uint64_t pending_cost = 0;
    std::uint64_t future_cost = 0;

    /// The nonce after the last pending one.
    [[nodiscard]] Nonce next() const { return Nonce{chain.nonce.value + pending.size()}; }

    [[nodiscard]] std::uint64_t total_cost() const { return pending_cost + future_cost; }

    [[nodiscard]] bool is_empty() const { return pending.empty() && future.empty(); }
};

/// An entry's place in the orders by fee.
struct Rank {
    std::uint64_t rate = 0;
    std::uint64_t arrival = 0;
    Account* account = nullptr;
};

/// The highest fee first; the first come among equals.
struct BestFirst {
    bool operator()(const Rank& left, const Rank& right) const {
        if (left.rate != right.rate)
            return left.rate > right.rate;
        return left.arrival < right.arrival;
    }
};

/// The lowest fee first; the last come among equals.
struct WorstFirst {
    bool operator()(const Rank& one, const Rank& other) const { return BestFirst{}(other, one); }
};

/// Where an entry stands.
struct Place {
    Account* account = nullptr;
    Nonce nonce;
};

/// What one transaction costs us beside its bytes: the decoded form, its entry, and its nodes in
/// the orders and maps, with the share of its account as if it were alone there. Measured with
/// 100,000 senders of one transfer each; tests/bench/mempool_bench.cpp prints the comparison.
inline constexpr std::size_t transaction_overhead_bytes = 1'024;
/// Disconnected transactions that are taken back in one reorganisation (spec 06 §6).
inline constexpr std::size_t returned_bytes_max = 20'000'000;
/// The floor fee halves in this time.
inline constexpr std::uint64_t floor_half_life_seconds = 12 * 3'600;
inline constexpr Duration pending_time_max = std::chrono::hours{72};
inline constexpr Duration future_time_max = std::chrono::hours{3};
/// Senders in a row whose next transaction does not fit, after which a selection is full enough.
inline constexpr std::size_t selection_misses_max = 1'000;

/// Bytes that `transaction` counts for.
[[nodiscard]] inline std::size_t charge_of(const execution::CheckedTransaction& transaction) {
    return transaction.size() + transaction_overhead_bytes;
}

[[nodiscard]] std::uint64_t rate_of(const execution::CheckedTransaction& transaction);

struct Mempool::Parts {
    Parts(const chain::Blockchain& blockchain, const MempoolLimits& bounds, std::uint64_t salt);

    /// @name Admission (admission.cpp)
    /// @{
    [[nodiscard]] Result<Added, MempoolError> add(TransactionPointer transaction, Time now);
    [[nodiscard]] Result<Added, MempoolError> append(Account& account, Entry entry, Time now);
    [[nodiscard]] Result<Added, MempoolError> add_future(Account& account, Entry entry);
    [[nodiscard]] Result<Added, MempoolError> replace(
        Account& account, Area area, Entry entry, Time now
    );
    /// Makes future transactions pending as far as they follow without a gap.
    void promote(Account& account);
    /// @}

    /// @name Room (room.cpp)
    /// @{
    /// Frees at least `needed` bytes for a pending transaction that pays `rate`: future
    /// transactions leave first, then tails that pay less. Spares `newcomer`. Nothing, and
    /// nothing has changed, when that does not free enough.
    [[nodiscard]] std::optional<std::vector<Dropped>> make_room(
        std::size_t needed, std::uint64_t rate, const Account& newcomer, Time now
    );
    /// Brings the pool below its bounds after a reorganisation.
    void enforce_bounds(std::vector<Dropped>& dropped, Time now);
    void evict_tail(Account& account, std::vector<Dropped>& dropped, Time now);
    void drop_future(const Place& place, DropReason reason, std::vector<Dropped>& dropped);
    [[nodiscard]] std::vector<Place> future_victims(std::size_t needed, const Account& spared)
        const;
    [[nodiscard]] bool has_tails_below(
        std::size_t needed, std::uint64_t rate, const Account& spared
    ) const;
    /// Bytes by which the pool would exceed its bound with `added` more.
    [[nodiscard]] std::size_t excess(std::size_t added) const;
    [[nodiscard]] std::uint64_t floor_fee(Time now) const;
    /// @}

    /// @name Following the chain (follow.cpp)
    /// @{
    std::vector<Dropped> on_chain_change(const chain::ChainChange& change, Time now);
    std::vector<Dropped> expire(Time now);
    /// Reads the account from the chain again and sorts `entries` into pending and future.
    void rebuild(
        Account& account,
        std::map<Nonce, Entry>&& entries,
        const std::vector<TxId>& mined,
        std::vector<Dropped>& dropped
    );
    /// Takes everything out of `account`.
    [[nodiscard]] std::map<Nonce, Entry> take_all(Account& account);
    /// @}

    /// @name Book-keeping (parts.cpp)
    /// @{
    [[nodiscard]] Account* find_account(const ledger::AccountId& id) const;
    /// The account in the pool, or the chain's, newly made; `release` it if nothing is added.
    [[nodiscard]] Account& open_account(const ledger::AccountId& id);
    /// Forgets `account` when it is empty.
    void release(Account& account);
    [[nodiscard]] const Entry& entry_at(const Place& place) const;
    [[nodiscard]] Entry make_entry(TransactionPointer transaction, Time now);
    void push_pending(Account& account, Entry entry);
    [[nodiscard]] Entry pop_pending(Account& account);
    void insert_future(Account& account, Entry entry);
    [[nodiscard]] Entry take_future(Account& account, Nonce nonce);
    void swap_pending(Account& account, Entry& entry);
    /// @{
    /// Takes `account` out of the orders by fee, or puts it there: around every change of the
    /// first or last pending transaction.
    void unrank(Account& account);
    void rank(Account& account);
    /// @}
    void enter(Account& account, const Entry& entry, Area area);
    void leave(Account& account, const Entry& entry, Area area);
    /// @}

    const chain::Blockchain& chain;
    MempoolLimits limits;

    absl::flat_hash_map<ledger::AccountId, std::unique_ptr<Account>, SaltedHash> accounts;
    absl::flat_hash_map<TxId, Place, SaltedHash> places;
    /// What pending transfers will pay each account.
    absl::flat_hash_map<ledger::AccountId, std::uint64_t, SaltedHash> incoming;
    /// The first, and the last, pending transaction of each account.
    std::set<Rank, BestFirst> heads;
    std::set<Rank, WorstFirst> tails;
    /// By number of arrival.
    std::map<std::uint64_t, Place> pending_arrivals;
    std::map<std::uint64_t, Place> future_arrivals;
    std::uint64_t arrivals = 0;
    std::size_t bytes = 0;
    std::size_t future_bytes = 0;
    /// The floor fee when it was raised last.
    std::uint64_t floor = 0;
    Instant floor_raised;
};

}  // namespace cairn::mempool
