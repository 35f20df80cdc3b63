/// The part of `Links` that serves text sessions, and the deadlines of all links.
#include "cairn/node/links.hpp"
#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

std::shared_ptr<const Bytes> frame_of(std::string_view text) {
    return std::make_shared<const Bytes>(wire::make_frame(as_bytes(text)));
}

TextError not_from_there() {
    return {
        .code = "forbidden",
        .message = "This node answers text requests from its own machine only.",
        .expected = "a request from loopback",
        .actual = "one from another machine",
        .hint = "Ask on the node's machine, or start it with --open-probe."};
}

TextError too_many_waiting() {
    return {
        .code = "busy",
        .message = "Too many requests wait for their replies.",
        .expected = "at most " + std::to_string(text_requests_waiting_max) + " requests, or " +
                    std::to_string(text_waiting_bytes_max) + " bytes of them, that wait",
        .actual = "one more",
        .hint = "Read replies before asking more."};
}

TextError too_many_in_a_second() {
    return {
        .code = "busy",
        .message = "Too many requests came in one second.",
        .expected = "at most " + std::to_string(text_requests_per_second_max) + " in a second",
        .actual = "one more",
        .hint = "Ask again in a second."};
}

TextError reply_too_large(std::size_t bytes) {
    return {
        .code = "too_large",
        .message = "The reply does not fit into a frame.",
        .expected = "at most " + std::to_string(wire::payload_bytes_max) + " bytes",
        .actual = std::to_string(bytes),
        .hint = "Ask for less, such as a smaller count, or for a block by block_transactions."};
}

}  // namespace

void Links::on_text(Context& context, Link& link, ByteView payload) {
    if (link.stage == Stage::handshake || link.stage == Stage::ready) {
        punish(context, link.id, Fault::wrong_order);
        return;
    }
    link.stage = Stage::text;
    link.stage_since = context.now.steady;
    if (!link.is_loopback && !context.config.open_probe) {
        refuse_text(context, link, not_from_there());
        return;
    }
    if (!link.text.push(std::string{as_text(payload)})) {
        refuse_text(context, link, too_many_waiting());
        return;
    }
    start_text(context, link);
}

void Links::refuse_text(Context& context, Link& link, const TextError& error) {
    log_refusal(context, link.remote, error.code);
    context.outbox.send_raw(link.id, frame_of(make_text_error(error)));
    drop(context, link.id);
}

void Links::start_text(Context& context, Link& link) {
    while (link.text.has_waiting() && !must_wait(context, link)) {
        auto text = link.text.start_next();
        if (!text)
            return;
        if (link.is_loopback || link.text.is_within_rate(context.now.steady)) {
            context.outbox.push(TextRequest{link.id, std::move(*text), link.is_loopback});
            return;
        }
        context.outbox.send_raw(link.id, frame_of(make_text_error(too_many_in_a_second())));
        static_cast<void>(link.text.finish());
    }
}

void Links::on_text_reply(Context& context, const TextReply& input) {
    Link* link = find(input.link);
    // The session may have ended meanwhile; a second reply to one request would shift all others.
    if (link == nullptr || input.text.empty() || !link->text.finish())
        return;
    if (input.text.size() > wire::payload_bytes_max) {
        const auto error = reply_too_large(input.text.size());
        context.outbox.send_raw(link->id, frame_of(make_text_error(error)));
    } else {
        context.outbox.send_raw(link->id, frame_of(input.text));
    }
    start_text(context, *link);
    if (link->text.is_idle() && link->decoder.error())
        punish(context, link->id, Fault::bad_frame);
}

Instant Links::deadline(const Link& link) {
    std::optional<Instant> frame_deadline;
    if (link.frame_since) {
        const auto expected = link.decoder.bytes_expected().value_or(0);
        frame_deadline = *link.frame_since + frame_time_max +
                         seconds{static_cast<std::int64_t>(expected / frame_bytes_per_second_min)};
    }
    Instant state_deadline;
    switch (link.stage) {
        case Stage::unknown:
            // On loopback it may be a person at netcat who types.
            state_deadline =
                link.opened_at + (link.is_loopback ? idle_time_max : handshake_time_max);
            break;
        case Stage::handshake:
            state_deadline = link.stage_since + handshake_time_max;
            break;
        case Stage::ready:
            state_deadline = link.liveness.deadline();
            break;
        case Stage::text: {
            const auto idle_time = link.is_loopback ? text_idle_time_max : Duration{idle_time_max};
            // A reply may take its time: `wait` is answered when what it waits for has come.
            state_deadline = link.text.is_idle() ? link.liveness.last_received() + idle_time
                                                 : Instant{Duration::max()};
            break;
        }
    }
    return frame_deadline ? std::min(*frame_deadline, state_deadline) : state_deadline;
}

std::optional<Instant> Links::next_wakeup() const {
    std::optional<Instant> next = resume_at_;
    for (const auto& [id, link] : links_) {
        const Instant at = deadline(link);
        if (at.since_start != Duration::max() && (!next || at < *next))
            next = at;
    }
    return next;
}

void Links::on_time(Context& context) {
    std::vector<LinkId> due;
    for (const auto& [id, link] : links_) {
        if (deadline(link) <= context.now.steady)
            due.push_back(id);
    }
    for (const LinkId id : due)
        on_deadline(context, id);
}

void Links::on_deadline(Context& context, LinkId id) {
    Link* link = find(id);
    if (link == nullptr)
        return;
    const bool is_alive_peer =
        link->stage == Stage::ready && !link->liveness.is_dead(context.now.steady);
    if (is_alive_peer && link->liveness.must_ping(context.now.steady))
        send_ping(context, *link);
    if (deadline(*link) <= context.now.steady)
        punish(context, id, Fault::timeout);
}

}  // namespace cairn::node
