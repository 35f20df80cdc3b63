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

#include "src/mempool/fee_history.hpp"

#include "cairn/mempool/mempool.hpp"

#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <compare>
#include <limits>
#include <map>
#include <utility>

namespace cairn::mempool {

/// Where a transaction is kept.
enum class Area : std::uint8_t { pending, future };

struct Entry {
    TransactionPointer transaction;
    Amount cost;
    /// Pebbles per 1000 bytes, rounded down.
    std::uint64_t rate = 0;
    std::uint64_t arrival = 0;
    Instant since;
    /// Bytes of the transaction's canonical form: kept here, so that a selection does not look at
    /// what it chooses.
    std::uint32_t size = 0;
    /// It came after one that waits for less long, as after a restart.
    bool is_late = false;

    [[nodiscard]] Nonce nonce() const { return transaction->transaction().nonce; }
};

struct Account {
    ledger::AccountId id;
    /// The account at the chain's tip.
    state::AccountState chain;
    std::vector<Entry> pending;
    absl::btree_map<Nonce, Entry> future;
    std::uint64_t pending_cost = 0;
    std::uint64_t future_cost = 0;

    /// The nonce after the last pending one.
    [[nodiscard]] Nonce next() const { return Nonce{chain.nonce.value + pending.size()}; }

    [[nodiscard]] std::uint64_t total_cost() const { return pending_cost + future_cost; }

    [[nodiscard]] bool is_empty() const { return pending.empty() && future.empty(); }
};

/// What a hash set of pointers is asked by.
inline const ledger::AccountId& key_of(const std::unique_ptr<Account>& account) {
    return account->id;
}

inline const TxId& key_of(const execution::CheckedTransaction* transaction) {
    return transaction->id();
}

template <std::size_t Size, class Tag>
const FixedBytes<Size, Tag>& key_of(const FixedBytes<Size, Tag>& id) {
    return id;
}

/// Hashes ids, which are hashes or public keys already, and what they name. Senders choose them,
/// hence the salt.
struct SaltedHash {
    using is_transparent = void;
    std::uint64_t salt = 0;

    template <class Value>
    std::size_t operator()(const Value& value) const {
        return (first_eight_bytes(key_of(value)) ^ salt) * 0x9e3779b97f4a7c15U;
    }
};

struct SameKey {
    using is_transparent = void;

    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
        return key_of(left) == key_of(right);
    }
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

/// The entry that stands at `place`, which must be taken.
[[nodiscard]] const Entry& entry_at(const Place& place);

/// What one transaction costs us beside its bytes: the decoded form, its entry, and its share in
/// the orders and maps, as if its sender had no other, with what `node::TransactionRelay` keeps of
/// it. The hash tables count as half full. tests/bench/mempool_bench.cpp prints the comparison.
inline constexpr std::size_t transaction_overhead_bytes = 800;
/// Disconnected transactions that are taken back in one reorganisation (spec 06 §6).
inline constexpr std::size_t returned_bytes_max = 20'000'000;
/// The floor fee halves in this time.
inline constexpr std::uint64_t floor_half_life_seconds = 12 * 3'600;
/// Numbers of arrival begin with the wall clock's milliseconds times this: a node takes fewer
/// transactions than that, so after a restart numbers go on above those of before.
inline constexpr std::uint64_t arrivals_per_millisecond = 1'000;
/// The wall clock counts up to here, in the year 2112: numbers stay below `quantity_max`.
inline constexpr std::uint64_t arrival_milliseconds_max =
    quantity_max / 2 / arrivals_per_millisecond;
inline constexpr Duration pending_time_max = std::chrono::hours{72};
inline constexpr Duration future_time_max = std::chrono::hours{3};

/// Until when a transaction waits that came at `since`.
[[nodiscard]] inline Instant deadline(Area area, Instant since) {
    return since + (area == Area::pending ? pending_time_max : future_time_max);
}

/// Senders in a row whose next transaction does not fit, after which a selection is full enough.
inline constexpr std::size_t selection_misses_max = 1'000;

/// Bytes that `transaction` counts for.
[[nodiscard]] inline std::size_t charge_of(const execution::CheckedTransaction& transaction) {
    return transaction.size() + transaction_overhead_bytes;
}

struct Mempool::Parts {
    Parts(const chain::Blockchain& blockchain, const MempoolLimits& bounds, std::uint64_t salt);

