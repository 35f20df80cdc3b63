#include "cairn/node/links.hpp"

#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {

Links::Link::Link(const LinkOpened& opened, Instant now)
    : id{opened.link},
      direction{opened.direction},
      remote{opened.remote},
      is_loopback{opened.is_loopback},
      opened_at{now},
      // Who dials wants a peer; who is dialled waits for the first payload.
      stage{opened.direction == Direction::outbound ? Stage::handshake : Stage::unknown},
      stage_since{now},
      liveness{now} {}

Links::Links(const NodeConfig& config, std::uint64_t nonce, std::uint64_t key)
    : allowances_{config.allowances},
      nonce_{nonce},
      key_{key},
      door_{config.allowances, config.local_network} {}

Links::Link* Links::find(LinkId id) {
    const auto found = links_.find(id);
    return found == links_.end() ? nullptr : &found->second;
}

void Links::set_limits(const Context& context, Link& link) {
    wire::PayloadLimits limits;
    const bool is_foreign_text = !link.is_loopback;
    if (link.stage == Stage::ready)
        limits = wire::ready_limits;
    if (is_foreign_text)
        limits.text = foreign_text_request_bytes_max;
    if (is_foreign_text && !context.config.open_probe)
        limits.text = wire::handshake_payload_bytes_max;
    link.decoder.set_limits(limits);
}

void Links::on_opened(Context& context, const LinkOpened& input, LinkKind kind) {
    const bool is_welcome = !is_stopping_ && !links_.contains(input.link) &&
                            (input.direction == Direction::outbound || make_room(context, input));
    if (!is_welcome) {
        context.outbox.push(CloseLink{input.link});
        if (input.direction == Direction::outbound)
            gone_.push_back({.link = input.link, .was_ready = false, .dialled = input.remote});
        return;
    }
    Link& link = links_.emplace(input.link, Link{input, context.now.steady}).first->second;
    link.kind = kind;
    if (!link.is_loopback)
        context.outbox.meter(link.id);
    if (!link.is_loopback && link.direction == Direction::inbound)
        door_.on_entered(link.id, link.remote.host);
    set_limits(context, link);
    if (link.direction == Direction::outbound)
        send(context, link, make_hello(context, nonce_, kind));
}

void Links::on_closed(Context& context, LinkId id) {
    forget(context, id);
}

void Links::on_bytes(Context& context, const BytesReceived& input) {
    Link* link = find(input.link);
    if (link == nullptr)
        return;
    link->bytes_received += input.bytes.size();
    link->liveness.on_received(context.now.steady);
    link->decoder.feed(input.bytes);
    count_bytes(*link);
}

void Links::on_sent(Context& context, const BytesSent& input) {
    Link* link = find(input.link);
    if (link == nullptr)
        return;
    context.outbox.set_queued_bytes(input.link, input.queued);
    start_text(context, *link);
}

