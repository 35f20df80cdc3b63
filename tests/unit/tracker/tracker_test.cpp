#include "tests/unit/tracker/tracker_fixture.hpp"

using namespace cairn;
using namespace cairn::tracker;
using namespace cairn::tracker::test;

namespace {

constexpr auto host = "192.0.2.7";

std::size_t listed(TrackerHost& tracker) {
    const auto link = tracker.open("198.51.100.1");
    tracker.receive(link, wire::GetNodes{TrackerHost::chain(), 50});
    const auto count = tracker.take<wire::Nodes>(link).addresses.size();
    tracker.handle(node::LinkClosed{link});
    return count;
}

}  // namespace

TEST_CASE("Tracker: a node is listed once it has answered the dial", "[tracker][E7]") {
    TrackerHost tracker;
    const auto link = tracker.open(host);
    tracker.receive(link, TrackerHost::registration());
    REQUIRE(tracker.dials == std::vector{node::Endpoint{host, 5001}});
    CHECK(tracker.take_messages(link).empty());
    CHECK(listed(tracker) == 0);
    const auto back = tracker.accept({host, 5001});
    static_cast<void>(tracker.take<wire::GetRegistration>(back));
    tracker.receive(back, wire::Registration{0xabcd});
    CHECK(tracker.is_closed(back));
    const auto reply = tracker.take<wire::Registered>(link);
    CHECK(reply.lifetime_ms == 180'000);
    CHECK(reply.heartbeat_ms == 60'000);
    CHECK(listed(tracker) == 1);
}

TEST_CASE("Tracker: who does not know the nonce is not listed", "[tracker][E7]") {
    TrackerHost tracker;
    const auto link = tracker.open(host);
    tracker.receive(link, TrackerHost::registration());
    const auto back = tracker.accept({host, 5001});
    tracker.receive(back, wire::Registration{0xabce});
    CHECK(tracker.is_closed(back));
    CHECK(tracker.take<wire::ErrorMessage>(link).code == wire::ErrorCode::not_found);
    CHECK(listed(tracker) == 0);
}

TEST_CASE("Tracker: a port where nobody or somebody else answers is not listed", "[tracker][E7]") {
    TrackerHost tracker;
    const auto link = tracker.open(host);
    tracker.receive(link, TrackerHost::registration());
    tracker.handle(node::DialFailed{{host, 5001}});
    CHECK(tracker.take<wire::ErrorMessage>(link).code == wire::ErrorCode::not_found);
    tracker.wait(minutes{1});
    const auto second = tracker.open(host);
    tracker.receive(second, TrackerHost::registration());
    const auto silent = tracker.accept({host, 5001});
    tracker.wait(dial_back_time_max);
    CHECK(tracker.is_closed(silent));
    CHECK(tracker.take<wire::ErrorMessage>(second).code == wire::ErrorCode::not_found);
    CHECK(listed(tracker) == 0);
}

TEST_CASE("Tracker: an address is dialled at most once a minute", "[tracker][E7]") {
    TrackerHost tracker;
    std::size_t dials = 0;
    // A thousand requests in ten minutes, each for another port of the same address.
    for (std::uint16_t i = 0; i < 1000; ++i) {
        const auto link = tracker.open(host, static_cast<std::uint16_t>(20'000 + i));
        tracker.receive(link, TrackerHost::registration(static_cast<std::uint16_t>(2100 + i)));
        for (const auto& endpoint : std::exchange(tracker.dials, {})) {
            CHECK(endpoint.host == host);
            ++dials;
            tracker.handle(node::DialFailed{endpoint});
        }
        tracker.handle(node::LinkClosed{link});
        tracker.wait(milliseconds{600});
    }
    CHECK(dials <= 10);
}

TEST_CASE("Tracker: requests are limited to ten a minute and told when to return", "[tracker]") {
    TrackerHost tracker;
    const auto link = tracker.open(host);
    for (std::uint32_t i = 0; i < requests_per_minute_max; ++i) {
        tracker.receive(link, wire::GetNodes{TrackerHost::chain(), 50});
        static_cast<void>(tracker.take<wire::Nodes>(link));
    }
    tracker.receive(link, wire::GetNodes{TrackerHost::chain(), 50});
    const auto refused = tracker.take<wire::ErrorMessage>(link);
    CHECK(refused.code == wire::ErrorCode::rate_limited);
    REQUIRE(refused.retry_ms);
    CHECK_FALSE(refused.fatal);
    tracker.wait(milliseconds{*refused.retry_ms});
    tracker.receive(link, wire::GetNodes{TrackerHost::chain(), 50});
    static_cast<void>(tracker.take<wire::Nodes>(link));
}

TEST_CASE("Tracker: heartbeats at their time are not counted, others are", "[tracker]") {
    TrackerConfig config;
    config.lifetime = seconds{6};
    TrackerHost tracker{config};
    const auto [link, token] = tracker.list(host);
    auto heartbeat = TrackerHost::registration();
    heartbeat.token = token;
    for (std::uint32_t i = 0; i < 6 * requests_per_minute_max; ++i) {
        tracker.wait(seconds{1});
        tracker.receive(link, heartbeat);
        CHECK(tracker.take<wire::Registered>(link).token == token);
    }
    tracker.wait(milliseconds{999});
    for (std::uint32_t i = 0; i < requests_per_minute_max; ++i) {
        tracker.receive(link, heartbeat);
        static_cast<void>(tracker.take<wire::Registered>(link));
    }
    tracker.receive(link, heartbeat);
    CHECK(tracker.take<wire::ErrorMessage>(link).code == wire::ErrorCode::rate_limited);
}

TEST_CASE("Tracker: asks for a heartbeat a minute, or more", "[tracker]") {
    for (const auto& [lifetime, expected] :
         {std::pair{seconds{6}, 2'000U}, {seconds{180}, 60'000U}, {seconds{86'400}, 60'000U}}) {
        TrackerConfig config;
        config.lifetime = lifetime;
        TrackerHost tracker{config};
        const auto [link, token] = tracker.list(host);
        auto heartbeat = TrackerHost::registration();
        heartbeat.token = token;
        tracker.receive(link, heartbeat);
        CHECK(tracker.take<wire::Registered>(link).heartbeat_ms == expected);
    }
}

TEST_CASE("Tracker: a dead node leaves the list within its lifetime", "[tracker]") {
    TrackerHost tracker;
    const auto [link, token] = tracker.list(host);
    for (int i = 0; i < 10; ++i) {
        tracker.wait(minutes{1});
        auto heartbeat = TrackerHost::registration();
        heartbeat.token = token;
        tracker.receive(link, heartbeat);
        CHECK(tracker.take<wire::Registered>(link).token == token);
    }
    CHECK(tracker.dials.empty());
    CHECK(listed(tracker) == 1);
    tracker.wait(entry_lifetime - milliseconds{1});
    CHECK(listed(tracker) == 1);
    tracker.wait(milliseconds{1});
    CHECK(listed(tracker) == 0);
}

TEST_CASE("Tracker: a node that says goodbye leaves the list at once", "[tracker]") {
    TrackerHost tracker;
    const auto [link, token] = tracker.list(host);
    const auto other = tracker.open("192.0.2.8");
    tracker.receive(other, wire::UnregisterNode{token});
    CHECK(tracker.take<wire::ErrorMessage>(other).code == wire::ErrorCode::not_found);
    CHECK(listed(tracker) == 1);
    tracker.receive(link, wire::UnregisterNode{token});
    static_cast<void>(tracker.take<wire::Unregistered>(link));
    CHECK(listed(tracker) == 0);
}

TEST_CASE("Tracker: a heartbeat that it does not know is a registration", "[tracker]") {
    TrackerHost tracker;
    const auto link = tracker.open(host);
    auto message = TrackerHost::registration();
    message.token.bytes.fill(7);
    tracker.receive(link, message);
    CHECK(tracker.dials.size() == 1);
}

TEST_CASE(
    "Tracker: on a public network private addresses and taken ports are refused", "[tracker]"
) {
    TrackerHost tracker{{.version = "1", .local_network = false}};
    for (const auto* address : {"10.0.0.1", "127.0.0.1", "192.168.1.1"}) {
        const auto link = tracker.open(address);
        tracker.receive(link, TrackerHost::registration());
        CHECK(tracker.take<wire::ErrorMessage>(link).code == wire::ErrorCode::forbidden);
    }
    for (const int taken : {22, 1023, 6667}) {
        const auto port = static_cast<std::uint16_t>(taken);
        const auto link = tracker.open("8.8.8.8");
        tracker.receive(link, TrackerHost::registration(port));
        CHECK(tracker.take<wire::ErrorMessage>(link).code == wire::ErrorCode::bad_field);
    }
    CHECK(tracker.dials.empty());
}

TEST_CASE("Tracker: loopback on a local network counts by port", "[tracker]") {
    TrackerHost tracker;
    for (std::uint16_t i = 0; i < 40; ++i)
        tracker.list("127.0.0.1", static_cast<std::uint16_t>(2100 + i));
    CHECK(listed(tracker) == 40);
}

TEST_CASE("Tracker: eight nodes of one address are listed, the ninth is refused", "[tracker]") {
    TrackerHost tracker;
    std::vector<std::pair<node::LinkId, wire::RegisterNode>> nodes;
    for (std::uint16_t i = 0; i < entries_per_host_max; ++i) {
        auto heartbeat = TrackerHost::registration(static_cast<std::uint16_t>(2100 + i));
        const auto [link, token] = tracker.list(host, heartbeat.port);
        heartbeat.token = token;
        nodes.emplace_back(link, heartbeat);
        tracker.wait(minutes{1});
        for (const auto& [each, message] : nodes) {
            tracker.receive(each, message);
            static_cast<void>(tracker.take<wire::Registered>(each));
        }
    }
    CHECK(tracker.tracker.registry().size() == entries_per_host_max);
    const auto ninth = tracker.open(host);
    tracker.receive(ninth, TrackerHost::registration(3000));
    CHECK(tracker.take<wire::ErrorMessage>(ninth).code == wire::ErrorCode::busy);
    CHECK(tracker.dials.empty());
}

TEST_CASE("Tracker: other messages and garbage end the link", "[tracker]") {
    TrackerHost tracker;
    const auto peer = tracker.open(host);
    tracker.receive(peer, wire::GetAddresses{});
    CHECK(tracker.is_closed(peer));
    const auto browser = tracker.open(host);
    tracker.handle(node::BytesReceived{browser, to_bytes(as_bytes("GET / HTTP/1.1"))});
    CHECK(tracker.is_closed(browser));
    const auto mixed = tracker.open("127.0.0.1");
    static_cast<void>(tracker.ask(mixed, "ping"));
    tracker.receive(mixed, wire::GetNodes{TrackerHost::chain(), 50});
    CHECK(tracker.is_closed(mixed));
    const auto silent = tracker.open(host);
    tracker.wait(idle_time_max + sweep_interval);
    CHECK(tracker.is_closed(silent));
    CHECK(tracker.tracker.links() == 0);
}

TEST_CASE("Tracker: links of one address are bounded, loopback is exempt", "[tracker]") {
    TrackerHost tracker;
    for (std::size_t i = 0; i < links_per_host_max; ++i)
        CHECK_FALSE(tracker.is_closed(tracker.open(host)));
    CHECK(tracker.is_closed(tracker.open(host)));
    for (std::size_t i = 0; i < links_per_host_max + 1; ++i)
        CHECK_FALSE(tracker.is_closed(tracker.open("127.0.0.1")));
}

TEST_CASE("Tracker: people ask with text", "[tracker]") {
    TrackerHost tracker;
    tracker.list(host);
    const auto link = tracker.open("127.0.0.1");
    CHECK(tracker.ask(link, "ping") == R"({"type":"ping","pong":true})");
    CHECK(
        tracker.ask(link, R"({"type":"nodes","id":7})") ==
        R"({"type":"nodes","nodes":["192.0.2.7:5001"],"total":1,"id":7})"
    );
    const auto of_chain = "nodes chain=" + to_hex(TrackerHost::chain());
    CHECK(tracker.ask(link, of_chain).find("192.0.2.7:5001") != std::string::npos);
    const auto of_other = "nodes chain=" + std::string(64, '0');
    CHECK(tracker.ask(link, of_other) == R"({"type":"nodes","nodes":[],"total":1})");
    CHECK(tracker.ask(link, "nodes count=51").find("bad_field") != std::string::npos);
    CHECK(tracker.ask(link, "nodes count=0").find("bad_field") != std::string::npos);
    CHECK(tracker.ask(link, "status").find(R"("role":"tracker")") != std::string::npos);
    CHECK(tracker.ask(link, "help").find("nodes") != std::string::npos);
    CHECK(tracker.ask(link, "get_chain").find("unknown_command") != std::string::npos);
    CHECK(tracker.ask(link, "{").find("not_json") != std::string::npos);
    const auto stranger = tracker.open(host);
    CHECK(tracker.ask(stranger, "nodes").find("forbidden") != std::string::npos);
}

TEST_CASE("Tracker: an open one answers strangers ten times a minute", "[tracker]") {
    TrackerHost tracker{{.version = "1", .local_network = false, .open_probe = true}};
    const auto link = tracker.open("8.8.8.8");
    for (std::uint32_t i = 0; i < requests_per_minute_max; ++i)
        CHECK(tracker.ask(link, "nodes").find("total") != std::string::npos);
    CHECK(tracker.ask(link, "nodes").find("busy") != std::string::npos);
}

TEST_CASE("Tracker: a shutdown closes all links", "[tracker]") {
    TrackerHost tracker;
    const auto link = tracker.open(host);
    tracker.handle(node::CommandReceived{node::CommandId{1}, node::Shutdown{}});
    CHECK(tracker.is_closed(link));
    CHECK(tracker.is_stopped);
    CHECK(tracker.is_closed(tracker.open(host)));
}
