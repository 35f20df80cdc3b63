#include "cairn/node/block_server.hpp"

#include "cairn/node/limits.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cairn::node {

namespace {

constexpr std::uint64_t side_blocks_served_ms =
    static_cast<std::uint64_t>(side_blocks_served_time / milliseconds{1});

/// The body of `hash`, when we have it and rule 4 lets it go.
std::optional<Bytes> served_body(const Context& context, const BlockHash& hash) {
    const auto* entry = context.chain.find(hash);
    if (entry == nullptr)
        return std::nullopt;
    const bool is_recent =
        entry->head.header.time.value + side_blocks_served_ms >= context.now.wall.value;
    const bool is_stored = entry->status == chain::BlockStatus::stored;
    if (!entry->is_active() && !(is_stored && is_recent))
        return std::nullopt;
    auto body = context.chain.read_body(hash);
    return body ? std::move(*body) : std::nullopt;
}

/// Whether `hash` is an old block, which has a share of the upload budget and no more.
bool is_old(const chain::Blockchain& chain, const BlockHash& hash) {
    const auto* entry = chain.find(hash);
    if (entry == nullptr)
        return false;
    return !entry->is_active() ||
           entry->height().value + upload_history_depth <= chain.tip().height().value;
}

}  // namespace

void BlockServer::on_peer_gone(LinkId link) {
    waiting_.erase(link);
    asked_.erase(link);
}

Height BlockServer::asked_height(LinkId link) const {
    const auto place = asked_.find(link);
    return place == asked_.end() ? Height{} : place->second;
}

void BlockServer::on_get_headers(
    Context& context, const Peer& peer, const wire::GetHeaders& message, std::uint32_t request
) {
    auto& headers = waiting_[peer.link].headers;
    if (headers)
        context.outbox.blame(peer.link, Fault::too_many_requests);
    else
        headers = HeadersRequest{message, request};
}

void BlockServer::on_get_block(
    Context& context, const Peer& peer, const wire::GetBlock& message, std::uint32_t request
) {
    // Who asks for a block knows its header, though it may never announce it to us.
    if (const auto* entry = context.chain.find(message.hash)) {
        auto& asked = asked_[peer.link];
        asked = std::max(asked, entry->height());
    }
    auto& blocks = waiting_[peer.link].blocks;
    if (blocks.size() >= small_blocks_in_flight_per_peer_max)
        context.outbox.blame(peer.link, Fault::too_many_requests);
    else
        blocks.push_back({.hash = message.hash, .request = request});
}

void BlockServer::serve(Context& context) {
    wakeup_.reset();
    std::vector<LinkId> order;
    for (const auto& [link, state] : waiting_)
        order.push_back(link);
    const auto first = std::upper_bound(order.begin(), order.end(), served_last_);
    std::rotate(order.begin(), first, order.end());
    for (const LinkId link : order) {
        const auto place = waiting_.find(link);
        const auto peer = context.peers.find(link);
        if (peer != context.peers.end())
            serve_peer(context, peer->second, place->second);
        const bool is_done = !place->second.headers && place->second.blocks.empty();
        if (peer == context.peers.end() || is_done)
            waiting_.erase(place);
    }
}

void BlockServer::serve_peer(Context& context, const Peer& peer, PeerState& state) {
    const std::size_t waiting = state.blocks.size();
    const bool may_have_headers = state.headers &&
                                  context.outbox.queued_bytes(peer.link) < send_queue_pause_bytes &&
                                  (peer.is_loopback || has_room(context, false));
    if (may_have_headers) {
        serve_headers(context, peer, *state.headers);
        state.headers.reset();
    }
    serve_blocks(context, peer, state.blocks);
    if (wakeup_ && state.blocks.size() < waiting)
        served_last_ = peer.link;
}

bool BlockServer::has_room(const Context& context, bool is_history) {
    const auto& upload = context.outbox.upload();
    if (is_history ? upload.has_history_room() : upload.has_room())
        return true;
    const auto at = is_history ? upload.history_room_at() : upload.room_at();
    wakeup_ = wakeup_ ? std::min(*wakeup_, at) : at;
    return false;
}

void BlockServer::serve_headers(Context& context, const Peer& peer, const HeadersRequest& request) {
    wire::Headers answer;
    auto height = context.chain.fork_point(request.message.locator).height().next();
    for (const auto* entry = context.chain.at(height);
         entry != nullptr && answer.headers.size() < wire::headers_max;
         height = height.next(), entry = context.chain.at(height)) {
        answer.headers.push_back(entry->head);
        if (entry->hash == request.message.stop)
            break;
    }
    context.outbox.send(peer, std::move(answer), request.request);
}

void BlockServer::serve_blocks(
    Context& context, const Peer& peer, std::deque<BlockRequest>& blocks
) {
    Bytes batch;
    const auto flush = [&] {
        if (!batch.empty())
            context.outbox.send_raw(
                peer.link, std::make_shared<const Bytes>(std::exchange(batch, {}))
            );
    };
    while (!blocks.empty() &&
           context.outbox.queued_bytes(peer.link) + batch.size() < send_queue_pause_bytes) {
        const auto [hash, request] = blocks.front();
        const bool is_history = is_old(context.chain, hash);
        if (!peer.is_loopback && !has_room(context, is_history))
            break;
        blocks.pop_front();
        auto body = served_body(context, hash);
        if (body && is_history && !peer.is_loopback)
            context.outbox.upload().spend_history(body->size());
        const wire::Route route{.chain = peer.our_alias, .request = request};
        auto frame =
            body
                ? wire::encode_message(wire::BlockMessage{.block = std::move(*body)}, route)
                : wire::encode_message(wire::NotFound{.transactions = {}, .blocks = {hash}}, route);
        if (batch.empty())
            batch = std::move(frame);
        else
            batch.insert(batch.end(), frame.begin(), frame.end());
        if (batch.size() >= served_batch_bytes)
            flush();
    }
    flush();
}

}  // namespace cairn::node
