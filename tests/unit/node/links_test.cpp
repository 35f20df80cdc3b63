#include "tests/unit/node/node_fixture.hpp"

#include "cairn/node/discouraged.hpp"
#include "cairn/node/outbox.hpp"
#include "cairn/node/penalty.hpp"

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

TEST_CASE("Links: frames that trickle end, and others are let in meanwhile", "[node][F5]") {
    Host host{1};
    for (int i = 0; i < 500; ++i) {
        const auto link = host.open(Direction::inbound, true);
        host.receive(link, Bytes{'1'});
    }
    const auto honest = host.make_ready(true);
    CHECK_FALSE(host.is_closed(honest));
    CHECK(host.node.view().peers().size() == 1);
    host.wait(seconds{31});
    CHECK(host.closed.size() == 500);
}

TEST_CASE("Links: text sessions are answered one by one, in order", "[node][F8]") {
    Host host{1};
    const auto link = host.open(Direction::inbound, true);
    host.receive_text(link, "ping");
    host.receive_text(link, R"({"type":"status"})");
    REQUIRE(host.requests.size() == 1);
    CHECK(host.requests[0].text == "ping");
    CHECK(host.requests[0].is_loopback);
    host.handle(TextReply{link, "{}"});
    REQUIRE(host.requests.size() == 2);
    host.handle(TextReply{link, R"({"two":2})"});
    host.handle(TextReply{link, R"({"three":"unasked"})"});
    const auto payloads = host.take_payloads(link);
    REQUIRE(payloads.size() == 2);
    CHECK(as_text(payloads[1]) == R"({"two":2})");
    host.handle(LinkClosed{link});
    host.handle(TextReply{link, "{}"});
    CHECK(host.take_payloads(link).empty());
}

TEST_CASE("Links: more waiting text than allowed ends the session", "[node][text]") {
    Host host{1};
    const auto link = host.open(Direction::inbound, true);
    for (std::size_t i = 0; i < text_requests_waiting_max + 1; ++i)
        host.receive_text(link, "ping");
    CHECK_FALSE(host.is_closed(link));
    host.receive_text(link, "ping");
    CHECK(host.is_closed(link));
    CHECK(
        as_text(host.take_payloads(link).at(0)).find("\"rule\":\"rpc.busy\"") !=
        std::string_view::npos
    );
}

TEST_CASE("Links: text from other hosts needs open_probe", "[node][A1]") {
    NodeConfig config;
    config.open_probe = GENERATE(false, true);
    Host host{1, config};
    const auto link = host.open(Direction::inbound);
    host.receive_text(link, "ping");
    CHECK(host.requests.size() == (config.open_probe ? 1U : 0U));
    CHECK(host.is_closed(link) != config.open_probe);
    if (!config.open_probe)
        CHECK(as_text(host.take_payloads(link).at(0)).find("forbidden") != std::string_view::npos);
}

TEST_CASE("Links: foreign text beyond the rate is refused in its turn", "[node][text]") {
    NodeConfig config;
    config.open_probe = true;
    Host host{1, config};
    const auto link = host.open(Direction::inbound);
    for (std::uint32_t i = 0; i < text_requests_per_second_max; ++i) {
        host.receive_text(link, "ping");
        host.handle(TextReply{link, "{}"});
    }
    CHECK(host.take_payloads(link).size() == text_requests_per_second_max);
    host.receive_text(link, "ping");
    CHECK(
        as_text(host.take_payloads(link).at(0)).find("\"rule\":\"rpc.busy\"") !=
        std::string_view::npos
    );
    CHECK_FALSE(host.is_closed(link));
}

TEST_CASE("Links: broken frames close, and only a peer is told", "[node][F4]") {
    Host host{1};
    SECTION("a stranger") {
        const auto link = host.open(Direction::inbound);
        host.receive(link, to_bytes(std::string_view{"GET / HTTP/1.1\r\n"}));
        CHECK(host.is_closed(link));
        CHECK(host.sent_bytes[link].empty());
    }
    SECTION("a peer") {
        const auto link = host.make_ready();
        static_cast<void>(host.take_messages(link));
        host.receive(link, to_bytes(std::string_view{"oops"}));
        CHECK(host.is_closed(link));
        const auto messages = host.take_messages(link);
        REQUIRE(messages.size() == 1);
        CHECK(std::get<wire::ErrorMessage>(messages[0]).code == wire::ErrorCode::bad_frame);
    }
    SECTION("text on a peer's link") {
        const auto link = host.make_ready(true);
        host.receive_text(link, "ping");
        CHECK(host.is_closed(link));
        CHECK(host.requests.empty());
    }
}

