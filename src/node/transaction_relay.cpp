#include "cairn/node/transaction_relay.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/node/penalty.hpp"
#include "cairn/node/trace.hpp"

#include <algorithm>
#include <utility>

namespace cairn::node {

namespace {

bool has_outbound(const PeerTable& peers) {
    return std::any_of(peers.begin(), peers.end(), [](const auto& entry) {
        return entry.second.direction == Direction::outbound;
    });
}

TokenBucket make_relay_bucket(std::uint64_t per_second) {
    const auto burst = std::max<std::uint64_t>(per_second / relay_bursts_per_second, 1);
    return TokenBucket{{.per_second = per_second, .burst = burst}};
}

}  // namespace

TransactionRelay::TransactionRelay(
    std::uint64_t salt, const Allowances& allowances, AnnounceTiming timing
)
    : salt_{salt},
      refused_{salt, refused_transactions_max},
      mined_{salt, refused_transactions_max},
      entries_{0, RelayIdHash{salt}},
      relay_ids_{0, RelayIdHash{salt}},
      announced_{make_relay_bucket(allowances.relay_transactions_per_second)},
      announced_bytes_{make_relay_bucket(allowances.relay_bytes_per_second)} {
    if (timing == AnnounceTiming::delayed)
        delays_.emplace();
}

void TransactionRelay::on_peer_gone(Context& context, LinkId link) {
    peers_.erase(link);
    if (delays_)
        delays_->leave(link);
    tracker_.on_peer_gone(link);
    request_more(context);
}

void TransactionRelay::on_message(
    Context& context, const Peer& peer, const wire::Inventory& message, std::uint32_t
) {
    const auto state = peers_.find(peer.link);
    if (state == peers_.end())
        return;
    const bool is_preferred =
        peer.direction == Direction::outbound || peer.is_loopback || !has_outbound(context.peers);
    const auto now = context.now.steady;
    const auto due = is_preferred ? now : now + inbound_request_delay;
    for (const auto& notice : message.transactions) {
        state->second.theirs.insert(notice.id);
        own_.erase(notice.id);
        if (is_at_hand(notice.id) || refused_.contains(notice.id))
            continue;
        trace_relay(context, "announced", notice.id, peer);
        tracker_.announce(peer.link, notice.id, due);
    }
    request_more(context);
}

void TransactionRelay::on_message(
    Context& context, const Peer& peer, const wire::Transactions& message, std::uint32_t
) {
    const auto state = peers_.find(peer.link);
    if (state == peers_.end())
        return;
    Check check{.origin = Origin::peer, .link = peer.link, .transactions = {}};
    std::vector<ledger::Transaction> transactions;
    for (const auto& raw : message.transactions) {
        const auto relay_id = wire::relay_id(raw.bytes);
        if (!tracker_.is_asked(peer.link, relay_id)) {
            // Late is no fault: another announcer may have been faster in the end.
            if (!state->second.theirs.contains(relay_id))
                context.outbox.blame(peer.link, Fault::unrequested);
            continue;
        }
        tracker_.on_answer(peer.link, relay_id);
        auto transaction = codec::decode<ledger::Transaction>(raw.bytes);
        if (!transaction) {
            refused_.insert(relay_id);
            context.outbox.blame(peer.link, Fault::malformed_transaction);
            continue;
        }
        const auto id = ledger::transaction_id(context.chain.id(), *transaction);
        trace_received(context, id, relay_id, peer.link);
        check.transactions.push_back({.relay_id = relay_id, .id = id, .command = std::nullopt});
        transactions.push_back(std::move(*transaction));
    }
    if (!transactions.empty())
        start_check(context, std::move(check), std::move(transactions));
    request_more(context);
}

void TransactionRelay::on_message(
    Context& context, const Peer& peer, const wire::NotFound& message, std::uint32_t
) {
    for (const auto& id : message.transactions)
        tracker_.on_missing(peer.link, id);
    request_more(context);
}

bool TransactionRelay::on_job(Context& context, JobId job, JobResult& result) {
    const auto place = checks_.find(job);
    if (place == checks_.end())
        return false;
    const auto check = std::move(place->second);
    checks_.erase(place);
    const auto* results = std::get_if<CheckTransactionsResult>(&result);
    CAIRN_ASSERT(results != nullptr && results->size() == check.transactions.size());
    // First, so that a worker has something to do while the results are taken in.
    switch (check.origin) {
        case Origin::peer:
            break;
        case Origin::command:
            is_checking_pushed_ = false;
            check_pushed(context);
            break;
        case Origin::restart:
            --restoring_checks_;
            restore_more(context);
            break;
    }
    for (std::size_t i = 0; i < results->size(); ++i)
        finish_check(context, check, check.transactions[i], (*results)[i]);
    restore_floor(context);
    sweep(context.pool);
    flush_announcements(context);
    request_more(context);
    return true;
}

void TransactionRelay::on_chain_change(
    Context& context, const std::vector<chain::ChainChange>& changes
) {
    bool has_moved = false;
    for (const auto& change : changes) {
        has_moved |= change.moved();
        if (change.is_reorganisation())
            mined_.clear();
        for (const auto& block : change.disconnected)
            take_back(context, *block);
        for (const auto& block : change.connected)
            let_go(context, *block);
    }
    if (!has_moved)
        return;
    refused_.clear();
    tracker_.forget_exhausted();
    sweep(context.pool);
    flush_announcements(context);
    request_more(context);
}

void TransactionRelay::set_syncing(Context& context, bool is_syncing) {
    if (std::exchange(is_syncing_, is_syncing) && !is_syncing)
        request_more(context);
}

void TransactionRelay::on_time(Context& context) {
    const auto now = context.now.steady;
    if (!next_expiry_ || *next_expiry_ <= now) {
        if (next_expiry_)
            let_go(context, context.pool.expire(context.now));
        for (const auto& [link, peer] : context.peers)
            send_fee_filter(context, peer);
        next_expiry_ = now + pool_expiry_interval;
    }
    announce_own(context);
    flush_announcements(context);
    request_more(context);
}

std::optional<Instant> TransactionRelay::next_wakeup() const {
    std::optional<Instant> next = next_expiry_;
    const auto consider = [&next](std::optional<Instant> at) {
        if (at && (!next || *at < *next))
            next = at;
    };
    if (!own_.empty())
        consider(next_own_);
    if (has_backlog())
        consider(next_batch_);
    if (delays_)
        consider(delays_->next_wakeup());
    if (!is_syncing_ && checking_.size() < transactions_checking_max)
        consider(tracker_.next_wakeup());
    return next;
}

std::optional<CommandError> TransactionRelay::refusal(const TxId& id) const {
    return refusals_.find(id);
}

bool TransactionRelay::is_at_hand(const wire::RelayId& id) const {
    return entries_.contains(id) || checking_.contains(id) || mined_.contains(id);
}

void TransactionRelay::start_check(
    Context& context, Check check, std::vector<ledger::Transaction> transactions
) {
    for (const auto& checking : check.transactions)
        checking_.insert(checking.relay_id);
    CheckTransactionsJob work{.transactions = std::move(transactions), .others = {}};
    // Who pushes hears for which chain it is signed. Peers know theirs, and must not cost us more.
    if (check.origin == Origin::command) {
        const auto others = tried_chains(context.config);
        work.others.assign(others.begin(), others.end());
    }
    const auto job = context.outbox.start(std::move(work));
    checks_.emplace(job, std::move(check));
}

void TransactionRelay::finish_check(
    Context& context,
    const Check& check,
    const Checking& checking,
    const Result<mempool::TransactionPointer, execution::TransactionRefusal>& result
) {
    checking_.erase(checking.relay_id);
    Result<void, CommandError> taken;
    if (result) {
        taken = take(context, checking, *result);
    } else {
        taken = tl::unexpected{make_refusal(result.error())};
        const auto fault = fault_of(result.error().rule);
        if (fault && check.link && context.peers.contains(*check.link))
            context.outbox.blame(*check.link, *fault);
    }
    bool was_known = false;
    if (!taken) {
        trace_refused(context, checking.id, taken.error().rule);
        // What the chain holds is refused for its nonce; whoever pushes it again wants to hear that
        // it is there.
        const auto mined =
            checking.command
                ? context.chain.find_transaction(checking.id)
                : Result<std::optional<chain::TransactionPlace>, chain::StoreError>{std::nullopt};
        was_known = context.pool.contains(checking.id) || (mined && mined->has_value());
        // What was only not to replace another may come again, from a peer, and then it may.
        if (checking.may_replace)
            refused_.insert(checking.relay_id);
        if (!was_known)
            ++refused_counts_[taken.error().rule];
        if (!was_known && check.origin != Origin::restart) {
            refusals_.remember(checking.id, taken.error());
            if (!result && result.error().id_there)
                refusals_.remember(*result.error().id_there, taken.error());
        }
    }
    if (!checking.command)
        return;
    if (taken || was_known)
        context.outbox.push(Reply{
            *checking.command, PushedTransaction{.id = checking.id, .was_known = was_known}});
    else
        context.outbox.push(Reply{*checking.command, tl::unexpected{taken.error()}});
}

/// Gives a checked transaction to the pool and tells others when it is pending.
Result<void, CommandError> TransactionRelay::take(
    Context& context, const Checking& checking, const mempool::TransactionPointer& transaction
) {
    const auto& relay_id = checking.relay_id;
    const auto added = context.pool.add(
        transaction, context.now, {.waited = checking.waited, .may_replace = checking.may_replace}
    );
    if (!added)
        return tl::unexpected{make_refusal(added.error())};
    refusals_.forget(transaction->id());
    trace_accepted(context, transaction->id(), *added);
    let_go(context, added->dropped);
    if (!context.pool.contains(transaction->id()))
        return {};
    add_entry(
        relay_id, {.id = transaction->id(), .size = static_cast<std::uint32_t>(transaction->size())}
    );
    if (checking.command) {
        if (own_.empty())
            rest_own(context);
        own_.insert(relay_id);
    }
    context.outbox.push(PoolEvent{transaction});
    const auto& sender = transaction->transaction().from;
    const auto nonce = transaction->transaction().nonce;
    if (added->pending) {
        announce(context, relay_id);
        promote(context, {sender, nonce.next()});
    } else {
        waiting_.insert_or_assign({sender, nonce}, relay_id);
    }
    return {};
}

void TransactionRelay::add_entry(const wire::RelayId& relay_id, const Entry& entry) {
    remove_entry(entry.id);
    entries_.insert_or_assign(relay_id, entry);
    relay_ids_.insert_or_assign(entry.id, relay_id);
}

void TransactionRelay::remove_entry(const TxId& id) {
    const auto place = relay_ids_.find(id);
    if (place == relay_ids_.end())
        return;
    own_.erase(place->second);
    repeated_.erase(place->second);
    entries_.erase(place->second);
    relay_ids_.erase(place);
}

/// Announces what waited for the nonce before `account`'s, and what waited for that in turn.
void TransactionRelay::promote(Context& context, Account account) {
    auto place = waiting_.find(account);
    while (place != waiting_.end()) {
        const auto relay_id = place->second;
        waiting_.erase(place);
        if (entries_.contains(relay_id))
            announce(context, relay_id);
        account.second = account.second.next();
        place = waiting_.find(account);
    }
}

/// What a reorganisation has returned to the pool can be had from us again.
void TransactionRelay::take_back(Context& context, const chain::CheckedBlock& block) {
    const auto& transactions = block.block().transactions;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        if (transactions[i].is_coinbase() || !context.pool.contains(block.ids()[i]))
            continue;
        const auto bytes = codec::encode(transactions[i]);
        const auto relay_id = wire::relay_id(bytes);
        const auto size = static_cast<std::uint32_t>(bytes.size());
        add_entry(relay_id, {.id = block.ids()[i], .size = size});
        announce(context, relay_id);
    }
}

