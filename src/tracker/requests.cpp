// What nodes ask of a tracker, and how it convinces itself that they live where they say.
#include "cairn/node/addresses.hpp"
#include "cairn/tracker/tracker.hpp"

#include <algorithm>

namespace cairn::tracker {

void Tracker::on_message(node::LinkId id, const Link& link, const wire::Decoded& decoded) {
    const auto& asked = decoded.envelope;
    if (const auto* proof = std::get_if<wire::Registration>(&decoded.message))
        return on_proof(id, link, *proof);
    if (const auto* ping = std::get_if<wire::Ping>(&decoded.message))
        return send(id, wire::Pong{.nonce = ping->nonce}, asked.request);
    if (link.direction == node::Direction::outbound)
        return drop(id);
    const bool is_request = asked.type == wire::MessageType::register_node ||
                            asked.type == wire::MessageType::unregister_node ||
                            asked.type == wire::MessageType::get_nodes;
    if (!is_request) {
        refuse(id, asked, wire::ErrorCode::unknown_type, "this is a tracker: it has no chain");
        return drop(id);
    }
    if (!is_due_heartbeat(link, decoded.message)) {
        const Duration rest = requests_.count(counted_as(link), now_.steady);
        if (rest > Duration{})
            return refuse(id, asked, wire::ErrorCode::rate_limited, "too many requests", rest);
    }
    if (const auto* message = std::get_if<wire::RegisterNode>(&decoded.message))
        on_register(id, link, asked, *message);
    else if (const auto* leaving = std::get_if<wire::UnregisterNode>(&decoded.message))
        on_unregister(id, link, asked, *leaving);
    else if (const auto* question = std::get_if<wire::GetNodes>(&decoded.message))
        on_get_nodes(id, asked, *question);
}

Duration Tracker::heartbeat() const {
    return std::min<Duration>(config_.lifetime / heartbeats_per_lifetime, heartbeat_max);
}

bool Tracker::is_due_heartbeat(const Link& link, const wire::Message& message) const {
    const auto* beat = std::get_if<wire::RegisterNode>(&message);
    if (beat == nullptr)
        return false;
    const auto silence =
        registry_.silence(beat->token, {link.remote.host, beat->port}, now_.steady);
    return silence && *silence >= heartbeat() / 2;
}

void Tracker::on_register(
    node::LinkId id,
    const Link& link,
    const wire::Envelope& asked,
    const wire::RegisterNode& message
) {
    const node::Endpoint endpoint{link.remote.host, message.port};
    if (registry_.renew(message.token, endpoint, now_))
        return confirm(id, asked.request, message.token);
    if (!config_.local_network && !node::is_public_address(endpoint.host))
        return refuse(
            id, asked, wire::ErrorCode::forbidden, "private addresses are not listed here"
        );
    if (!node::is_dialable_port(endpoint.port))
        return refuse(
            id, asked, wire::ErrorCode::bad_field, "this port belongs to another service"
        );
    if (const auto room = registry_.check(endpoint, !is_exempt(link)); !room)
        return refuse(id, asked, wire::ErrorCode::busy, std::string{to_string(room.error())});
    if (dial_backs_.size() >= dial_backs_max || dial_backs_.contains(endpoint))
        return refuse(id, asked, wire::ErrorCode::busy, "dials are under way", dial_back_time_max);
    if (!is_exempt(link)) {
        const Duration rest = dials_.count(endpoint.host, now_.steady);
        if (rest > Duration{})
            return refuse(
                id, asked, wire::ErrorCode::rate_limited, "one dial a minute to an address", rest
            );
    }
    start_dial_back(id, endpoint, asked, message);
}

void Tracker::start_dial_back(
    node::LinkId id,
    const node::Endpoint& endpoint,
    const wire::Envelope& asked,
    const wire::RegisterNode& message
) {
    dial_backs_[endpoint] = {
        .asker = id,
        .request = asked.request,
        .asked = message,
        .until = now_.steady + dial_back_time_max,
        .link = std::nullopt};
    outbox_.push(node::Dial{endpoint});
}

void Tracker::on_proof(node::LinkId id, const Link& link, const wire::Registration& proof) {
    const auto found = dial_backs_.find(link.remote);
    if (link.direction != node::Direction::outbound || found == dial_backs_.end() ||
        found->second.link != id || proof.nonce != found->second.asked.nonce)
        return drop(id);
    const node::Endpoint endpoint = found->first;
    DialBack proven = std::move(found->second);
    dial_backs_.erase(found);
    drop(id);
    // Who left while we dialled is not told, so it is not listed either.
    const auto asker = links_.find(proven.asker);
    if (asker == links_.end())
        return;
    const wire::Envelope asked{
        .type = wire::MessageType::register_node, .chain = 0, .request = proven.request};
    // Others may have taken the last place meanwhile.
    if (const auto room = registry_.check(endpoint, !is_exempt(asker->second)); !room)
        return refuse(
            proven.asker, asked, wire::ErrorCode::busy, std::string{to_string(room.error())}
        );
    const auto token = registry_.add(endpoint, std::move(proven.asked.chains), now_);
    outbox_.log(
        node::LogEvent::Level::info, "tracker", "listed", {{"address", to_string(endpoint)}}
    );
    confirm(proven.asker, proven.request, token);
}

void Tracker::fail_dial_back(const node::Endpoint& endpoint, bool may_close) {
    const auto found = dial_backs_.find(endpoint);
    if (found == dial_backs_.end())
        return;
    const DialBack failed = std::move(found->second);
    dial_backs_.erase(found);
    if (may_close && failed.link)
        drop(*failed.link);
    if (!links_.contains(failed.asker))
        return;
    refuse(
        failed.asker,
        {.type = wire::MessageType::register_node, .chain = 0, .request = failed.request},
        wire::ErrorCode::not_found,
        "no node proved itself at your address and port",
        minutes{1}
    );
}

void Tracker::confirm(node::LinkId id, std::uint32_t request, const wire::TrackerToken& token) {
    send(
        id,
        wire::Registered{
            .token = token,
            .lifetime_ms = static_cast<std::uint32_t>(config_.lifetime / milliseconds{1}),
            .heartbeat_ms = static_cast<std::uint32_t>(heartbeat() / milliseconds{1})},
        request
    );
}

void Tracker::on_unregister(
    node::LinkId id,
    const Link& link,
    const wire::Envelope& asked,
    const wire::UnregisterNode& message
) {
    if (!registry_.remove(message.token, link.remote.host))
        return refuse(id, asked, wire::ErrorCode::not_found, "there is no such entry");
    send(id, wire::Unregistered{}, asked.request);
}

void Tracker::on_get_nodes(
    node::LinkId id, const wire::Envelope& asked, const wire::GetNodes& message
) {
    wire::Nodes reply;
    for (const auto* entry : registry_.draw(message.genesis, message.count, random_)) {
        reply.addresses.push_back(
            {.time = entry->seen,
             .services = wire::service_full_blocks,
             .host = entry->endpoint.host,
             .port = entry->endpoint.port}
        );
    }
    send(id, reply, asked.request);
}

}  // namespace cairn::tracker