TEST_CASE("Links: the log names the fault for which a link ends", "[node][explain]") {
    Host host{1};
    const auto expect = [&host](LinkId link, Fault fault) {
        CHECK(host.is_closed(link));
        CHECK(host.reasons == std::vector{std::string{to_string(fault)}});
    };
    SECTION("a request before the handshake") {
        const auto early = host.open(Direction::inbound);
        host.receive(early, wire::GetHeaders{}, {.chain = 1, .request = 1});
        expect(early, Fault::wrong_order);
    }
    SECTION("silence in the handshake") {
        const auto early = host.open(Direction::inbound);
        host.receive(early, host.make_hello());
        host.wait(seconds{10});
        expect(early, Fault::timeout);
    }
    SECTION("text where a frame begins") {
        const auto link = host.make_ready();
        host.receive(link, to_bytes(std::string_view{"oops"}));
        expect(link, Fault::bad_frame);
    }
    SECTION("a message with a byte too few") {
        const auto link = host.make_ready();
        const auto frame = wire::encode_message(wire::Ping{.nonce = 1}, {});
        auto payload = to_bytes(ByteView{frame}.subspan(wire::frame_header_bytes));
        payload.pop_back();
        host.receive(link, wire::make_frame(payload));
        expect(link, Fault::bad_message);
    }
    SECTION("the handshake again and again") {
        const auto link = host.make_ready();
        for (int i = 0; i < 10; ++i)
            host.receive(link, host.make_hello());
        expect(link, Fault::late_handshake_message);
    }
    SECTION("pings without a pause") {
        const auto link = host.make_ready();
        for (int i = 0; i <= 20; ++i)
            host.receive(link, wire::Ping{.nonce = 1});
        expect(link, Fault::frequent_ping);
    }
}

TEST_CASE("Outbox: what waits beyond the cap is its reader's fault", "[node][F9]") {
    Outbox outbox;
    const LinkId link{1};
    const auto byte = std::make_shared<const Bytes>(1);
    outbox.set_queued_bytes(link, send_queue_bytes_max - 1);
    outbox.send_raw(link, byte);
    CHECK(outbox.take_blames().empty());
    outbox.send_raw(link, byte);
    CHECK(outbox.take_blames() == std::vector{std::pair{link, Fault::slow_reader}});
}

TEST_CASE("Node: every command that it refuses says why and what to do", "[node][explain]") {
    Host host{1};
    SECTION("a peer that it does not have") {
        host.handle(CommandReceived{CommandId{1}, DropPeer{{"10.0.0.3", 5001}}});
    }
    SECTION("a block that it does not know") {
        host.handle(CommandReceived{CommandId{1}, Invalidate{BlockHash{}}});
    }
    SECTION("genesis, which stays") {
        const auto genesis = host.fixture.chain().tip().hash;
        host.handle(CommandReceived{CommandId{1}, Invalidate{genesis}});
    }
    SECTION("more blocks than it mines at once") {
        host.handle(CommandReceived{CommandId{1}, MineBlocks{.count = mine_blocks_max + 1}});
    }
    SECTION("anything while it stops") {
        host.handle(CommandReceived{CommandId{2}, Shutdown{}});
        host.replies.clear();
        host.handle(CommandReceived{CommandId{1}, MineBlocks{}});
    }
    REQUIRE(host.replies.size() == 1);
    REQUIRE_FALSE(host.replies[0].reply.has_value());
    const auto& error = host.replies[0].reply.error();
    CHECK(error.rule == "rpc." + error.code);
    CHECK(error.message.ends_with('.'));
    CHECK_FALSE(error.expected.empty());
    CHECK_FALSE(error.actual.empty());
    CHECK_FALSE(error.hint.empty());
}

TEST_CASE("Refusals: what is wrong by itself is told with what would be right", "[node][explain]") {
    using execution::TransactionError;
    const auto error = GENERATE(
        TransactionError::too_large,
        TransactionError::body_not_canonical,
        TransactionError::bad_signature,
        TransactionError::wrong_chain,
        TransactionError::amount_overflow,
        TransactionError::misplaced_coinbase
    );
    const auto refusal = make_refusal({error, "what would be right", "what came"});
    CHECK(refusal.code == "rejected");
    CHECK(refusal.message.ends_with('.'));
    CHECK(refusal.rule == "transaction." + std::string{execution::to_string(error)});
    CHECK(refusal.expected == "what would be right");
    CHECK(refusal.actual == "what came");
    CHECK(refusal.hint.ends_with('.'));
}

TEST_CASE("Links: empty, longest and longer frames in every state", "[node][F10]") {
    enum class State { stranger, foreign_stranger, text, handshake, ready };
    const auto state = GENERATE(
        State::stranger, State::foreign_stranger, State::text, State::handshake, State::ready
    );
    Host host{1};
    const bool is_loopback = state != State::foreign_stranger;
    auto link = host.open(Direction::inbound, is_loopback);
    if (state == State::text) {
        // What came whole is answered first.
        host.receive_text(link, "ping");
        host.handle(TextReply{link, "{}"});
    }
    if (state == State::handshake)
        host.receive(link, host.make_hello());
    if (state == State::ready)
        link = host.make_ready(true);
    REQUIRE_FALSE(host.is_closed(link));
    static_cast<void>(host.take_payloads(link));

    const bool is_binary = state == State::handshake || state == State::ready;
    const std::size_t text_max =
        is_loopback ? text_request_bytes_max : wire::handshake_payload_bytes_max;
    const std::size_t binary_max = state == State::ready
                                       ? wire::payload_max_of(wire::MessageType::block)
                                       : wire::handshake_payload_bytes_max;
    const auto start = [&](std::size_t size) {
        auto header = std::to_string(size);
        header.resize(wire::frame_header_bytes, ' ');
        return to_bytes(header + (is_binary ? "\x01\x01\x13" : "{"));
    };
    const std::size_t max = is_binary ? binary_max : text_max;
    SECTION("empty") {
        host.receive(link, to_bytes(std::string_view{"0         "}));
        CHECK(host.is_closed(link));
    }
    SECTION("one byte more than the longest, before its body") {
        host.receive(link, start(max + 1));
        CHECK(host.is_closed(link));
    }
    SECTION("the longest") {
        host.receive(link, start(max));
        CHECK_FALSE(host.is_closed(link));
    }
}