/// What the pool has dropped of its own accord.
void TransactionRelay::let_go(Context& context, const std::vector<mempool::Dropped>& dropped) {
    for (const auto& one : dropped)
        remove_entry(one.id);
    context.chronicle.on_dropped(dropped);
    trace_dropped(context, dropped);
}

/// What a block holds is not to be fetched or announced any more.
void TransactionRelay::let_go(Context& context, const chain::CheckedBlock& block) {
    if (relay_ids_.empty() && backlog_.empty() && tracker_.size() == 0)
        return;
    const auto& transactions = block.block().transactions;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        const auto& transaction = transactions[i];
        if (transaction.is_coinbase())
            continue;
        // Whatever waited for this place would hold up the sender's next one.
        backlog_.erase({transaction.from, transaction.nonce});
        const auto place = relay_ids_.find(block.ids()[i]);
        if (place != relay_ids_.end()) {
            mined_.insert(place->second);
            remove_entry(block.ids()[i]);
        } else if (tracker_.size() > 0) {
            const auto relay_id = wire::relay_id(codec::encode(transaction));
            mined_.insert(relay_id);
            tracker_.forget(relay_id);
        }
        promote(context, {transaction.from, transaction.nonce.next()});
    }
}

/// Forgets what the pool has dropped without telling us, once that is most of what we know.
void TransactionRelay::sweep(const mempool::Mempool& pool) {
    constexpr std::size_t slack = 1024;
    if (backlog_.size() > 3 * pool.size() + slack) {
        auto all = std::exchange(backlog_, {});
        while (const auto waiting = all.take())
            if (const auto place = entries_.find(waiting->id);
                place != entries_.end() && pool.contains(place->second.id))
                backlog_.insert(*waiting);
    }
    if (entries_.size() + waiting_.size() <= 3 * pool.size() + slack)
        return;
    absl::erase_if(relay_ids_, [this, &pool](const auto& entry) {
        const bool is_gone = !pool.contains(entry.first);
        if (is_gone)
            entries_.erase(entry.second);
        return is_gone;
    });
    std::erase_if(waiting_, [this](const auto& entry) { return !entries_.contains(entry.second); });
    std::erase_if(own_, [this](const auto& id) { return !entries_.contains(id); });
    std::erase_if(repeated_, [this](const auto& id) { return !entries_.contains(id); });
}

