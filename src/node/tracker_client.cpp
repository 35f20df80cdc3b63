#include "cairn/node/tracker_client.hpp"

#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

void send(Context& context, LinkId link, const wire::Message& message) {
    context.outbox.send_raw(link, std::make_shared<const Bytes>(wire::encode_message(message)));
}

/// A tracker's wish for the time of our next words, within reason.
Duration within_reason(std::uint32_t wished_ms) {
    return std::clamp<Duration>(
        milliseconds{wished_ms}, tracker_interval_min, tracker_interval_max
    );
}

}  // namespace

TrackerClient::TrackerClient(const std::vector<Endpoint>& trackers, std::uint64_t nonce)
    : nonce_{nonce} {
    for (const auto& endpoint : trackers) {
        if (trackers_.size() < trackers_max)
            trackers_.emplace_back().endpoint = endpoint;
    }
}

std::optional<std::uint64_t> TrackerClient::nonce() const {
    if (trackers_.empty())
        return std::nullopt;
    return nonce_;
}

TrackerClient::Tracker* TrackerClient::find(LinkId link) {
    const auto found = std::find_if(trackers_.begin(), trackers_.end(), [&](const auto& tracker) {
        return tracker.state == State::linked && tracker.link == link;
    });
    return found == trackers_.end() ? nullptr : &*found;
}

bool TrackerClient::owns(LinkId link) const {
    return std::any_of(trackers_.begin(), trackers_.end(), [&](const auto& tracker) {
        return tracker.state == State::linked && tracker.link == link;
    });
}

bool TrackerClient::on_opened(Context& context, const LinkOpened& input) {
    if (input.direction != Direction::outbound)
        return false;
    const auto found = std::find_if(trackers_.begin(), trackers_.end(), [&](const auto& tracker) {
        return tracker.state == State::dialling && tracker.endpoint == input.remote;
    });
    if (found == trackers_.end())
        return false;
    found->state = State::linked;
    found->link = input.link;
    found->list_due = {};
    found->decoder =
        wire::FrameDecoder{{.text = 1, .binary = wire::payload_max_of(wire::MessageType::nodes)}};
    ask(context, *found);
    return true;
}

void TrackerClient::ask(Context& context, Tracker& tracker) const {
    if (context.config.listen_port != 0) {
        wire::RegisterNode message;
        message.port = context.config.listen_port;
        message.chains = {context.chain.id()};
        message.nonce = nonce_;
        message.token = tracker.token;
        send(context, tracker.link, message);
        tracker.is_registering = true;
    }
    if (!tracker.is_registering || context.now.steady >= tracker.list_due) {
        send(
            context,
            tracker.link,
            wire::GetNodes{
                .genesis = context.chain.id(),
                .count = static_cast<std::uint8_t>(wire::nodes_listed_max)}
        );
        tracker.awaits_list = true;
        tracker.list_due = context.now.steady + tracker_interval;
    }
    tracker.interval = tracker_interval;
    tracker.next = context.now.steady + tracker_answer_time_max;
}

void TrackerClient::settle(Context& context, Tracker& tracker) {
    if (!tracker.is_registering && !tracker.awaits_list)
        tracker.next = context.now.steady + tracker.interval;
}

void TrackerClient::on_bytes(Context& context, const BytesReceived& input) {
    Tracker* tracker = find(input.link);
    if (tracker == nullptr)
        return;
    tracker->decoder.feed(input.bytes);
    while (const auto payload = tracker->decoder.next()) {
        context.received.add(*payload);
        const auto decoded = wire::decode_message(*payload);
        const bool is_good = decoded ? on_message(context, *tracker, decoded->message)
                                     : decoded.error().code == wire::WireError::unknown_type;
        if (!is_good)
            return drop(context, *tracker);
    }
    if (tracker->decoder.error())
        drop(context, *tracker);
}

