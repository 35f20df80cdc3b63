#include "cairn/node/addresses.hpp"

#include "tests/unit/node/node_fixture.hpp"

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

TEST_CASE("Endpoint: text round trip, and malformed text is refused", "[node]") {
    for (const auto* text : {"localhost:5001", "10.0.0.1:1", "[::1]:65535"}) {
        const auto endpoint = parse_endpoint(text);
        REQUIRE(endpoint.has_value());
        CHECK(to_string(*endpoint) == text);
    }
    for (const auto* text :
         {"",
          "host",
          "host:",
          ":1",
          "host:0",
          "host:65536",
          "host:+1",
          "::1:5",
          "[host]:1",
          "a b:1",
          "host:1x"})
        CHECK_FALSE(parse_endpoint(text).has_value());
}

TEST_CASE("Addresses: literals and public ranges are told apart", "[node][G8]") {
    CHECK(is_address_literal("10.0.0.1"));
    CHECK(is_address_literal("2001:db8::1"));
    CHECK_FALSE(is_address_literal("localhost"));
    CHECK_FALSE(is_address_literal("1.2.3"));
    CHECK_FALSE(is_address_literal("1.2.3.256"));
    CHECK_FALSE(is_address_literal("1.2.3.4.5"));
    CHECK(is_public_address("8.8.8.8"));
    CHECK(is_public_address("2001:470::1"));
    for (const auto* host :
         {"127.0.0.1",
          "10.1.1.1",
          "172.16.0.1",
          "192.168.1.1",
          "169.254.0.1",
          "0.0.0.0",
          "224.0.0.1",
          "::1",
          "fe80::1",
          "fd00::1"})
        CHECK_FALSE(is_public_address(host));
}

TEST_CASE("Addresses: nodes that know one node find each other", "[node][discovery]") {
    Network network;
    network.add(1, {});
    for (std::uint64_t i = 1; i < 5; ++i)
        network.add(1 + i, {Network::endpoint(0)});
    for (auto& host : network.hosts)
        host->handle(TimerFired{});
    network.run();
    network.wait(seconds{30});
    for (auto& host : network.hosts)
        CHECK(host->node.view().peers().size() == 4);
    const auto opened = network.opened;
    network.wait(seconds{60});
    CHECK(network.opened == opened);
}

TEST_CASE("Addresses: a dead address is dialled again with growing rests", "[node]") {
    NodeConfig config;
    config.bootstrap = {{"10.0.0.1", 5001}};
    Host host{1, config};
    host.handle(TimerFired{});
    std::size_t dials = 0;
    for (int i = 0; i < 300; ++i) {
        for (const auto& endpoint : std::exchange(host.dials, {})) {
            ++dials;
            host.handle(DialFailed{endpoint});
        }
        host.wait(seconds{1});
    }
    CHECK(dials >= 10);
    CHECK(dials <= 20);
}

TEST_CASE("Addresses: a flood of addresses is processed slowly", "[node][G8]") {
    NodeConfig config;
    config.outbound_target = 0;
    Host host{1, config};
    const auto link = host.make_ready();
    wire::Addresses flood;
    for (std::uint16_t i = 0; i < 1000; ++i)
        flood.addresses.push_back(
            {.time = {},
             .services = 0,
             .host = "10.0.1.1",
             .port = static_cast<std::uint16_t>(2000 + i)}
        );
    for (int i = 0; i < 100; ++i)
        host.receive(link, flood);
    CHECK_FALSE(host.is_closed(link));
    // Asked for what it knows, the node tells nothing that it was not linked to.
    host.wait(seconds{1});
    const auto asker = host.make_ready(false, 78);
    static_cast<void>(host.take_messages(asker));
    host.receive(asker, wire::GetAddresses{});
    host.receive(asker, wire::GetAddresses{});
    const auto messages = host.take_messages(asker);
    REQUIRE(messages.size() == 1);
    CHECK(std::get<wire::Addresses>(messages[0]).addresses.empty());
}

TEST_CASE("Addresses: add_peer dials at once, drop_peer closes for good", "[node]") {
    Network network;
    Host& a = network.add(1, {});
    network.add(2, {});
    a.handle(CommandReceived{CommandId{1}, AddPeer{Network::endpoint(1)}});
    network.run();
    REQUIRE(a.node.view().peers().size() == 1);
    a.handle(CommandReceived{CommandId{2}, DropPeer{Network::endpoint(1)}});
    CHECK(a.node.view().peers().empty());
    a.handle(CommandReceived{CommandId{3}, DropPeer{Network::endpoint(9)}});
    REQUIRE(a.replies.size() == 3);
    CHECK(a.replies[1].reply.has_value());
    CHECK(a.replies[2].reply.error().code == "not_found");
    a.wait(seconds{60});
    CHECK(a.dials.empty());
}

TEST_CASE("Node: blocks mined on one node reach another", "[node]") {
    Network network;
    Host& a = network.add(1, {});
    Host& b = network.add(2, {Network::endpoint(0)});
    b.handle(TimerFired{});
    network.run();
    REQUIRE(b.node.view().peers().size() == 1);
    a.handle(CommandReceived{CommandId{1}, MineBlocks{.count = 5, .body = {}}});
    network.wait(seconds{5});
    REQUIRE(a.replies.size() == 1);
    CHECK(a.fixture.chain().tip().height() == Height{5});
    CHECK(b.fixture.chain().tip().hash == a.fixture.chain().tip().hash);
    CHECK_FALSE(b.node.view().is_syncing());
}
