/// The part of `Links` that bounds what all links cost together: places, memory, upload.
#include "cairn/node/address_book.hpp"
#include "cairn/node/eviction.hpp"
#include "cairn/node/links.hpp"
#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {

bool Links::is_relaying_inbound(const Peer& peer) {
    return peer.direction == Direction::inbound && peer.relays_transactions;
}

bool Links::make_room(Context& context, const LinkOpened& input) {
    std::size_t inbound = 0;
    std::size_t incomplete = 0;
    const Link* oldest_incomplete = nullptr;
    const Link* quietest_text = nullptr;
    for (const auto& [id, link] : links_) {
        if (link.direction != Direction::inbound)
            continue;
        ++inbound;
        if (link.is_incomplete()) {
            ++incomplete;
            // Links are in order of their ids, but only times tell their age.
            if (oldest_incomplete == nullptr || link.opened_at < oldest_incomplete->opened_at)
                oldest_incomplete = &link;
        }
        if (link.stage == Stage::text && link.text.is_idle() &&
            (quietest_text == nullptr ||
             link.liveness.last_received() < quietest_text->liveness.last_received()))
            quietest_text = &link;
    }
    if (discouraged_.contains(input.remote.host, context.now.steady) &&
        inbound >= allowances_.links_inbound / 2)
        return false;
    if (!input.is_loopback) {
        if (const auto refusal = door_.knock(input.remote.host, context.now.steady)) {
            log_refusal(context, input.remote, to_string(*refusal));
            return false;
        }
    }
    const Link* victim = nullptr;
    if (incomplete >= allowances_.handshakes || inbound >= allowances_.links_inbound)
        victim = oldest_incomplete != nullptr ? oldest_incomplete : quietest_text;
    if (victim != nullptr) {
        drop(context, victim->id);
        return true;
    }
    if (inbound < allowances_.links_inbound)
        return true;
    const auto leaving = choose_leaving(context, Places::all);
    if (leaving)
        close(context, *leaving, wire::ByeCode::too_many_links);
    return leaving.has_value();
}

bool Links::make_relaying_room(Context& context, const Link& link) {
    if (!is_relaying_inbound(*link.offered))
        return true;
    const auto taken = std::count_if(peers_.begin(), peers_.end(), [](const auto& entry) {
        return is_relaying_inbound(entry.second);
    });
    if (static_cast<std::size_t>(taken) < allowances_.links_relaying())
        return true;
    const auto leaving = choose_leaving(context, Places::relaying);
    close(context, leaving.value_or(link.id), wire::ByeCode::too_many_links);
    return leaving.has_value();
}

std::optional<LinkId> Links::choose_leaving(const Context& context, Places places) const {
    std::vector<EvictionCandidate> candidates;
    for (const auto& [id, peer] : peers_) {
        const bool competes = places == Places::all ? peer.direction == Direction::inbound
                                                    : is_relaying_inbound(peer);
        if (!competes)
            continue;
        const Link& link = links_.at(id);
        candidates.push_back(
            {.link = id,
             .connected_at = peer.connected_at,
             .group =
                 group_of(peer.remote, context.config.local_network, context.config.as_map.get()),
             .latency = link.liveness.latency(),
             .last_block = peer.last_block,
             .last_transaction = peer.last_transaction,
             .relays_transactions = peer.relays_transactions,
             .is_discouraged = discouraged_.contains(peer.remote.host, context.now.steady)}
        );
    }
    return node::choose_leaving(std::move(candidates), key_);
}

void Links::count_bytes(Link& link) {
    const std::size_t held =
        link.decoder.capacity() + link.request_bytes + link.text.waiting_bytes();
    bytes_held_ += held;
    bytes_held_ -= link.bytes_held;
    link.bytes_held = held;
}

void Links::shed(Context& context) {
    while (!links_.empty() && bytes_held_ + context.outbox.queued_bytes() > links_bytes_max) {
        const auto cost = [&](const auto& entry) {
            return entry.second.bytes_held + context.outbox.queued_bytes(entry.first);
        };
        // Of equal ones the newest goes.
        const auto worst = std::max_element(
            links_.begin(),
            links_.end(),
            [&](const auto& left, const auto& right) { return cost(left) <= cost(right); }
        );
        log_refusal(context, worst->second.remote, "memory");
        drop(context, worst->first, Ending::at_once);
    }
}

bool Links::must_wait(const Context& context, const Link& link) {
    if (context.outbox.queued_bytes(link.id) > send_queue_pause_bytes)
        return true;
    const auto& upload = context.outbox.upload();
    if (link.is_loopback || upload.has_room())
        return false;
    resume_at_ = upload.room_at();
    return true;
}

std::vector<LinkId> Links::resume(Context& context) {
    if (!resume_at_ || context.now.steady < *resume_at_)
        return {};
    resume_at_.reset();
    std::vector<LinkId> waiting;
    for (auto& [id, link] : links_) {
        if (!link.requests.empty() || link.text.has_waiting())
            waiting.push_back(id);
    }
    // Who went first the last time goes last now: what is free is seldom enough for all.
    const auto first = std::upper_bound(waiting.begin(), waiting.end(), resumed_first_);
    std::rotate(waiting.begin(), first, waiting.end());
    if (!waiting.empty())
        resumed_first_ = waiting.front();
    for (const LinkId id : waiting)
        start_text(context, links_.at(id));
    return waiting;
}

}  // namespace cairn::node
