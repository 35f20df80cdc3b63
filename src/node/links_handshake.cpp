/// The part of `Links` that speaks with peers about the link itself.
#include "cairn/node/links.hpp"
#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

/// Messages that ask for something to be sent.
bool is_request(wire::MessageType type) {
    return type == wire::MessageType::get_headers || type == wire::MessageType::get_block ||
           type == wire::MessageType::get_tx || type == wire::MessageType::get_addr;
}

wire::ErrorMessage make_error(wire::ErrorCode code) {
    wire::ErrorMessage error;
    error.code = code;
    error.fatal = true;
    return error;
}

}  // namespace

std::optional<Delivery> Links::on_binary(Context& context, Link& link, ByteView payload) {
    if (link.stage == Stage::text) {
        punish(context, link.id, Fault::wrong_order);
        return std::nullopt;
    }
    if (link.stage == Stage::unknown) {
        link.stage = Stage::handshake;
        // A stranger's time runs from the opening of the link.
        if (link.is_loopback)
            link.stage_since = context.now.steady;
    }
    auto decoded = wire::decode_message(payload);
    if (!decoded) {
        if (decoded.error().code != wire::WireError::unknown_type)
            punish(context, link.id, Fault::bad_message);
        return std::nullopt;
    }
    if (const auto* ack = std::get_if<wire::HelloAck>(&decoded->message))
        return on_hello_ack(context, link, *ack);
    if (on_link_message(context, link, decoded->message))
        return std::nullopt;
    const auto type = decoded->envelope.type;
    const bool is_on_chain = is_link_scoped(type) ||
                             (link.offered && decoded->envelope.chain == link.offered->their_alias);
    if (link.stage != Stage::ready || !is_on_chain) {
        punish(context, link.id, Fault::wrong_order);
        return std::nullopt;
    }
    if (is_request(type) && (!link.requests.empty() || must_wait(context, link))) {
        if (link.requests.size() >= requests_waiting_max) {
            punish(context, link.id, Fault::too_many_requests);
            return std::nullopt;
        }
        link.requests.push_back({.message = std::move(*decoded), .bytes = payload.size()});
        link.request_bytes += payload.size();
        return std::nullopt;
    }
    return PeerMessage{link.id, std::move(*decoded)};
}

bool Links::on_link_message(Context& context, Link& link, const wire::Message& message) {
    if (const auto* hello = std::get_if<wire::Hello>(&message)) {
        on_hello(context, link, *hello);
        return true;
    }
    if (std::holds_alternative<wire::Feature>(message)) {
        // None is known yet, so all are ignored (spec 04 §3.2).
        if (link.is_acknowledged)
            punish(context, link.id, Fault::late_handshake_message);
        return true;
    }
    if (const auto* ping = std::get_if<wire::Ping>(&message)) {
        send(context, link, wire::Pong{.nonce = ping->nonce});
        if (!link.liveness.on_ping(context.now.steady))
            punish(context, link.id, Fault::frequent_ping);
        return true;
    }
    if (const auto* pong = std::get_if<wire::Pong>(&message)) {
        link.liveness.on_pong(context.now.steady, pong->nonce);
        return true;
    }
    if (const auto* error = std::get_if<wire::ErrorMessage>(&message)) {
        on_error(context, link, *error);
        return true;
    }
    if (std::holds_alternative<wire::GetRegistration>(message) && registration_ &&
        link.stage == Stage::handshake && link.direction == Direction::inbound) {
        // A tracker dials back; it wants nothing else.
        send(context, link, wire::Registration{.nonce = *registration_});
        drop(context, link.id);
        return true;
    }
    if (std::holds_alternative<wire::Bye>(message)) {
        drop(context, link.id);
        return true;
    }
    return false;
}

