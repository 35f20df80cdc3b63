/// A tracker without sockets, and strangers who speak to it.
#pragma once

#include "cairn/tracker/tracker.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cairn::tracker::test {

struct TrackerHost {
    explicit TrackerHost(TrackerConfig config = {}) : tracker{std::move(config), Random{1}} {}

    void handle(node::Input input) {
        tracker.handle(now, std::move(input));
        for (auto& output : tracker.take_outputs()) {
            if (auto* sent = std::get_if<node::SendBytes>(&output)) {
                auto& bytes = sent_bytes[sent->link];
                bytes.insert(bytes.end(), sent->bytes->begin(), sent->bytes->end());
            } else if (auto* close = std::get_if<node::CloseLink>(&output)) {
                closed.push_back(close->link);
            } else if (auto* dial = std::get_if<node::Dial>(&output)) {
                dials.push_back(dial->endpoint);
            } else if (std::holds_alternative<node::Stopped>(output)) {
                is_stopped = true;
            }
        }
    }

    void wait(Duration time) {
        const Instant end = now.steady + time;
        for (auto next = tracker.next_wakeup(); next && *next <= end;
             next = tracker.next_wakeup()) {
            advance(std::max(*next, now.steady));
            handle(node::TimerFired{});
        }
        advance(end);
    }

    void advance(Instant to) {
        now.wall.value += static_cast<std::uint64_t>((to - now.steady) / milliseconds{1});
        now.steady = to;
    }

    node::LinkId open(const std::string& host, std::uint16_t port = 0) {
        const node::LinkId link{++links};
        if (port == 0)
            port = static_cast<std::uint16_t>(40'000 + links);
        handle(node::LinkOpened{
            link, node::Direction::inbound, {host, port}, host.starts_with("127.")});
        return link;
    }

    /// The tracker's own dial to `endpoint` succeeds.
    node::LinkId accept(const node::Endpoint& endpoint) {
        const node::LinkId link{++links};
        handle(node::LinkOpened{
            link, node::Direction::outbound, endpoint, endpoint.host.starts_with("127.")});
        return link;
    }

    void receive(node::LinkId link, const wire::Message& message) {
        handle(node::BytesReceived{link, wire::encode_message(message, {.request = 5})});
    }

    std::vector<wire::Message> take_messages(node::LinkId link) {
        wire::FrameDecoder decoder{wire::ready_limits};
        decoder.feed(std::exchange(sent_bytes[link], {}));
        std::vector<wire::Message> messages;
        while (const auto payload = decoder.next()) {
            auto decoded = wire::decode_message(*payload);
            REQUIRE(decoded.has_value());
            messages.push_back(std::move(decoded->message));
        }
        return messages;
    }

    /// The one message that was sent to `link`.
    template <class T>
    T take(node::LinkId link) {
        const auto messages = take_messages(link);
        REQUIRE(messages.size() == 1);
        REQUIRE(std::holds_alternative<T>(messages.front()));
        return std::get<T>(messages.front());
    }

    std::string ask(node::LinkId link, std::string_view text) {
        handle(node::BytesReceived{link, wire::make_frame(as_bytes(text))});
        wire::FrameDecoder decoder{wire::ready_limits};
        decoder.feed(std::exchange(sent_bytes[link], {}));
        const auto payload = decoder.next();
        REQUIRE(payload);
        return std::string{as_text(*payload)};
    }

    [[nodiscard]] bool is_closed(node::LinkId link) const {
        return std::find(closed.begin(), closed.end(), link) != closed.end();
    }

    static wire::RegisterNode registration(std::uint16_t port = 5001) {
        wire::RegisterNode message;
        message.port = port;
        message.chains = {chain()};
        message.nonce = 0xabcd;
        return message;
    }

    static ChainId chain() {
        ChainId id;
        id.bytes[0] = 9;
        return id;
    }

    /// Registers the node at `host`:`port` and proves it; the link stays.
    std::pair<node::LinkId, wire::TrackerToken> list(
        const std::string& host, std::uint16_t port = 5001
    ) {
        const auto link = open(host);
        receive(link, registration(port));
        REQUIRE(std::exchange(dials, {}) == std::vector{node::Endpoint{host, port}});
        const auto back = accept({host, port});
        static_cast<void>(take<wire::GetRegistration>(back));
        receive(back, wire::Registration{0xabcd});
        return {link, take<wire::Registered>(link).token};
    }

    Tracker tracker;
    Time now{Instant{seconds{100}}, UnixMillis{1'700'000'000'000}};
    std::uint64_t links = 0;
    std::map<node::LinkId, Bytes> sent_bytes;
    std::vector<node::LinkId> closed;
    std::vector<node::Endpoint> dials;
    bool is_stopped = false;
};

}  // namespace cairn::tracker::test
