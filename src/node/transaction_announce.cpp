// The part of TransactionRelay that speaks: announcements, requests and answers to `get_tx`.
#include "cairn/base/assert.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/trace.hpp"
#include "cairn/node/transaction_relay.hpp"

#include <algorithm>
#include <utility>

namespace cairn::node {

void TransactionRelay::on_peer_ready(Context& context, const Peer& peer) {
    auto& state = peers_
                      .try_emplace(
                          peer.link,
                          PeerState{
                              .told = RollingSet{salt_, seen_per_peer_max / 2},
                              .theirs = RollingSet{salt_, seen_per_peer_max / 2},
                              .backlog = {}}
                      )
                      .first->second;
    send_fee_filter(context, peer);
    if (!peer.relays_transactions)
        return;
    state.backlog = list_pending(context.pool);
    if (delays_) {
        const auto group = AnnouncementDelays::group_of(peer);
        delays_->join(group);
        if (!state.backlog.empty())
            delays_->schedule(group, context.now.steady, context.random);
    }
    flush_announcements(context);
}

/// The oldest pending ones, in the order in which a newcomer is told of them.
std::deque<wire::RelayId> TransactionRelay::list_pending(const mempool::Mempool& pool) const {
    AnnouncementBacklog pending;
    for (const auto& transaction : pool.list(announcements_per_peer_max)) {
        const auto place = relay_ids_.find(transaction->id());
        const auto& value = transaction->transaction();
        if (place != relay_ids_.end() && !waiting_.contains({value.from, value.nonce}))
            pending.insert(
                {.account = {value.from, value.nonce},
                 .fee_rate = mempool::fee_rate_of(*transaction),
                 .id = place->second}
            );
    }
    // Once ordered, their ids are enough: a peer's list takes little memory.
    std::deque<wire::RelayId> ids;
    while (const auto next = pending.take())
        ids.push_back(next->id);
    return ids;
}

void TransactionRelay::on_message(
    Context& context, const Peer& peer, const wire::GetTransactions& message, std::uint32_t request
) {
    const auto state = peers_.find(peer.link);
    if (state == peers_.end())
        return;
    wire::Transactions found;
    wire::NotFound missing;
    std::size_t bytes = 0;
    std::size_t answer_bytes = 0;
    static_assert(wire::get_tx_ids_max <= answer_entries_max);
    for (const auto& id : message.ids) {
        const auto place = entries_.find(id);
        const bool may_have = place != entries_.end() && state->second.told.contains(id) &&
                              answer_bytes < answer_bytes_max;
        const auto transaction = may_have ? context.pool.find(place->second.id) : nullptr;
        if (!transaction) {
            missing.transactions.push_back(id);
            continue;
        }
        if (bytes + transaction->size() > wire::txs_bytes_max) {
            context.outbox.send(peer, std::exchange(found, {}), request);
            bytes = 0;
        }
        bytes += transaction->size();
        answer_bytes += transaction->size();
        trace_transaction(context, "sent", transaction->id(), peer);
        found.transactions.push_back({codec::encode(transaction->transaction())});
        own_.erase(id);
    }
    if (!found.transactions.empty())
        context.outbox.send(peer, std::move(found), request);
    if (!missing.transactions.empty())
        context.outbox.send(peer, std::move(missing), request);
}

void TransactionRelay::request_more(Context& context) {
    if (is_syncing_ || checking_.size() >= transactions_checking_max)
        return;
    for (auto& [link, ids] : tracker_.take_requests(context.now.steady)) {
        const auto peer = context.peers.find(link);
        // The tracker keeps announcements of READY peers only.
        CAIRN_ASSERT(peer != context.peers.end());
        static_assert(transactions_in_flight_per_peer_max <= wire::get_tx_ids_max);
        for (const auto& id : ids)
            trace_relay(context, "requested", id, peer->second);
        context.outbox.send(peer->second, wire::GetTransactions{std::move(ids)});
    }
}

void TransactionRelay::announce(Context& context, const wire::RelayId& id) {
    const auto place = entries_.find(id);
    const auto transaction =
        place == entries_.end() ? nullptr : context.pool.find(place->second.id);
    if (!transaction)
        return;
    const auto& value = transaction->transaction();
    backlog_.insert(
        {.account = {value.from, value.nonce},
         .fee_rate = mempool::fee_rate_of(*transaction),
         .id = id}
    );
    if (context.now.steady > next_batch_)
        next_batch_ = context.now.steady;
}

void TransactionRelay::rest_own(Context& context) {
    const auto spread = static_cast<std::uint64_t>((repeat_time_max - repeat_time_min).count());
    next_own_ = context.now.steady + repeat_time_min +
                Duration{static_cast<Duration::rep>(context.random.below(spread + 1))};
}

void TransactionRelay::announce_own(Context& context) {
    if (own_.empty() || context.now.steady < next_own_)
        return;
    rest_own(context);
    for (const auto& id : own_) {
        const auto place = entries_.find(id);
        const auto transaction =
            place == entries_.end() ? nullptr : context.pool.find(place->second.id);
        if (!transaction)
            continue;
        const auto& value = transaction->transaction();
        if (waiting_.contains({value.from, value.nonce}))
            continue;
        repeated_.insert(id);
        announce(context, id);
    }
}

void TransactionRelay::flush_announcements(Context& context) {
    if (delays_) {
        flush_delayed(context);
        return;
    }
    const auto now = context.now.steady;
    if (now < next_batch_ || !has_backlog())
        return;
    next_batch_ = now + announce_interval;
    announced_.refill(now);
    announced_bytes_.refill(now);
    const auto batch = take_batch(context.pool);
    for (auto& [link, state] : peers_) {
        const auto peer = context.peers.find(link);
        if (peer == context.peers.end() || !peer->second.relays_transactions)
            continue;
        send_notices(context, peer->second, take_batch(context.pool, state), Audience::newcomer);
        send_notices(context, peer->second, batch, Audience::all);
    }
    for (const auto& announcement : batch)
        repeated_.erase(announcement.notice.id);
}

void TransactionRelay::flush_delayed(Context& context) {
    const auto now = context.now.steady;
    announced_.refill(now);
    announced_bytes_.refill(now);
    if (now >= next_batch_ && has_backlog()) {
        next_batch_ = now + announce_interval;
        std::vector<AnnouncementDelays::Delayed> batch;
        while (has_tokens() && batch.size() < delays_->room()) {
            const auto next = backlog_.take();
            if (!next)
                break;
            const auto announcement = announcement_of(context.pool, next->id);
            if (!announcement)
                continue;
            take_tokens(*announcement);
            batch.push_back({.waiting = *next, .is_repeated = announcement->is_repeated});
            repeated_.erase(next->id);
        }
        delays_->add(batch, now, context.random);
    }
    for (const auto& group : delays_->due(now))
        deliver(context, group);
}

/// Tells the peers of `group`, whose time has come, all that waits for it.
void TransactionRelay::deliver(Context& context, const AnnouncementDelays::Group& group) {
    const auto batch = in_order(context.pool, delays_->take(group));
    for (auto& [link, state] : peers_) {
        const auto peer = context.peers.find(link);
        if (peer == context.peers.end() || !peer->second.relays_transactions ||
            AnnouncementDelays::group_of(peer->second) != group)
            continue;
        send_notices(context, peer->second, take_batch(context.pool, state), Audience::newcomer);
        send_notices(context, peer->second, batch, Audience::all);
        if (!state.backlog.empty())
            delays_->schedule(group, context.now.steady, context.random);
    }
}

void TransactionRelay::send_notices(
    Context& context, const Peer& peer, const std::vector<Announcement>& batch, Audience audience
) {
    auto& state = peers_.at(peer.link);
    wire::Inventory inventory;
    for (const auto& [notice, fee_rate, is_repeated] : batch) {
        // What is repeated comes to a newcomer with the rest of them.
        const bool is_told = audience == Audience::all
                                 ? !is_repeated && state.told.contains(notice.id)
                                 : is_repeated || state.told.contains(notice.id);
        if (fee_rate < state.fee_rate_min || state.theirs.contains(notice.id) || is_told)
            continue;
        state.told.insert(notice.id);
        trace_transaction(context, "told", entries_.at(notice.id).id, peer);
        inventory.transactions.push_back(notice);
        if (inventory.transactions.size() == announce_transactions_max)
            context.outbox.send(peer, std::exchange(inventory, {}));
    }
    if (!inventory.transactions.empty())
        context.outbox.send(peer, std::move(inventory));
}

/// The next announcements to all, as many as there are tokens.
std::vector<TransactionRelay::Announcement> TransactionRelay::take_batch(
    const mempool::Mempool& pool
) {
    std::vector<Announcement> batch;
    while (has_tokens()) {
        const auto next = backlog_.take();
        if (!next)
            break;
        if (const auto announcement = announcement_of(pool, next->id)) {
            take_tokens(*announcement);
            batch.push_back(*announcement);
        }
    }
    return batch;
}

/// The same of those to `newcomer` alone.
std::vector<TransactionRelay::Announcement> TransactionRelay::take_batch(
    const mempool::Mempool& pool, PeerState& newcomer
) {
    std::vector<Announcement> batch;
    while (has_tokens() && !newcomer.backlog.empty()) {
        if (const auto announcement = announcement_of(pool, newcomer.backlog.front())) {
            take_tokens(*announcement);
            batch.push_back(*announcement);
        }
        newcomer.backlog.pop_front();
    }
    return batch;
}

std::vector<TransactionRelay::Announcement> TransactionRelay::in_order(
    const mempool::Mempool& pool, const std::vector<AnnouncementDelays::Delayed>& delayed
) const {
    AnnouncementBacklog order;
    std::set<wire::RelayId> repeated;
    for (const auto& one : delayed) {
        order.insert(one.waiting);
        if (one.is_repeated)
            repeated.insert(one.waiting.id);
    }
    std::vector<Announcement> batch;
    while (const auto next = order.take()) {
        auto announcement = announcement_of(pool, next->id);
        if (!announcement)
            continue;
        announcement->is_repeated = repeated.contains(next->id);
        batch.push_back(*announcement);
    }
    return batch;
}

std::optional<TransactionRelay::Announcement> TransactionRelay::announcement_of(
    const mempool::Mempool& pool, const wire::RelayId& id
) const {
    const auto place = entries_.find(id);
    const auto transaction = place == entries_.end() ? nullptr : pool.find(place->second.id);
    if (!transaction)
        return std::nullopt;
    return Announcement{
        .notice = {.id = id, .size = place->second.size},
        .fee_rate = mempool::fee_rate_of(*transaction),
        .is_repeated = repeated_.contains(id)};
}

bool TransactionRelay::has_tokens() const {
    return announced_.has_tokens() && announced_bytes_.has_tokens();
}

void TransactionRelay::take_tokens(const Announcement& announcement) {
    announced_.take(1);
    announced_bytes_.take(announcement.notice.size);
}

void TransactionRelay::on_message(
    Context&, const Peer& peer, const wire::FeeFilter& message, std::uint32_t
) {
    if (const auto state = peers_.find(peer.link); state != peers_.end())
        state->second.fee_rate_min = message.rate.value;
}

void TransactionRelay::send_fee_filter(Context& context, const Peer& peer) {
    const auto state = peers_.find(peer.link);
    const auto rate = std::min(context.pool.floor_fee(context.now), quantity_max);
    if (state == peers_.end() || state->second.fee_rate_told == rate)
        return;
    state->second.fee_rate_told = rate;
    context.outbox.send(peer, wire::FeeFilter{Amount{rate}});
}

bool TransactionRelay::has_backlog() const {
    // Newcomers wait for their random time where there are such.
    return !backlog_.empty() ||
           (!delays_ && std::any_of(peers_.begin(), peers_.end(), [](const auto& entry) {
               return !entry.second.backlog.empty();
           }));
}

}  // namespace cairn::node