TEST_CASE("Links: a peer that never reads is dropped at the cap", "[node][F9]") {
    Host host{1};
    const auto link = host.make_ready();
    std::size_t sent = 0;
    while (!host.is_closed(link) && sent < 2 * send_queue_bytes_max) {
        host.now.steady = host.now.steady + seconds{1};
        host.receive(link, wire::Ping{.nonce = 1});
        sent += 26;
        // The driver says nothing of bytes that have left.
        for (int i = 0; i < 2'000 && !host.is_closed(link); ++i)
            host.receive(link, wire::GetHeaders{}, {.chain = 3, .request = 1});
    }
    CHECK(host.is_closed(link));
    CHECK(host.sent_bytes[link].size() <= send_queue_bytes_max + 1024);
}

TEST_CASE("Links: idle peers are pinged, and dropped when they do not answer", "[node][T4]") {
    Host host{1};
    const auto link = host.make_ready();
    const auto first = host.take_messages(link);
    const auto* ping = find_message<wire::Ping>(first);
    REQUIRE(ping);
    SECTION("with answers the link lives, whatever the wall clock does") {
        host.receive(link, wire::Pong{.nonce = ping->nonce});
        for (int i = 0; i < 3; ++i) {
            host.now.wall.value += i % 2 == 0 ? 86'400'000U : 0U;
            host.wait(seconds{30});
            const auto messages = host.take_messages(link);
            const auto* next = find_message<wire::Ping>(messages);
            REQUIRE(next);
            host.receive(link, wire::Pong{.nonce = next->nonce});
        }
        CHECK_FALSE(host.is_closed(link));
    }
    SECTION("without an answer it ends after a minute") {
        host.wait(seconds{59});
        CHECK_FALSE(host.is_closed(link));
        host.wait(seconds{1});
        CHECK(host.is_closed(link));
    }
}

TEST_CASE("Links: a jump of the wall clock causes no burst of timers", "[node][T1]") {
    Host host{1};
    static_cast<void>(host.make_ready());
    for (const std::uint64_t wall : {0ULL, 86'400'000ULL, 4'000'000'000'000ULL}) {
        host.now.wall = UnixMillis{wall};
        host.handle(TimerFired{});
        REQUIRE(host.node.next_wakeup().has_value());
        CHECK(*host.node.next_wakeup() > host.now.steady);
    }
    CHECK(host.node.view().peers().size() == 1);
}

TEST_CASE("Links: shutdown says bye, commits and stops, and answers text", "[node]") {
    Host host{1};
    const auto peer = host.make_ready();
    const auto text = host.open(Direction::inbound, true);
    host.receive_text(text, "shutdown");
    static_cast<void>(host.take_messages(peer));
    host.handle(CommandReceived{CommandId{1}, Shutdown{}});
    CHECK(host.is_stopped);
    CHECK(find_message<wire::Bye>(host.take_messages(peer)));
    CHECK(host.is_closed(peer));
    REQUIRE(host.replies.size() == 1);
    host.handle(TextReply{text, "{}"});
    CHECK(host.take_payloads(text).size() == 1);
    const auto late = host.open(Direction::inbound, true);
    CHECK(host.is_closed(late));
}

TEST_CASE("Annoyance: points halve every ten minutes", "[node]") {
    Annoyance annoyance;
    const Instant start{seconds{7}};
    CHECK(annoyance.add(80, start) == 80);
    CHECK(annoyance.at(start + minutes{10}) == 40);
    CHECK(annoyance.add(10, start + minutes{15}) == 50);
    CHECK(annoyance.at(start + minutes{20}) == 25);
    CHECK(annoyance.at(start + std::chrono::hours{24}) == 0);
}

TEST_CASE("Discouraged: entries end after a day, and the oldest make room", "[node]") {
    Discouraged hosts;
    const Instant start{seconds{1}};
    hosts.add("10.0.0.1", start);
    CHECK(hosts.contains("10.0.0.1", start));
    CHECK_FALSE(hosts.contains("10.0.0.1", start + discourage_time));
    for (std::size_t i = 0; i < discouraged_max; ++i)
        hosts.add("host" + std::to_string(i), start);
    CHECK(hosts.size() == discouraged_max);
    CHECK_FALSE(hosts.contains("10.0.0.1", start));
}