    /// @name Admission (admission.cpp)
    /// @{
    [[nodiscard]] Result<Added, Refusal> add(
        TransactionPointer transaction, Time now, const AddOptions& options
    );
    [[nodiscard]] std::optional<Refusal> check_nonce(const Account& account, Nonce nonce) const;
    [[nodiscard]] Result<Added, Refusal> append(Account& account, Entry entry, Time now);
    [[nodiscard]] Result<Added, Refusal> add_future(Account& account, Entry entry);
    [[nodiscard]] Result<Added, Refusal> replace(
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
    /// The account whose tail leaves next: of those that pay less than `rate`, `spared` excepted.
    [[nodiscard]] Account* next_victim(std::uint64_t rate, const Account* spared) const;
    /// Brings the pool below its bounds after a reorganisation.
    void enforce_bounds(std::vector<Dropped>& dropped, Time now);
    /// Lifts the floor fee above `rate`.
    void raise_floor(std::uint64_t rate, Time now);
    void drop_future(const Place& place, DropReason reason, std::vector<Dropped>& dropped);
    [[nodiscard]] std::vector<Place> future_victims(std::size_t needed, const Account& spared)
        const;
    /// Bytes by which the pool would exceed its bound with `added` more.
    [[nodiscard]] std::size_t excess(std::size_t added) const;
    [[nodiscard]] std::uint64_t floor_fee(Time now) const;
    void restore_floor(std::uint64_t rate, Duration age, Time now);
    /// @}

    /// @name Following the chain (follow.cpp)
    /// @{
    std::vector<Dropped> on_chain_change(const chain::ChainChange& change, Time now);
    std::vector<Dropped> expire(Time now);
    /// Lets the entry at `place` go, with the pending ones that follow on it.
    void expire(Place place, std::vector<Dropped>& dropped);
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
    /// The entry of a transaction of the pool, or null.
    [[nodiscard]] const Entry* find_entry(const TxId& id) const;
    /// The order by fee in which the tail of `account` stands now.
    [[nodiscard]] absl::btree_set<Rank, WorstFirst>& tails_of(const Account& account);
    /// The account in the pool, or the chain's, newly made; `release` it if nothing is added.
    [[nodiscard]] Account& open_account(const ledger::AccountId& id);
    /// Forgets `account` when it is empty.
    void release(Account& account);
    /// An entry that arrives now and counts as waiting from `since` on.
    [[nodiscard]] Entry make_entry(TransactionPointer transaction, Time now, Instant since);
    /// The entries of `range`; valid until the pool changes.
    [[nodiscard]] std::vector<const Entry*> by_arrival(const ArrivalRange& range) const;
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

    /// @{
    /// By account and by transaction id: sets of pointers, because ids stand in what they point to.
    absl::flat_hash_set<std::unique_ptr<Account>, SaltedHash, SameKey> accounts;
    absl::flat_hash_set<const execution::CheckedTransaction*, SaltedHash, SameKey> known;
    /// @}
    /// What pending transfers will pay each account.
    absl::flat_hash_map<ledger::AccountId, std::uint64_t, SaltedHash, SameKey> incoming;
    /// The first pending transaction of each account.
    absl::btree_set<Rank, BestFirst> heads;
    /// The last one of each account: of accounts with more than the guaranteed number, and of the
    /// others.
    absl::btree_set<Rank, WorstFirst> tails_beyond;
    absl::btree_set<Rank, WorstFirst> tails;
    /// By number of arrival.
    absl::btree_map<std::uint64_t, Place> pending_arrivals;
    absl::btree_map<std::uint64_t, Place> future_arrivals;
    /// The late ones by when they have waited too long, and number of arrival: the orders above do
    /// not tell of them. Few, and none but after a restart.
    absl::btree_map<std::pair<Instant, std::uint64_t>, Place> late;
    /// The youngest `Entry::since` so far.
    Instant newest_since{Duration::min()};
    FeeHistory fees;
    /// The last number of arrival.
    std::uint64_t arrivals = 0;
    std::size_t bytes = 0;
    std::size_t future_bytes = 0;
    /// The floor fee when it was raised last.
    std::uint64_t floor = 0;
    Instant floor_raised;
};

}  // namespace cairn::mempool
