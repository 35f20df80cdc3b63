#include "cairn/tracker/tracker.hpp"

#include "cairn/node/limits.hpp"

#include <algorithm>

namespace cairn::tracker {

Tracker::Tracker(TrackerConfig config, Random random)
    : config_{std::move(config)}, random_{random}, registry_{config_.lifetime, random_.next()} {}

void Tracker::handle(Time now, node::Input input) {
    now_ = now;
    if (!started_)
        started_ = now.steady;
    registry_.expire(now.steady);
    std::visit(
        overloaded{
            [&](const node::LinkOpened& opened) { on_opened(opened); },
            [&](const node::LinkClosed& closed) { on_gone(closed.link); },
            [&](const node::BytesReceived& received) { on_bytes(received); },
            [&](const node::BytesSent& sent) {
                if (links_.contains(sent.link))
                    outbox_.set_queued_bytes(sent.link, sent.queued);
            },
            [&](const node::DialFailed& failed) { fail_dial_back(failed.endpoint, false); },
            // A tracker asks for no names, starts no jobs and hands no text to a server.
            [](const node::NameResolved&) {},
            [](const node::JobFinished&) {},
            [](const node::CommitFinished&) {},
            [](const node::TextReply&) {},
            [&](const node::CommandReceived& command) { on_command(command); },
            [&](const node::TimerFired&) { on_time(); },
        },
        input
    );
    for (const auto& [link, fault] : outbox_.take_blames())
        drop(link);
}

bool Tracker::make_room(const node::LinkOpened& input) {
    if (links_.size() < links_max && input.is_loopback)
        return true;
    std::size_t same_host = 0;
    auto quietest = links_.end();
    for (auto link = links_.begin(); link != links_.end(); ++link) {
        const Link& each = link->second;
        if (each.direction == node::Direction::outbound)
            continue;
        if (each.remote.host == input.remote.host)
            ++same_host;
        if (quietest == links_.end() || each.last_received < quietest->second.last_received)
            quietest = link;
    }
    if (!input.is_loopback && same_host >= links_per_host_max)
        return false;
    if (links_.size() >= links_max && quietest != links_.end())
        drop(quietest->first);
    return links_.size() < links_max;
}

void Tracker::on_opened(const node::LinkOpened& input) {
    const bool is_outbound = input.direction == node::Direction::outbound;
    const auto dial_back = is_outbound ? dial_backs_.find(input.remote) : dial_backs_.end();
    const bool is_welcome =
        !is_stopping_ && (is_outbound ? dial_back != dial_backs_.end() && !dial_back->second.link
                                      : make_room(input));
    if (!is_welcome) {
        outbox_.push(node::CloseLink{input.link});
        return;
    }
    Link link;
    link.direction = input.direction;
    link.remote = input.remote;
    link.is_loopback = input.is_loopback;
    link.last_received = now_.steady;
    link.decoder.set_limits({.text = text_bytes_max, .binary = wire::handshake_payload_bytes_max});
    links_.emplace(input.link, std::move(link));
    if (is_outbound) {
        dial_back->second.link = input.link;
        send(input.link, wire::GetRegistration{}, 0);
    }
}

void Tracker::on_gone(node::LinkId id) {
    const auto found = links_.find(id);
    if (found == links_.end())
        return;
    const Link link = std::move(found->second);
    links_.erase(found);
    outbox_.forget(id);
    if (link.direction == node::Direction::outbound)
        fail_dial_back(link.remote, false);
}

void Tracker::drop(node::LinkId id) {
    if (!links_.contains(id))
        return;
    outbox_.push(node::CloseLink{id});
    on_gone(id);
}

void Tracker::on_bytes(const node::BytesReceived& input) {
    auto found = links_.find(input.link);
    if (found == links_.end())
        return;
    found->second.last_received = now_.steady;
    found->second.decoder.feed(input.bytes);
    // Each payload may end the link.
    for (; found != links_.end(); found = links_.find(input.link)) {
        Link& link = found->second;
        const auto payload = link.decoder.next();
        if (!payload) {
            if (link.decoder.error())
                return drop(input.link);
            if (!link.decoder.is_mid_frame())
                link.frame_since.reset();
            else if (!link.frame_since)
                link.frame_since = now_.steady;
            return;
        }
        link.frame_since.reset();
        on_payload(input.link, link, to_bytes(*payload));
    }
}

void Tracker::on_payload(node::LinkId id, Link& link, ByteView payload) {
    const auto form = wire::payload_form(payload);
    const bool is_text = form == wire::PayloadForm::json || form == wire::PayloadForm::text_line;
    const Form wanted = is_text ? Form::text : Form::binary;
    // Mixing both on one link is nothing that a program of ours does.
    if ((!is_text && form != wire::PayloadForm::binary) ||
        (link.form != Form::unknown && link.form != wanted))
        return drop(id);
    link.form = wanted;
    if (is_text) {
        const auto reply = answer(link, as_text(payload));
        outbox_.send_raw(id, std::make_shared<const Bytes>(wire::make_frame(as_bytes(reply))));
        return;
    }
    const auto decoded = wire::decode_message(payload);
    if (decoded)
        on_message(id, link, *decoded);
    else if (decoded.error().code != wire::WireError::unknown_type)
        drop(id);
}

void Tracker::on_command(const node::CommandReceived& input) {
    if (!std::holds_alternative<node::Shutdown>(input.request)) {
        outbox_.push(node::Reply{
            input.id,
            tl::unexpected{node::CommandError{
                .code = "forbidden",
                .message = "A tracker has no chain and no peers.",
                .rule = "rpc.forbidden",
                .expected = "shutdown",
                .actual = "another command",
                .hint = "Ask a node; nodes lists some."}}});
        return;
    }
    is_stopping_ = true;
    while (!links_.empty())
        drop(links_.begin()->first);
    outbox_.push(node::Reply{input.id, node::Accepted{}});
    outbox_.push(node::Stopped{});
}

Instant Tracker::deadline(const Link& link) {
    const Instant idle = link.last_received + idle_time_max;
    return link.frame_since ? std::min(idle, *link.frame_since + frame_time_max) : idle;
}

void Tracker::sweep_links() {
    if (now_.steady < next_sweep_)
        return;
    next_sweep_ = now_.steady + sweep_interval;
    std::vector<node::LinkId> late;
    for (const auto& [id, link] : links_) {
        if (deadline(link) <= now_.steady)
            late.push_back(id);
    }
    for (const auto id : late)
        drop(id);
}

void Tracker::on_time() {
    sweep_links();
    std::vector<node::Endpoint> late_dials;
    for (const auto& [endpoint, dial_back] : dial_backs_) {
        if (dial_back.until <= now_.steady)
            late_dials.push_back(endpoint);
    }
    for (const auto& endpoint : late_dials)
        fail_dial_back(endpoint, true);
}

std::optional<Instant> Tracker::next_wakeup() const {
    auto next = registry_.next_expiry();
    const auto take = [&next](Instant at) { next = next ? std::min(*next, at) : at; };
    if (!links_.empty())
        take(next_sweep_);
    for (const auto& [endpoint, dial_back] : dial_backs_)
        take(dial_back.until);
    return next;
}

std::string Tracker::counted_as(const Link& link) const {
    return is_exempt(link) ? to_string(link.remote) : link.remote.host;
}

void Tracker::send(node::LinkId id, const wire::Message& message, std::uint32_t request) {
    outbox_.send_raw(
        id, std::make_shared<const Bytes>(wire::encode_message(message, {.request = request}))
    );
}

void Tracker::refuse(
    node::LinkId id,
    const wire::Envelope& asked,
    wire::ErrorCode code,
    std::string message,
    Duration retry
) {
    wire::ErrorMessage error;
    error.code = code;
    error.ref_type = static_cast<std::uint8_t>(asked.type);
    error.ref_request = asked.request;
    error.message = std::move(message);
    if (retry > Duration{})
        error.retry_ms = static_cast<std::uint32_t>(retry / milliseconds{1} + 1);
    send(id, error, asked.request);
}

}  // namespace cairn::tracker
