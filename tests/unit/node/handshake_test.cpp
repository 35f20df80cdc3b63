#include "tests/unit/node/node_fixture.hpp"
#include "tests/unit/wire/samples.hpp"

#include <set>
#include <variant>

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

TEST_CASE("Handshake: hello, hello_ack both ways make a peer", "[node][H1]") {
    Host host{1};
    const auto link = host.open(Direction::inbound);
    CHECK(host.take_messages(link).empty());
    host.receive(link, host.make_hello());
    const auto answer = host.take_messages(link);
    REQUIRE(answer.size() == 2);
    CHECK(std::holds_alternative<wire::Hello>(answer[0]));
    const auto& ack = std::get<wire::HelloAck>(answer[1]);
    CHECK(ack.aliases.front().alias == 3);
    CHECK(host.node.view().peers().empty());
    host.receive(link, wire::Feature{.id = "none", .content = {}});
    host.receive(link, host.make_ack());
    REQUIRE(host.node.view().peers().size() == 1);
    CHECK(host.node.view().peers().front().user_agent == "test");
}

TEST_CASE("Handshake: the driver is told who becomes a peer, and who was one", "[node][H1]") {
    Host host{1};
    const auto stranger = host.open(Direction::inbound);
    host.handle(LinkClosed{stranger});
    host.wait(seconds{1});
    const auto link = host.open(Direction::inbound);
    host.receive(link, host.make_hello());
    CHECK(host.peer_events.empty());
    host.receive(link, host.make_ack());
    REQUIRE(host.peer_events.size() == 1);
    CHECK(host.peer_events.front().is_ready);
    CHECK(host.peer_events.front().address.host == "10.0.0.9");
    host.handle(LinkClosed{link});
    REQUIRE(host.peer_events.size() == 2);
    CHECK_FALSE(host.peer_events.back().is_ready);
}

TEST_CASE("Handshake: what comes too early ends the link and tells nothing", "[node][H1]") {
    Host host{1};
    const auto link = host.open(Direction::inbound);
    SECTION("an acknowledgement first") {
        host.receive(link, host.make_ack());
    }
    SECTION("a request before hello") {
        host.receive(link, wire::GetHeaders{}, {.chain = 1, .request = 1});
    }
    SECTION("a question for addresses before the acknowledgement") {
        host.receive(link, host.make_hello());
        static_cast<void>(host.take_messages(link));
        host.receive(link, wire::GetAddresses{});
    }
    CHECK(host.is_closed(link));
    const auto messages = host.take_messages(link);
    REQUIRE(messages.size() == 1);
    CHECK(std::get<wire::ErrorMessage>(messages[0]).code == wire::ErrorCode::not_ready);
}

TEST_CASE("Handshake: no other message is legal before READY, or learns anything", "[node][H1]") {
    const bool has_said_hello = GENERATE(false, true);
    std::set<wire::MessageType> refused;
    for (const auto& message : wire::sample_messages()) {
        const auto type = wire::type_of(message);
        const bool is_of_handshake = type <= wire::MessageType::bye;
        if (is_of_handshake)
            continue;
        INFO(wire::to_string(type));
        Host host{1};
        const auto link = host.open(Direction::inbound);
        if (has_said_hello)
            host.receive(link, host.make_hello());
        static_cast<void>(host.take_messages(link));
        host.receive(link, message, {.chain = 3, .request = 1});
        CHECK(host.is_closed(link));
        const auto answers = host.take_messages(link);
        REQUIRE(answers.size() == 1);
        CHECK(std::get<wire::ErrorMessage>(answers[0]).code == wire::ErrorCode::not_ready);
        refused.insert(type);
    }
    // All but hello, feature, hello_ack, ping, pong, error and bye.
    CHECK(refused.size() == std::variant_size_v<wire::Message> - 7);
}

TEST_CASE("Handshake: a ping is answered in every state", "[node][H1]") {
    Host host{1};
    const auto link = host.open(Direction::inbound);
    host.receive(link, wire::Ping{.nonce = 5});
    const auto messages = host.take_messages(link);
    REQUIRE(messages.size() == 1);
    CHECK(std::get<wire::Pong>(messages[0]).nonce == 5);
    CHECK_FALSE(host.is_closed(link));
}

TEST_CASE("Handshake: late messages annoy, and enough of them end the link", "[node][H1]") {
    Host host{1};
    const auto link = host.make_ready();
    host.receive(link, host.make_hello());
    host.receive(link, wire::Feature{.id = "none", .content = {}});
    CHECK_FALSE(host.is_closed(link));
    CHECK(host.node.view().peers().front().annoyance == 20);
    for (int i = 0; i < 8; ++i)
        host.receive(link, host.make_hello());
    CHECK(host.is_closed(link));
}