std::optional<Delivery> Links::next(Context& context, LinkId id) {
    while (Link* link = find(id)) {
        if (link->stage == Stage::ready && !link->requests.empty() && !must_wait(context, *link)) {
            Request request = std::move(link->requests.front());
            link->requests.pop_front();
            link->request_bytes -= request.bytes;
            return PeerMessage{id, std::move(request.message)};
        }
        const auto payload = link->decoder.next();
        count_bytes(*link);
        if (payload) {
            context.received.add(*payload);
            link->frame_since.reset();
            if (auto delivery = on_payload(context, *link, *payload))
                return delivery;
            continue;
        }
        if (link->decoder.error()) {
            // What came whole before the broken frame is still answered; `on_text_reply` goes on.
            if (link->text.is_idle())
                punish(context, id, Fault::bad_frame);
            return std::nullopt;
        }
        if (!link->decoder.is_mid_frame())
            link->frame_since.reset();
        else if (!link->frame_since)
            link->frame_since = context.now.steady;
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Delivery> Links::on_payload(Context& context, Link& link, ByteView payload) {
    switch (wire::payload_form(payload)) {
        case wire::PayloadForm::json:
        case wire::PayloadForm::text_line:
            on_text(context, link, payload);
            return std::nullopt;
        case wire::PayloadForm::binary:
            return on_binary(context, link, payload);
        case wire::PayloadForm::encrypted:
        case wire::PayloadForm::unknown:
            punish(context, link.id, Fault::bad_frame);
            return std::nullopt;
    }
    return std::nullopt;
}

void Links::judge_faults(Context& context) {
    for (const auto& [id, merit] : context.outbox.take_merits()) {
        const auto peer = peers_.find(id);
        if (peer == peers_.end())
            continue;
        (merit == Merit::block ? peer->second.last_block : peer->second.last_transaction) =
            context.now.steady;
    }
    for (auto blames = context.outbox.take_blames(); !blames.empty();
         blames = context.outbox.take_blames()) {
        for (const auto& [id, fault] : blames)
            punish(context, id, fault);
    }
    shed(context);
}

namespace {

wire::ErrorCode code_of(Fault fault) {
    switch (fault) {
        case Fault::bad_frame:
            return wire::ErrorCode::bad_frame;
        case Fault::bad_message:
            return wire::ErrorCode::bad_codec;
        case Fault::wrong_order:
            return wire::ErrorCode::not_ready;
        case Fault::timeout:
        case Fault::stalled:
        case Fault::slow_reader:
            return wire::ErrorCode::busy;
        case Fault::too_many_requests:
        case Fault::unrequested:
        case Fault::late_handshake_message:
        case Fault::frequent_ping:
            return wire::ErrorCode::rate_limited;
        case Fault::invalid_header:
        case Fault::invalid_block:
        case Fault::mutated_block:
        case Fault::bad_signature:
        case Fault::malformed_transaction:
            return wire::ErrorCode::bad_field;
    }
    return wire::ErrorCode::internal;
}

}  // namespace

void Links::punish(Context& context, LinkId id, Fault fault) {
    Link* link = find(id);
    if (link == nullptr)
        return;
    const Verdict verdict = judge(fault);
    switch (verdict.action) {
        case Verdict::Action::ignore:
            return;
        case Verdict::Action::annoy:
            if (link->annoyance.add(verdict.points, context.now.steady) < annoyance_max)
                return;
            break;
        case Verdict::Action::disconnect:
            break;
        case Verdict::Action::discourage:
            if (!link->is_loopback)
                discouraged_.add(link->remote.host, context.now.steady);
            break;
    }
    log_refusal(context, link->remote, to_string(fault));
    if (fault == Fault::slow_reader) {
        // What it does not read would only be held for longer.
        drop(context, id, Ending::at_once);
        return;
    }
    wire::ErrorMessage error;
    error.code = code_of(fault);
    refuse(context, id, error);
}

void Links::refuse(Context& context, LinkId id, wire::ErrorMessage error) {
    Link* link = find(id);
    if (link == nullptr)
        return;
    // A text session or a stranger could not read the binary form, and a scanner needs no answer.
    if (link->stage == Stage::handshake || link->stage == Stage::ready) {
        error.fatal = true;
        send(context, *link, error);
    }
    drop(context, id);
}

void Links::close(Context& context, LinkId id, wire::ByeCode code) {
    Link* link = find(id);
    if (link == nullptr)
        return;
    if (link->stage == Stage::handshake || link->stage == Stage::ready)
        send(context, *link, wire::Bye{.code = code});
    drop(context, id);
}

void Links::stop(Context& context) {
    is_stopping_ = true;
    std::vector<LinkId> leaving;
    for (const auto& [id, link] : links_) {
        // Text sessions stay: one of them waits for the reply to its `shutdown`.
        if (link.stage != Stage::text)
            leaving.push_back(id);
    }
    for (const LinkId id : leaving)
        close(context, id, wire::ByeCode::shutting_down);
}

void Links::send(Context& context, const Link& link, const wire::Message& message) {
    context.outbox.send_raw(link.id, std::make_shared<const Bytes>(wire::encode_message(message)));
}

void Links::drop(Context& context, LinkId id, Ending ending) {
    context.outbox.push(CloseLink{id, ending});
    forget(context, id);
}

void Links::forget(Context& context, LinkId id) {
    const auto found = links_.find(id);
    if (found == links_.end())
        return;
    const Link& link = found->second;
    GoneLink gone{.link = id, .was_ready = link.stage == Stage::ready, .dialled = std::nullopt};
    if (link.direction == Direction::outbound)
        gone.dialled = link.remote;
    if (gone.was_ready) {
        context.outbox.log(
            LogEvent::Level::info, "peer", "gone", {{"address", to_string(link.remote)}}
        );
        context.outbox.push(PeerEvent{
            .address = link.remote, .direction = link.direction, .is_ready = false});
    }
    gone_.push_back(std::move(gone));
    door_.on_gone(id);
    bytes_held_ -= link.bytes_held;
    peers_.erase(id);
    links_.erase(found);
    context.outbox.forget(id);
}

void Links::log_refusal(Context& context, const Endpoint& remote, std::string_view reason) {
    if (context.now.steady - log_minute_ >= minutes{1}) {
        log_minute_ = context.now.steady;
        log_lines_ = 0;
    }
    if (++log_lines_ > refusal_lines_per_minute_max)
        return;
    context.outbox.log(
        LogEvent::Level::debug,
        "peer",
        "refused",
        {{"address", to_string(remote)}, {"reason", std::string{reason}}}
    );
}

std::vector<PeerSummary> Links::summaries(const Outbox& outbox, Instant now) const {
    std::vector<PeerSummary> result;
    result.reserve(peers_.size());
    for (const auto& [id, peer] : peers_) {
        const Link& link = links_.at(id);
        PeerSummary summary;
        summary.link = id;
        summary.address = peer.listening.value_or(peer.remote);
        summary.direction = peer.direction;
        summary.user_agent = peer.user_agent;
        summary.version = peer.version;
        summary.latency = link.liveness.latency();
        summary.connected_at = peer.connected_at;
        summary.bytes_received = link.bytes_received;
        summary.bytes_sent = outbox.sent_bytes(id);
        summary.annoyance = link.annoyance.at(now);
        result.push_back(std::move(summary));
    }
    return result;
}

std::vector<QueueSummary> Links::queues(const Outbox& outbox) const {
    std::size_t inbound = 0;
    std::size_t relaying = 0;
    std::size_t requests = 0;
    for (const auto& [id, link] : links_) {
        inbound += link.direction == Direction::inbound ? 1 : 0;
        requests = std::max(requests, link.requests.size());
    }
    for (const auto& [id, peer] : peers_)
        relaying += is_relaying_inbound(peer) ? 1 : 0;
    return {
        {.name = "links_inbound", .size = inbound, .size_max = allowances_.links_inbound},
        {.name = "links_relaying", .size = relaying, .size_max = allowances_.links_relaying()},
        {.name = "links_bytes",
         .size = bytes_held_ + outbox.queued_bytes(),
         .size_max = links_bytes_max},
        {.name = "requests_of_one_link", .size = requests, .size_max = requests_waiting_max},
    };
}

}  // namespace cairn::node