std::vector<QueueSummary> TransactionRelay::queues() const {
    std::size_t announced = 0;
    std::size_t asked = 0;
    std::size_t untold = 0;
    for (const auto& [link, state] : peers_) {
        untold = std::max(untold, state.backlog.size());
        announced = std::max(announced, tracker_.announcements(link));
        asked = std::max(asked, tracker_.in_flight(link));
    }
    return {
        {.name = "announcements_of_one_peer",
         .size = announced,
         .size_max = announcements_per_peer_max},
        {.name = "transactions_asked_of_one_peer",
         .size = asked,
         .size_max = transactions_in_flight_per_peer_max},
        {.name = "announcements_waiting",
         .size = backlog_.size(),
         .size_max = announcements_waiting_max},
        {.name = "announcements_delayed",
         .size = delays_ ? delays_->size() : 0,
         .size_max = announcements_delayed_max},
        {.name = "announcements_waiting_for_one_peer",
         .size = untold,
         .size_max = announcements_per_peer_max},
        {.name = "transactions_pushed",
         .size = pushed_.size(),
         .size_max = transactions_checking_max},
        {.name = transactions_to_restore,
         .size = restoring_.size() + restoring_checks_ * restored_portion,
         .size_max = mempool::saved_transactions_max + restored_portion},
    };
}

}  // namespace cairn::node