bool TrackerClient::on_message(Context& context, Tracker& tracker, const wire::Message& message) {
    if (const auto* registered = std::get_if<wire::Registered>(&message)) {
        if (!std::exchange(tracker.is_registering, false))
            return false;
        if (tracker.token != registered->token)
            context.outbox.log(
                LogEvent::Level::info,
                "tracker",
                "registered",
                {{"address", to_string(tracker.endpoint)}}
            );
        tracker.token = registered->token;
        tracker.rest = {};
        tracker.interval = within_reason(registered->heartbeat_ms);
        settle(context, tracker);
        return true;
    }
    if (const auto* nodes = std::get_if<wire::Nodes>(&message)) {
        if (!std::exchange(tracker.awaits_list, false))
            return false;
        auto& list = lists_.emplace_back();
        list.source = tracker_source(tracker.endpoint);
        for (const auto& address : nodes->addresses)
            list.addresses.push_back({address.host, address.port});
        settle(context, tracker);
        return true;
    }
    if (const auto* error = std::get_if<wire::ErrorMessage>(&message)) {
        context.outbox.log(
            LogEvent::Level::debug,
            "tracker",
            "refused",
            {{"address", to_string(tracker.endpoint)},
             {"code", std::string{to_string(error->code)}},
             {"message", error->message}}
        );
        const bool is_ours =
            error->ref_type == static_cast<std::uint8_t>(wire::MessageType::register_node);
        (is_ours ? tracker.is_registering : tracker.awaits_list) = false;
        if (error->fatal)
            return false;
        // A list that is refused is no reason to leave an entry without heartbeat.
        if (is_ours || context.config.listen_port == 0)
            tracker.interval = within_reason(error->retry_ms.value_or(
                static_cast<std::uint32_t>(tracker_interval / milliseconds{1})
            ));
        settle(context, tracker);
        return true;
    }
    return std::holds_alternative<wire::Unregistered>(message) ||
           std::holds_alternative<wire::Pong>(message);
}

void TrackerClient::on_closed(Context& context, LinkId link) {
    if (Tracker* tracker = find(link))
        rest(context, *tracker);
}

bool TrackerClient::on_dial_failed(Context& context, const Endpoint& endpoint) {
    for (auto& tracker : trackers_) {
        if (tracker.state != State::dialling || tracker.endpoint != endpoint)
            continue;
        rest(context, tracker);
        return true;
    }
    return false;
}

void TrackerClient::drop(Context& context, Tracker& tracker) {
    context.outbox.push(CloseLink{tracker.link});
    rest(context, tracker);
}

void TrackerClient::rest(Context& context, Tracker& tracker) {
    if (tracker.state == State::linked)
        context.outbox.forget(tracker.link);
    tracker.state = State::idle;
    tracker.is_registering = false;
    tracker.awaits_list = false;
    tracker.rest =
        std::clamp<Duration>(tracker.rest * 2, tracker_redial_time_min, tracker_redial_time_max);
    const auto half = static_cast<std::uint64_t>(tracker.rest.count() / 2 + 1);
    tracker.next = context.now.steady + tracker.rest +
                   Duration{static_cast<Duration::rep>(context.random.below(half))};
}

void TrackerClient::on_time(Context& context) {
    if (is_stopped_)
        return;
    for (auto& tracker : trackers_) {
        if (tracker.state == State::dialling || context.now.steady < tracker.next)
            continue;
        if (tracker.state == State::idle) {
            tracker.state = State::dialling;
            context.outbox.push(Dial{tracker.endpoint});
        } else if (tracker.is_registering || tracker.awaits_list) {
            drop(context, tracker);
        } else {
            ask(context, tracker);
        }
    }
}

std::optional<Instant> TrackerClient::next_wakeup() const {
    std::optional<Instant> next;
    for (const auto& tracker : trackers_) {
        if (tracker.state != State::dialling && !is_stopped_)
            next = next ? std::min(*next, tracker.next) : tracker.next;
    }
    return next;
}

void TrackerClient::stop(Context& context) {
    is_stopped_ = true;
    for (auto& tracker : trackers_) {
        if (tracker.state != State::linked)
            continue;
        if (tracker.token != wire::TrackerToken{})
            send(context, tracker.link, wire::UnregisterNode{tracker.token});
        drop(context, tracker);
    }
}

}  // namespace cairn::node
