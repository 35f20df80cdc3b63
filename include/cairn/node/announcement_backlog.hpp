/// Transactions that wait for their announcement, the dearest first.
///
/// Rules:
/// 1. Of a sender's transactions only the one with the lowest nonce can be next, so none goes
///    before an earlier one of its sender that waits here too.
/// 2. Of those goes first what pays most per byte; of equals what came first. So a flood of cheap
///    ones does not hold up a dear one.
/// 3. A sender has one place for each nonce, as in the pool: what comes later takes the place, for
///    what had it has left the pool.
///
/// Adding, removing and taking cost the logarithm of what waits. The owner bounds its number.
#pragma once

#include "cairn/base/quantity.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/wire/relay_messages.hpp"

#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace cairn::node {

class AnnouncementBacklog {
  public:
    /// A sender and a nonce of it.
    using Account = std::pair<ledger::AccountId, Nonce>;

    struct Waiting {
        Account account;
        /// Pebbles per 1000 bytes.
        std::uint64_t fee_rate = 0;
        wire::RelayId id;

        friend bool operator==(const Waiting&, const Waiting&) = default;
    };

    void insert(const Waiting& waiting);
    /// Does nothing when none has this place.
    void erase(const Account& account);
    /// Removes the next one; nothing when none waits.
    std::optional<Waiting> take();

    [[nodiscard]] bool empty() const { return places_.empty(); }

    [[nodiscard]] std::size_t size() const { return places_.size(); }

  private:
    struct Place {
        std::uint64_t fee_rate = 0;
        /// Its number of arrival, which no other has.
        std::uint64_t arrival = 0;
        wire::RelayId id;
    };

    using Places = absl::btree_map<Account, Place>;

    /// What decides whose turn it is. Several senders never compare equal.
    struct Rank {
        std::uint64_t fee_rate = 0;
        std::uint64_t arrival = 0;
        ledger::AccountId sender;

        friend bool operator<(const Rank& left, const Rank& right) {
            if (left.fee_rate != right.fee_rate)
                return left.fee_rate > right.fee_rate;
            return left.arrival < right.arrival;
        }
    };

    [[nodiscard]] static Rank rank_of(const Places::value_type& entry);
    [[nodiscard]] bool is_head(Places::const_iterator place) const;
    /// Whether `place` is there and of `sender`.
    [[nodiscard]] bool is_of(Places::const_iterator place, const ledger::AccountId& sender) const;
    void erase(Places::iterator place);

    Places places_;
    /// The first place of each sender.
    absl::btree_set<Rank> heads_;
    std::uint64_t arrivals_ = 0;
};

}  // namespace cairn::node