TEST_CASE("Handshake: a node recognises itself and dials itself no more", "[node][H2]") {
    Network network;
    Host& host = network.add(1, {Network::endpoint(0)});
    host.handle(TimerFired{});
    network.run();
    network.wait(seconds{120});
    CHECK(network.opened == 1);
    CHECK(host.node.view().peers().empty());
}

TEST_CASE("Handshake: all addresses of one's own are tried once", "[node][H2]") {
    // Public, loopback, IPv6, and that of a router which passes links back.
    const std::vector<Endpoint> own{
        {"203.0.113.5", 5001}, {"127.0.0.1", 5001}, {"::1", 5001}, {"198.51.100.7", 6001}};
    Network network;
    for (const auto& endpoint : own)
        network.other_names.emplace(endpoint, 0);
    Host& host = network.add(1, own);
    host.handle(TimerFired{});
    network.run();
    network.wait(seconds{120});
    CHECK(network.opened == own.size());
    CHECK(host.node.view().peers().empty());
    CHECK(host.node.view().known_nodes().empty());
    // Hearing of them from somebody else changes nothing.
    const auto peer = host.make_ready();
    wire::Addresses addresses;
    for (const auto& endpoint : own)
        addresses.addresses.push_back(
            {host.now.wall, wire::service_full_blocks, endpoint.host, endpoint.port}
        );
    host.receive(peer, addresses);
    network.wait(seconds{60});
    CHECK(network.opened == own.size());
    CHECK(host.log_lines < 50);
}

TEST_CASE("Handshake: replayed nonces fill no log", "[node][H2]") {
    Host host{1};
    const auto dialled = host.open(Direction::outbound);
    const auto own = std::get<wire::Hello>(host.take_messages(dialled).at(0));
    for (int i = 0; i < 10'000; ++i) {
        const auto link = host.open(Direction::inbound);
        host.receive(link, own);
        REQUIRE(host.is_closed(link));
        host.closed.clear();
    }
    CHECK(host.log_lines <= refusal_lines_per_minute_max);
}

TEST_CASE("Handshake: two nodes that dial each other keep one link", "[node][H2]") {
    const auto seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U);
    Network network;
    Host& a = network.add(seed, {Network::endpoint(1)});
    Host& b = network.add(seed + 100, {Network::endpoint(0)});
    a.handle(TimerFired{});
    b.handle(TimerFired{});
    network.run();
    REQUIRE(a.node.view().peers().size() == 1);
    REQUIRE(b.node.view().peers().size() == 1);
    CHECK(a.node.view().peers()[0].direction != b.node.view().peers()[0].direction);
    const auto opened = network.opened;
    CHECK(opened == 2);
    network.wait(seconds{120});
    CHECK(network.opened == opened);
    CHECK(a.node.view().peers().size() == 1);
}

TEST_CASE("Handshake: versions agree on the highest common one", "[node][H3]") {
    Host host{1};
    const auto link = host.open(Direction::inbound);
    auto hello = host.make_hello();
    SECTION("a wider window with unknown fields") {
        hello.proto_max = 9;
        hello.extension = {1, 2, 3};
        host.receive(link, hello);
        host.receive(link, host.make_ack());
        REQUIRE(host.node.view().peers().size() == 1);
        CHECK(host.node.view().peers()[0].version == wire::protocol_version);
    }
    SECTION("disjoint windows") {
        hello.proto_min = 8;
        hello.proto_max = 9;
        host.receive(link, hello);
        const auto messages = host.take_messages(link);
        REQUIRE(messages.size() == 1);
        CHECK(
            std::get<wire::ErrorMessage>(messages[0]).code == wire::ErrorCode::unsupported_version
        );
        CHECK(host.is_closed(link));
    }
    SECTION("an inverted window") {
        hello.proto_max = 8;
        const Bytes window{1, 0, 8, 0};
        host.receive(link, patched(wire::encode_message(hello), window, 0, 9));
        CHECK(host.is_closed(link));
        CHECK(find_message<wire::Hello>(host.take_messages(link)) == nullptr);
    }
}

