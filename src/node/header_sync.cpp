#include "cairn/node/header_sync.hpp"

#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/node/trace.hpp"

#include <algorithm>

namespace cairn::node {

namespace {

/// Hashes that are walked one by one from a header above the active chain; below them the active
/// chain's own locator goes on. A walk further down would cost time in proportion to the headers
/// that wait for bodies.
constexpr std::size_t walked_hashes = 10;

/// What we have, for a peer to find the fork: the best header's parent (so that a peer that has the
/// best header itself proves it by sending it), some below it, then the active chain.
std::vector<BlockHash> make_locator(const chain::Blockchain& chain, const BlockHash* last) {
    std::vector<BlockHash> locator;
    if (last != nullptr)
        locator.push_back(*last);
    const auto* entry = chain.find(chain.best_header().head.header.previous);
    for (std::size_t i = 0; i < walked_hashes && entry != nullptr && !entry->is_active(); ++i) {
        locator.push_back(entry->hash);
        entry = chain.find(entry->head.header.previous);
    }
    const bool joins = entry != nullptr && entry->is_active();
    const auto rest = chain.locator(joins ? *entry : chain.tip());
    locator.insert(locator.end(), rest.begin(), rest.end());
    return locator;
}

/// The hashes of `headers` when each is the child of the one before.
std::optional<std::vector<BlockHash>> linked_hashes(const std::vector<ledger::SealedHeader>& headers
) {
    std::vector<BlockHash> hashes;
    hashes.reserve(headers.size());
    for (const auto& head : headers) {
        if (!hashes.empty() && head.header.previous != hashes.back())
            return std::nullopt;
        hashes.push_back(ledger::block_hash(head));
    }
    return hashes;
}

}  // namespace

void HeaderSync::on_peer_ready(Context& context, const Peer& peer) {
    ask(context, peer, peers_[peer.link], nullptr);
}

void HeaderSync::on_peer_gone(LinkId link) {
    peers_.erase(link);
}

void HeaderSync::on_headers(
    Context& context,
    const Peer& peer,
    const wire::Headers& message,
    std::uint32_t request,
    ParkedBlocks& parked,
    BlockRefusals& refusals
) {
    auto& state = peers_[peer.link];
    const bool is_answer = state.outstanding != 0 && request == state.outstanding;
    if (is_answer) {
        state.outstanding = 0;
        has_heard_ = true;
    } else if (message.headers.size() > announced_blocks_max) {
        context.outbox.blame(peer.link, Fault::unrequested);
        return;
    }
    if (!is_answer && context.config.traces)
        for (const auto& head : message.headers)
            trace_block(context, "announced", ledger::block_hash(head), peer);
    if (message.headers.empty())
        return;
    if (context.chain.find(message.headers.front().header.previous) == nullptr) {
        want_headers(context, peer);
        return;
    }
    const auto stored = take(context, peer, message, parked, refusals);
    if (is_answer && stored == wire::headers_max) {
        const auto last = ledger::block_hash(message.headers.back());
        ask(context, peer, state, &last);
    }
}

std::size_t HeaderSync::take(
    Context& context,
    const Peer& peer,
    const wire::Headers& message,
    ParkedBlocks& parked,
    BlockRefusals& refusals
) {
    const auto hashes = linked_hashes(message.headers);
    if (!hashes) {
        context.outbox.blame(peer.link, Fault::invalid_header);
        return 0;
    }
    std::size_t stored = 0;
    for (; stored < hashes->size(); ++stored) {
        const auto& head = message.headers[stored];
        const auto& hash = (*hashes)[stored];
        const auto added = context.chain.add_header(head, hash, context.now.wall);
        if (added)
            continue;
        trace_refused(context, hash, added.error());
        refusals.remember(context.chain, {.head = head, .hash = hash}, added.error());
        // Other refusals follow from a block that was refused before, or from our own pruning:
        // a peer that has not seen why is honest.
        if (added.error().rule == chain::BlockRule::header) {
            if (added.error().header == consensus::HeaderError::too_early)
                parked.park({.head = head, .hash = hash, .body = {}, .from = peer.link});
            else
                context.outbox.blame(peer.link, Fault::invalid_header);
        }
        break;
    }
    if (stored > 0)
        if (const auto* entry = context.chain.find((*hashes)[stored - 1]))
            prove(*entry, peers_[peer.link]);
    return stored;
}

void HeaderSync::prove(const chain::BlockEntry& entry, PeerState& state) {
    if (!state.tip || state.tip->work < entry.work)
        state.tip = ProvenTip{.hash = entry.hash, .height = entry.height(), .work = entry.work};
}

void HeaderSync::on_inventory(
    Context& context, const Peer& peer, const std::vector<BlockHash>& blocks
) {
    for (const auto& hash : blocks) {
        trace_block(context, "announced", hash, peer);
        const auto* entry = context.chain.find(hash);
        if (entry == nullptr)
            want_headers(context, peer);
        else if (entry->status != chain::BlockStatus::invalid)
            prove(*entry, peers_[peer.link]);
    }
}

void HeaderSync::want_headers(Context& context, const Peer& peer) {
    auto& state = peers_[peer.link];
    if (state.outstanding != 0 || context.now.steady < state.may_ask_at)
        state.wants_more = true;
    else
        ask(context, peer, state, nullptr);
}

void HeaderSync::ask(Context& context, const Peer& peer, PeerState& state, const BlockHash* last) {
    requests_ = requests_ == UINT32_MAX ? 1 : requests_ + 1;
    state.outstanding = requests_;
    state.asked_at = context.now.steady;
    state.may_ask_at = context.now.steady + unknown_parent_interval;
    state.wants_more = false;
    context.outbox.send(
        peer,
        wire::GetHeaders{.locator = make_locator(context.chain, last), .stop = {}},
        state.outstanding
    );
}

void HeaderSync::forget_tip(LinkId link) {
    if (const auto found = peers_.find(link); found != peers_.end())
        found->second.tip.reset();
}

void HeaderSync::on_time(Context& context) {
    const auto now = context.now.steady;
    for (auto& [link, state] : peers_) {
        const auto peer = context.peers.find(link);
        if (peer == context.peers.end())
            continue;
        if (state.outstanding != 0 && now >= state.asked_at + headers_time_max) {
            state.outstanding = 0;
            context.outbox.blame(link, Fault::timeout);
        } else if (state.outstanding == 0 && state.wants_more && now >= state.may_ask_at) {
            ask(context, peer->second, state, nullptr);
        }
    }
}

std::optional<Instant> HeaderSync::next_wakeup() const {
    std::optional<Instant> first;
    const auto consider = [&first](Instant at) { first = first ? std::min(*first, at) : at; };
    for (const auto& [link, state] : peers_) {
        if (state.outstanding != 0)
            consider(state.asked_at + headers_time_max);
        else if (state.wants_more)
            consider(state.may_ask_at);
    }
    return first;
}

const ProvenTip* HeaderSync::proven_tip(LinkId link) const {
    const auto found = peers_.find(link);
    return found == peers_.end() || !found->second.tip ? nullptr : &*found->second.tip;
}

bool HeaderSync::is_first_answer_awaited() const {
    return !has_heard_ && !peers_.empty();
}

}  // namespace cairn::node
