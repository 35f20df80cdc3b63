// What a node counts of the messages that come and go.
#include "tests/unit/node/node_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::node {

using test::Host;
using wire::MessageType;

TEST_CASE("MessageCounts: each type has its messages and the bytes of their frames", "[node]") {
    MessageCounts counts;
    const Bytes ping = wire::encode_message(wire::Ping{});
    counts.add_frames(ping);
    counts.add_frames(ping);
    counts.add_frames(wire::encode_message(wire::GetAddresses{}));
    CHECK(counts.of(MessageType::ping) == MessageCount{2, 2 * ping.size()});
    CHECK(counts.of(MessageType::get_addr) == MessageCount{1, 18});
    CHECK(counts.of(MessageType::pong) == MessageCount{});
    CHECK(counts.total() == MessageCount{3, 2 * ping.size() + 18});
    CHECK(counts.unknown() == MessageCount{});
}

TEST_CASE("MessageCounts: frames that are sent together are counted one by one", "[node]") {
    MessageCounts counts;
    Bytes frames = wire::encode_message(wire::GetBlock{});
    const Bytes ping = wire::encode_message(wire::Ping{});
    const auto block_bytes = frames.size();
    const Bytes first = frames;
    frames.insert(frames.end(), first.begin(), first.end());
    frames.insert(frames.end(), ping.begin(), ping.end());
    counts.add_frames(frames);
    CHECK(counts.of(MessageType::get_block) == MessageCount{2, 2 * block_bytes});
    CHECK(counts.of(MessageType::ping) == MessageCount{1, ping.size()});
    frames.pop_back();
    counts.add_frames(frames);
    CHECK(counts.total().messages == 5);
}

TEST_CASE("MessageCounts: types that are not spoken are counted together", "[node]") {
    MessageCounts counts;
    counts.add(Bytes{wire::binary_marker, 1, 0x7f, 0, 0, 0, 0, 0});
    counts.add(Bytes{wire::binary_marker, 1, 0xff, 0, 0, 0, 0, 0});
    CHECK(counts.unknown() == MessageCount{2, 36});
    CHECK(counts.total() == MessageCount{2, 36});
}

TEST_CASE("MessageCounts: text, and what has no type, is left out", "[node]") {
    MessageCounts counts;
    counts.add(as_bytes("{\"type\":\"ping\"}"));
    counts.add(Bytes{wire::binary_marker, 1});
    counts.add({});
    counts.add_frames(Bytes(wire::frame_header_bytes));
    counts.add_frames({});
    CHECK(counts.total() == MessageCount{});
}

TEST_CASE("Node: counts the messages of its peers, and no text", "[node]") {
    Host host{1};
    const LinkId link = host.make_ready();
    const auto& view = host.node.view();
    CHECK(view.received().of(MessageType::hello).messages == 1);
    CHECK(view.received().of(MessageType::hello_ack).messages == 1);
    CHECK(view.sent().of(MessageType::hello).messages == 1);
    CHECK(view.sent().of(MessageType::ping).messages == 1);
    CHECK(view.sent().total().bytes == host.sent_bytes[link].size());
    const auto received = view.received().total();
    const auto sent = view.sent().total();

    const LinkId text = host.open(Direction::inbound, true);
    host.receive_text(text, "ping");
    host.handle(TextReply{text, "{}"});
    CHECK_FALSE(host.take_payloads(text).empty());
    CHECK(view.received().total() == received);
    CHECK(view.sent().total() == sent);

    host.receive(link, wire::Ping{.nonce = 5});
    CHECK(view.received().of(MessageType::ping) == MessageCount{1, 26});
    CHECK(view.sent().of(MessageType::pong) == MessageCount{1, 26});
}

}  // namespace cairn::node