TEST_CASE("Handshake: another genesis is refused, and both are named", "[node][H4]") {
    Host host{1};
    const auto link = host.open(Direction::inbound);
    auto hello = host.make_hello();
    hello.chains.front().genesis.bytes.fill(7);
    host.receive(link, hello);
    const auto messages = host.take_messages(link);
    REQUIRE(messages.size() == 1);
    const auto& error = std::get<wire::ErrorMessage>(messages[0]);
    CHECK(error.code == wire::ErrorCode::no_common_chain);
    CHECK(error.fatal);
    CHECK(error.message.find(to_hex(host.fixture.chain().id())) != std::string::npos);
    CHECK(error.message.find(to_hex(hello.chains.front().genesis)) != std::string::npos);
    CHECK(host.is_closed(link));
}

TEST_CASE("Handshake: a second link with the same nonce never ends the first", "[node][H5]") {
    Host host{1};
    const auto first = host.make_ready();
    const auto direction = GENERATE(Direction::inbound, Direction::outbound);
    const auto second = host.open(direction);
    host.receive(second, host.make_hello());
    if (direction == Direction::outbound)
        host.receive(second, host.make_ack());
    CHECK(host.is_closed(second));
    CHECK_FALSE(host.is_closed(first));
    CHECK(host.node.view().peers().size() == 1);
}

TEST_CASE("Handshake: control characters in a user agent are refused", "[node][H6]") {
    Host host{1};
    const auto link = host.open(Direction::inbound);
    auto hello = host.make_hello();
    hello.user_agent = "?[31mred";
    const auto name = as_bytes(hello.user_agent);
    host.receive(link, patched(wire::encode_message(hello), name, 0, 0x1b));
    CHECK(host.is_closed(link));
    CHECK(host.node.view().peers().empty());
}

TEST_CASE("Handshake: aliases outside the agreement end the link alone", "[node][H7]") {
    Host host{1};
    const auto other = host.make_ready(false, 5);
    const auto link = host.open(Direction::inbound);
    auto hello = host.make_hello();
    const auto genesis = host.fixture.chain().id();
    SECTION("a duplicate alias") {
        hello.chains.push_back({.genesis = {}, .alias = 4});
        host.receive(link, patched(wire::encode_message(hello), genesis.view(), 32, 4));
    }
    SECTION("alias 255") {
        host.receive(link, patched(wire::encode_message(hello), genesis.view(), 32, 255));
    }
    SECTION("seventeen chains") {
        for (std::uint8_t alias = 4; hello.chains.size() < wire::chains_max; ++alias) {
            const auto place = static_cast<std::uint8_t>((alias - 1) % 16 + 1);
            hello.chains.push_back({.genesis = wire::counting<ChainId>(alias), .alias = place});
        }
        auto payload = wire::payload_of(hello);
        const auto count = std::find(payload.begin(), payload.end(), wire::chains_max);
        REQUIRE(count != payload.end());
        REQUIRE(std::equal(genesis.bytes.begin(), genesis.bytes.end(), count + 1));
        *count = wire::chains_max + 1;
        payload.insert(count + 1, 98, 0x11);
        host.receive(link, wire::make_frame(payload));
    }
    SECTION("a message under an alias that was not agreed") {
        host.receive(link, hello);
        host.receive(link, host.make_ack());
        host.receive(link, wire::GetBlock{}, {.chain = 2, .request = 1});
    }
    SECTION("an acknowledgement of another alias") {
        host.receive(link, hello);
        auto ack = host.make_ack();
        ack.aliases.front().alias = 9;
        host.receive(link, ack);
    }
    CHECK(host.is_closed(link));
    CHECK_FALSE(host.is_closed(other));
}

TEST_CASE("Handshake: silence after hello ends the link after ten seconds", "[node][H8]") {
    Host host{1};
    const auto link = host.open(Direction::inbound);
    host.receive(link, host.make_hello());
    host.wait(seconds{9});
    CHECK_FALSE(host.is_closed(link));
    host.wait(seconds{1});
    CHECK(host.is_closed(link));
}

TEST_CASE("Handshake: what peers say of the time changes no rule", "[node][T2]") {
    Host host{1};
    const auto own = host.now.wall;
    for (std::uint64_t i = 0; i < 8; ++i) {
        auto hello = host.make_hello(100 + i);
        // A majority lives a day ahead, one in 1970.
        hello.time = i == 0 ? UnixMillis{0} : UnixMillis{own.value + 86'400'000U};
        const auto link = host.open(Direction::inbound, true);
        host.receive(link, hello);
        host.receive(link, host.make_ack());
    }
    CHECK(host.node.view().peers().size() == 8);
    host.handle(CommandReceived{CommandId{1}, MineBlocks{.count = 1, .body = {}}});
    REQUIRE(host.fixture.chain().tip().height() == Height{1});
    CHECK(host.fixture.chain().tip().head.header.time.value < own.value + 86'400'000U);
}
