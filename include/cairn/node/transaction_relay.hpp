/// Spreads transactions: announces what the pool takes, fetches what others announce, has it
/// checked, and serves it.
///
/// Rules (spec 04 §4.2, §11.3), each with its reason:
/// 1. A transaction travels under its relay id, the first 16 bytes of the SHA-256 of all its bytes.
///    Two signatures of one transaction have different relay ids, so a wrong signature cannot make
///    us refuse the right one.
/// 2. Only transactions that the pool holds as pending are announced: whoever fetches one can take
///    it. One that waits for a nonce is announced when that nonce has come.
/// 3. Announcements go out in batches, one each `announce_interval`, from one backlog, the
///    dearest first, each sender's in nonce order. Two token buckets, of transactions and of their
///    bytes, say how much a batch holds, so that a flood costs the same however many peers there
///    are, and a dear transaction does not wait for it. A new peer is told what is pending, in the
///    same order, from what the backlog leaves of the tokens. So a transaction that was pushed
///    while there was no peer is not lost. With `AnnounceTiming::delayed`, batches wait for random
///    times (`announcement_delays.hpp`).
/// 4. Nothing is announced to a peer that has announced it, or that was told of it; but what was
///    pushed here is told again from time to time, until a peer asks for it or announces it: the
///    user who pushed it has no other way out.
/// 5. What was refused, what is at hand and what is being checked is not asked for. Refusals are
///    forgotten when the tip changes, because most depend on the state.
/// 6. A peer is served only what was announced to it, so that nobody can probe the pool.
/// 7. While the node syncs, announcements are kept but nothing is asked for: without the state,
///    good transactions would be refused.
/// 8. A peer is told at READY, and when it has changed, at most once in `pool_expiry_interval`, the
///    least fee that our pool takes; what pays less than a peer has told us is not announced to it.
/// 9. Unasked transactions, broken bytes and bad signatures are the sender's faults. What only our
///    policy or our state refuses is nobody's.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/allowances.hpp"
#include "cairn/node/announcement_backlog.hpp"
#include "cairn/node/announcement_delays.hpp"
#include "cairn/node/context.hpp"
#include "cairn/node/refusal.hpp"
#include "cairn/node/request_tracker.hpp"
#include "cairn/node/rolling_set.hpp"
#include "cairn/node/token_bucket.hpp"
#include "cairn/node/view.hpp"
#include "cairn/wire/relay_messages.hpp"

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace cairn::node {

/// The queue of what a saved pool held and the pool does not have back yet.
inline constexpr std::string_view transactions_to_restore = "transactions_to_restore";

/// When peers hear of transactions: with the next batch, or at random times, which hides where a
/// transaction came from.
enum class AnnounceTiming : std::uint8_t { prompt, delayed };

class TransactionRelay {
  public:
    /// `salt` seeds hash sets.
    explicit TransactionRelay(
        std::uint64_t salt,
        const Allowances& allowances = {},
        AnnounceTiming timing = AnnounceTiming::prompt
    );

    /// @name Events
    /// @{
    void on_peer_ready(Context& context, const Peer& peer);
    void on_peer_gone(Context& context, LinkId link);
    /// The transactions of an `inv`; its blocks are not looked at.
    void on_message(
        Context& context, const Peer& peer, const wire::Inventory& message, std::uint32_t request
    );
    void on_message(
        Context& context,
        const Peer& peer,
        const wire::GetTransactions& message,
        std::uint32_t request
    );
    void on_message(
        Context& context, const Peer& peer, const wire::Transactions& message, std::uint32_t request
    );
    /// The transactions of a `not_found`; its blocks are not looked at.
    void on_message(
        Context& context, const Peer& peer, const wire::NotFound& message, std::uint32_t request
    );
    void on_message(
        Context& context, const Peer& peer, const wire::FeeFilter& message, std::uint32_t request
    );
    /// Answers at once; the transactions come into the pool one portion after another.
    void on_command(Context& context, CommandId command, RestorePool restore);
    /// Answers at once or when the signature is checked. Errors: `busy`, the names of
    /// `TransactionError` and `MempoolError`.
    void on_command(Context& context, CommandId command, PushTransaction push);
    /// True when the job was one of ours.
    [[nodiscard]] bool on_job(Context& context, JobId job, JobResult& result);
    /// To be called after the pool has followed the same changes.
    void on_chain_change(Context& context, const std::vector<chain::ChainChange>& changes);
    /// Tells whether the node is behind its peers.
    void set_syncing(Context& context, bool is_syncing);
    void on_time(Context& context);
    [[nodiscard]] std::optional<Instant> next_wakeup() const;
    /// @}

    [[nodiscard]] std::vector<QueueSummary> queues() const;

    /// Why the transaction was refused lately, if that is remembered.
    [[nodiscard]] std::optional<CommandError> refusal(const TxId& id) const;

    /// How often each rule has refused a transaction that was not known.
    [[nodiscard]] const RuleCounts& refused() const { return refused_counts_; }

  private:
    struct PeerState {
        /// What we have announced to it.
        RollingSet told;
        /// What it has announced to us.
        RollingSet theirs;
        /// What was pending when it came, still to be announced to it alone, the next first.
        std::deque<wire::RelayId> backlog;
        /// The least fee, in pebbles per 1000 bytes, that it takes.
        std::uint64_t fee_rate_min = 0;
        /// The one that we told it.
        std::uint64_t fee_rate_told = 0;
    };

    /// A transaction of the pool, as peers know it.
    struct Entry {
        TxId id;
        std::uint32_t size = 0;
    };

    struct Checking {
        wire::RelayId relay_id;
        TxId id;
        /// How long it waited before a restart.
        Duration waited{};
        bool may_replace = true;
        /// Who pushed it and waits for the answer.
        std::optional<CommandId> command;
    };

    struct Pushed {
        Checking checking;
        ledger::Transaction transaction;
    };

    enum class Origin : std::uint8_t { peer, command, restart };

    /// One `CheckTransactionsJob`: of a peer, of commands, or of what the pool held before.
    struct Check {
        Origin origin = Origin::peer;
        std::optional<LinkId> link;
        std::vector<Checking> transactions;
    };

    /// An announcement with what decides whom it is made to.
    struct Announcement {
        wire::TransactionNotice notice;
        std::uint64_t fee_rate = 0;
        /// Also for peers that were told.
        bool is_repeated = false;
    };

    using Account = AnnouncementBacklog::Account;

    [[nodiscard]] bool is_at_hand(const wire::RelayId& id) const;
    void request_more(Context& context);
    void start_check(Context& context, Check check, std::vector<ledger::Transaction> transactions);
    void finish_check(
        Context& context,
        const Check& check,
        const Checking& checking,
        const Result<mempool::TransactionPointer, execution::TransactionRefusal>& result
    );
    [[nodiscard]] Result<void, CommandError> take(
        Context& context, const Checking& checking, const mempool::TransactionPointer& transaction
    );
    void restore_more(Context& context);
    void restore_floor(Context& context);
    void check_pushed(Context& context);
    void add_entry(const wire::RelayId& relay_id, const Entry& entry);
    void remove_entry(const TxId& id);
    void promote(Context& context, Account account);
    void take_back(Context& context, const chain::CheckedBlock& block);
    void let_go(Context& context, const std::vector<mempool::Dropped>& dropped);
    void let_go(Context& context, const chain::CheckedBlock& block);
    void sweep(const mempool::Mempool& pool);

    void announce(Context& context, const wire::RelayId& id);
    /// Announces again what was pushed here and nobody has asked for.
    void announce_own(Context& context);
    /// Draws when `announce_own` is due next.
    void rest_own(Context& context);
    void flush_announcements(Context& context);
    /// The same where announcements wait for random times.
    void flush_delayed(Context& context);
    void deliver(Context& context, const AnnouncementDelays::Group& group);
    /// Whom a batch is for: all peers, or one that has come since.
    enum class Audience : std::uint8_t { all, newcomer };

    void send_notices(
        Context& context,
        const Peer& peer,
        const std::vector<Announcement>& batch,
        Audience audience
    );
    [[nodiscard]] std::deque<wire::RelayId> list_pending(const mempool::Mempool& pool) const;
    [[nodiscard]] std::vector<Announcement> take_batch(const mempool::Mempool& pool);
    [[nodiscard]] std::vector<Announcement> take_batch(
        const mempool::Mempool& pool, PeerState& newcomer
    );
    /// What of `delayed` is still there, the dearest first, each sender's in nonce order.
    [[nodiscard]] std::vector<Announcement> in_order(
        const mempool::Mempool& pool, const std::vector<AnnouncementDelays::Delayed>& delayed
    ) const;
    /// Nothing when the pool does not hold it any more.
    [[nodiscard]] std::optional<Announcement> announcement_of(
        const mempool::Mempool& pool, const wire::RelayId& id
    ) const;
    [[nodiscard]] bool has_tokens() const;
    void take_tokens(const Announcement& announcement);
    /// Tells `peer` our least fee if it does not know it.
    void send_fee_filter(Context& context, const Peer& peer);
    /// Whether a batch would have something now or when there are tokens.
    [[nodiscard]] bool has_backlog() const;

    std::uint64_t salt_;
    std::map<LinkId, PeerState> peers_;
    RequestTracker tracker_;
    std::map<JobId, Check> checks_;
    std::set<wire::RelayId> checking_;
    /// Pushed transactions in order of arrival. One check of them is under way at a time, which
    /// keeps a sender's nonces in order; what comes meanwhile goes into the next together.
    std::deque<Pushed> pushed_;
    bool is_checking_pushed_ = false;
    /// What the pool held before a restart and has not been checked again, and how many of its
    /// checks are under way.
    std::deque<mempool::SavedTransaction> restoring_;
    std::size_t restoring_checks_ = 0;

    /// The floor fee that the saved pool had, and when.
    struct SavedFloor {
        std::uint64_t rate = 0;
        UnixMillis at;
    };

    std::optional<SavedFloor> saved_floor_;
    RollingSet refused_;
    /// What was in the pool and has been mined.
    RollingSet mined_;
    RefusalMemory<TxId> refusals_;
    RuleCounts refused_counts_;

    /// The pool by relay id and back. May name transactions that the pool has dropped since; their
    /// number is bounded by `sweep`.
    absl::flat_hash_map<wire::RelayId, Entry, RelayIdHash> entries_;
    absl::flat_hash_map<TxId, wire::RelayId, RelayIdHash> relay_ids_;
    /// Transactions that wait for a nonce before theirs.
    std::map<Account, wire::RelayId> waiting_;

    /// Pushed here, and neither asked for nor announced by a peer yet.
    std::set<wire::RelayId> own_;
    /// Those of them in the backlog again, for peers that were told, too.
    std::set<wire::RelayId> repeated_;
    Instant next_own_;

    AnnouncementBacklog backlog_;
    /// With `AnnounceTiming::delayed`: what has left the backlog and waits for random times.
    std::optional<AnnouncementDelays> delays_;
    Instant next_batch_;
    /// How many may be announced, and how many bytes they may have.
    TokenBucket announced_;
    TokenBucket announced_bytes_;
    std::optional<Instant> next_expiry_;
    bool is_syncing_ = false;
};

}  // namespace cairn::node