void Links::on_hello(Context& context, Link& link, const wire::Hello& hello) {
    if (link.offered) {
        punish(context, link.id, Fault::late_handshake_message);
        return;
    }
    const bool is_self = hello.nonce == nonce_;
    if (link.direction == Direction::outbound)
        identified_.push_back({link.remote, hello.nonce, is_self});
    if (is_self) {
        log_refusal(context, link.remote, "self");
        refuse(context, link.id, make_error(wire::ErrorCode::self));
        return;
    }
    auto agreement = agree(hello, context.chain.id());
    if (!agreement) {
        log_refusal(context, link.remote, to_string(agreement.error().code));
        refuse(context, link.id, std::move(agreement.error()));
        return;
    }
    // Who is refused as a duplicate learns our nonce too, so that it knows why and dials no more.
    const bool is_inbound = link.direction == Direction::inbound;
    if (is_inbound)
        send(context, link, make_hello(context, nonce_));
    if (is_inbound && !resolve_duplicate(context, link, hello.nonce))
        return;
    Peer peer;
    peer.link = link.id;
    peer.direction = link.direction;
    peer.remote = link.remote;
    if (link.direction == Direction::outbound)
        peer.listening = link.remote;
    else if (hello.listen_port != 0)
        peer.listening = Endpoint{link.remote.host, hello.listen_port};
    peer.is_loopback = link.is_loopback;
    peer.version = agreement->version;
    peer.node_nonce = hello.nonce;
    peer.user_agent = hello.user_agent;
    peer.their_alias = agreement->their_alias;
    peer.our_alias = our_chain_alias;
    peer.kind = link.kind;
    peer.relays_transactions = hello.relay_transactions && link.kind == LinkKind::full;
    peer.clock_offset_ms = static_cast<std::int64_t>(hello.time.value) -
                           static_cast<std::int64_t>(context.now.wall.value);
    peer.claimed_tip = agreement->claimed_tip;
    link.offered = std::move(peer);
    // The dialler waits for the listener's acknowledgement: only that tells that the listener has
    // chosen this link among two, so both choose the same.
    if (is_inbound)
        send(context, link, make_hello_ack(context.chain.id(), agreement->their_alias));
}

bool Links::resolve_duplicate(Context& context, Link& link, std::uint64_t nonce) {
    const auto other = std::find_if(links_.begin(), links_.end(), [&](const auto& entry) {
        return entry.first != link.id && entry.second.offered &&
               entry.second.offered->node_nonce == nonce;
    });
    if (other == links_.end())
        return true;
    const Link& older = other->second;
    const bool we_dialled = link.direction == Direction::outbound;
    const bool is_crossing = older.stage != Stage::ready && older.direction != link.direction;
    const bool newer_stays = is_crossing && we_dialled == (nonce_ < nonce);
    refuse(context, newer_stays ? older.id : link.id, make_error(wire::ErrorCode::duplicate));
    return newer_stays;
}

std::optional<Delivery> Links::on_hello_ack(
    Context& context, Link& link, const wire::HelloAck& ack
) {
    if (link.is_acknowledged) {
        punish(context, link.id, Fault::late_handshake_message);
        return std::nullopt;
    }
    if (!link.offered || !is_good_ack(ack, context.chain.id())) {
        punish(context, link.id, Fault::wrong_order);
        return std::nullopt;
    }
    if (link.direction == Direction::outbound) {
        if (!resolve_duplicate(context, link, link.offered->node_nonce))
            return std::nullopt;
        send(context, link, make_hello_ack(context.chain.id(), link.offered->their_alias));
    }
    if (!make_relaying_room(context, link))
        return std::nullopt;
    link.is_acknowledged = true;
    link.stage = Stage::ready;
    link.stage_since = context.now.steady;
    link.offered->connected_at = context.now.steady;
    set_limits(context, link);
    peers_.insert_or_assign(link.id, *link.offered);
    // The first ping tells the latency.
    send_ping(context, link);
    context.outbox.log(
        LogEvent::Level::info,
        "peer",
        "ready",
        {{"address", to_string(link.remote)},
         {"direction", link.direction == Direction::inbound ? "inbound" : "outbound"},
         {"agent", link.offered->user_agent}}
    );
    context.outbox.push(PeerEvent{
        .address = link.remote, .direction = link.direction, .is_ready = true});
    return PeerReady{link.id};
}

void Links::on_error(Context& context, Link& link, const wire::ErrorMessage& error) {
    const bool is_dialled = link.direction == Direction::outbound;
    if (is_dialled && !link.offered && error.code == wire::ErrorCode::self)
        identified_.push_back({link.remote, nonce_, true});
    if (!link.offered || error.fatal)
        log_refusal(context, link.remote, wire::to_string(error.code));
    // Never answered, so that two nodes cannot throw errors at each other.
    if (error.fatal)
        drop(context, link.id);
}

void Links::send_ping(Context& context, Link& link) {
    const std::uint64_t nonce = context.random.next();
    link.liveness.on_ping_sent(context.now.steady, nonce);
    send(context, link, wire::Ping{.nonce = nonce});
}

}  // namespace cairn::node
