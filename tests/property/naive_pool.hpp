/// A pool of transactions as spec 06 §7 words it, and nothing else: one list, through which every
/// question looks from the beginning. What the real pool is compared with.
#pragma once

#include "cairn/mempool/mempool.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::test {

class NaivePool {
  public:
    struct Entry {
        mempool::TransactionPointer transaction;
        /// Counts what came.
        std::uint64_t arrival = 0;
        Instant since;

        [[nodiscard]] const ledger::AccountId& sender() const {
            return transaction->transaction().from;
        }

        [[nodiscard]] std::uint64_t nonce() const { return transaction->transaction().nonce.value; }

        [[nodiscard]] std::uint64_t fee() const { return transaction->transaction().fee.value; }

        [[nodiscard]] std::uint64_t rate() const { return fee() * 1'000 / transaction->size(); }

        [[nodiscard]] std::uint64_t cost() const {
            return execution::cost_of(transaction->transaction())->value;
        }

        [[nodiscard]] std::size_t charge() const { return transaction->size() + 800; }
    };

    using Entries = std::vector<Entry>;
    using Left = std::vector<std::pair<TxId, mempool::DropReason>>;

    /// What came of an admission: "pending", "future" or the rule that refused it; and who left.
    struct Outcome {
        std::string what;
        Left left;
    };

    NaivePool(const chain::Blockchain& chain, const mempool::MempoolLimits& limits)
        : chain_{chain}, limits_{limits} {}

    /// @name Events
    /// @{
    Outcome add(const mempool::TransactionPointer& transaction, Time now, Duration waited);
    Left follow(const chain::ChainChange& change, Time now);
    Left expire(Time now);
    void restore_floor(std::uint64_t rate, Duration age, Time now);

    /// @}

    /// @name Questions
    /// @{
    [[nodiscard]] const Entries& all() const { return entries_; }

    /// The sender's run of nonces from its account's own.
    [[nodiscard]] Entries pending(const ledger::AccountId& sender) const;
    /// The sender's others, by nonce.
    [[nodiscard]] Entries future(const ledger::AccountId& sender) const;

    [[nodiscard]] std::size_t bytes() const { return charge(entries_); }

    [[nodiscard]] std::uint64_t floor_fee(Time now) const;
    /// The account at the tip that the pool has followed last.
    [[nodiscard]] state::AccountState account(const ledger::AccountId& id) const;
    /// @}

  private:
    static std::size_t charge(const Entries& entries);
    static std::uint64_t cost(const Entries& entries);

    [[nodiscard]] std::set<ledger::AccountId> senders() const;
    /// All of one sender, by nonce.
    [[nodiscard]] Entries of(const ledger::AccountId& sender) const;
    /// Everybody's future ones, the last to come first.
    [[nodiscard]] Entries newest_future() const;
    /// The tail that leaves next: of those that pay less than `rate`, `spared`'s excepted.
    [[nodiscard]] std::optional<Entry> worst_tail(
        std::uint64_t rate, const std::optional<ledger::AccountId>& spared
    ) const;
    [[nodiscard]] bool has_future_room(const Entry& entry) const;

    Outcome append(const Entry& entry, Time now);
    Outcome add_future(const Entry& entry);
    Outcome replace(const Entry& newer, Time now);
    /// Makes room for `entry`, which takes as many bytes as it has. False: nothing has changed.
    [[nodiscard]] bool make_room(const Entry& entry, std::size_t taken, Time now, Left& left);
    void rebuild(
        const ledger::AccountId& sender,
        const Entries& returned,
        const std::vector<TxId>& mined,
        Left& left
    );
    /// Takes `entry` out of the list.
    void remove(const Entry& entry);
    void evict_pending(const Entry& entry, Time now, Left& left);
    void let_go(const Entry& entry, mempool::DropReason reason, Left& left);

    const chain::Blockchain& chain_;
    mempool::MempoolLimits limits_;
    Entries entries_;
    /// Senders as they stood at the tip when they were looked at last.
    std::map<ledger::AccountId, state::AccountState> accounts_;
    std::uint64_t arrivals_ = 0;
    std::uint64_t floor_ = 0;
    Instant floor_raised_;
};

}  // namespace cairn::test
