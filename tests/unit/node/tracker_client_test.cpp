#include "tests/unit/node/node_fixture.hpp"

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

namespace {

const Endpoint tracker_at{"192.0.2.1", 5000};

NodeConfig with_tracker() {
    NodeConfig config;
    config.listen_port = 5001;
    config.trackers = {tracker_at};
    return config;
}

/// The host dials the tracker and is linked with it.
LinkId link_tracker(Host& host, const Endpoint& tracker = tracker_at) {
    host.handle(TimerFired{});
    const auto dialled = std::find(host.dials.begin(), host.dials.end(), tracker);
    REQUIRE(dialled != host.dials.end());
    host.dials.erase(dialled);
    const LinkId link{++host.links};
    host.handle(LinkOpened{link, Direction::outbound, tracker, false});
    return link;
}

wire::Nodes list_of(std::size_t count, const std::string& prefix) {
    wire::Nodes nodes;
    for (std::size_t i = 0; i < count; ++i)
        nodes.addresses.push_back({{}, 1, prefix + std::to_string(i + 1), 5001});
    return nodes;
}

wire::Registered registered() {
    wire::Registered reply;
    reply.token.bytes.fill(5);
    reply.lifetime_ms = 180'000;
    reply.heartbeat_ms = 60'000;
    return reply;
}

}  // namespace

TEST_CASE("TrackerClient: registers, asks for nodes, and beats once a minute", "[node][tracker]") {
    Host host{1, with_tracker()};
    const auto link = link_tracker(host);
    auto said = host.take_messages(link);
    REQUIRE(said.size() == 2);
    CHECK(std::get<wire::RegisterNode>(said[0]).port == 5001);
    CHECK(std::get<wire::GetNodes>(said[1]).genesis == host.fixture.chain().id());
    host.receive(link, registered());
    host.receive(link, wire::Nodes{});
    host.wait(seconds{59});
    CHECK(host.take_messages(link).empty());
    host.wait(seconds{1});
    said = host.take_messages(link);
    REQUIRE(said.size() == 2);
    CHECK(std::get<wire::RegisterNode>(said[0]).token == registered().token);
    // Nothing is answered any more: the link is given up, and the tracker is dialled again.
    host.wait(tracker_answer_time_max);
    CHECK(host.is_closed(link));
    host.wait(tracker_redial_time_max);
    CHECK(std::count(host.dials.begin(), host.dials.end(), tracker_at) == 1);
}

TEST_CASE("TrackerClient: beats as often as the tracker tells, each time", "[node][tracker]") {
    Host host{1, with_tracker()};
    const auto link = link_tracker(host);
    auto reply = registered();
    reply.heartbeat_ms = 2'000;
    REQUIRE(host.take_messages(link).size() == 2);
    // The list comes first while the tracker dials back.
    host.receive(link, wire::Nodes{});
    host.receive(link, reply);
    constexpr int beats_per_list = 30;
    for (int beat = 1; beat <= 2 * beats_per_list; ++beat) {
        host.wait(milliseconds{1'999});
        CHECK(host.take_messages(link).empty());
        host.wait(milliseconds{1});
        // The list is asked for once a minute.
        const bool asks = beat % beats_per_list == 0;
        CHECK(host.take_messages(link).size() == (asks ? 2 : 1));
        host.receive(link, reply);
        if (asks)
            host.receive(link, wire::Nodes{});
    }
    CHECK_FALSE(host.is_closed(link));
}

TEST_CASE("TrackerClient: a refused list leaves the heartbeat as it is", "[node][tracker]") {
    Host host{1, with_tracker()};
    const auto link = link_tracker(host);
    REQUIRE(host.take_messages(link).size() == 2);
    auto reply = registered();
    reply.heartbeat_ms = 2'000;
    host.receive(link, reply);
    wire::ErrorMessage refused;
    refused.ref_type = static_cast<std::uint8_t>(wire::MessageType::get_nodes);
    refused.code = wire::ErrorCode::rate_limited;
    refused.retry_ms = 30'000;
    host.receive(link, refused);
    host.wait(seconds{2});
    CHECK(host.take_messages(link).size() == 1);
    // A refused registration is tried again when the tracker says.
    refused.ref_type = static_cast<std::uint8_t>(wire::MessageType::register_node);
    host.receive(link, refused);
    host.wait(milliseconds{29'999});
    CHECK(host.take_messages(link).empty());
    host.wait(milliseconds{1});
    CHECK(host.take_messages(link).size() == 1);
}

TEST_CASE("TrackerClient: the nonce is told to who dials back, and then the link ends", "[node]") {
    Host host{1, with_tracker()};
    const auto link = link_tracker(host);
    const auto said = host.take_messages(link);
    const auto back = host.open(Direction::inbound, false, "192.0.2.1");
    host.receive(back, wire::GetRegistration{});
    const auto told = host.take_messages(back);
    REQUIRE(told.size() == 1);
    CHECK(
        std::get<wire::Registration>(told[0]).nonce == std::get<wire::RegisterNode>(said[0]).nonce
    );
    CHECK(host.is_closed(back));
    Host without{2};
    const auto asked = without.open(Direction::inbound, false, "192.0.2.1");
    without.receive(asked, wire::GetRegistration{});
    for (const auto& message : without.take_messages(asked))
        CHECK_FALSE(std::holds_alternative<wire::Registration>(message));
    CHECK(without.is_closed(asked));
}

TEST_CASE("TrackerClient: a node that stops says so", "[node][tracker]") {
    Host host{1, with_tracker()};
    const auto link = link_tracker(host);
    host.receive(link, registered());
    static_cast<void>(host.take_messages(link));
    host.handle(CommandReceived{CommandId{1}, Shutdown{}});
    const auto said = host.take_messages(link);
    REQUIRE(said.size() == 1);
    CHECK(std::get<wire::UnregisterNode>(said[0]).token == registered().token);
    CHECK(host.is_closed(link));
}

TEST_CASE("TrackerClient: a hostile tracker gets a quarter of the links", "[node][tracker][E3]") {
    auto config = with_tracker();
    const Endpoint other{"192.0.2.2", 5000};
    config.trackers.push_back(other);
    Host host{1, config};
    const auto link = link_tracker(host);
    host.receive(link, list_of(50, "10.6.6."));
    CHECK(host.dials.size() == 1 + peers_outbound_max / list_share);
    // Two trackers that disagree: both are heard.
    const auto second = link_tracker(host, other);
    host.receive(second, list_of(50, "10.7.7."));
    std::size_t of_first = 0;
    std::size_t of_second = 0;
    for (const auto& endpoint : host.dials) {
        of_first += endpoint.host.starts_with("10.6.6.") ? 1 : 0;
        of_second += endpoint.host.starts_with("10.7.7.") ? 1 : 0;
    }
    CHECK(of_first == peers_outbound_max / list_share);
    CHECK(of_second == peers_outbound_max / list_share);
}

TEST_CASE("TrackerClient: a list that was not asked for ends the link", "[node][tracker][E3]") {
    Host host{1, with_tracker()};
    const auto link = link_tracker(host);
    host.receive(link, wire::Nodes{});
    CHECK_FALSE(host.is_closed(link));
    host.receive(link, list_of(50, "10.6.6."));
    CHECK(host.is_closed(link));
    CHECK(host.dials.empty());
}

TEST_CASE("TrackerClient: dead trackers cost rare dials and nothing else", "[node][tracker]") {
    auto config = with_tracker();
    for (std::uint8_t i = 2; i < 20; ++i)
        config.trackers.push_back({"192.0.2." + std::to_string(i), 5000});
    Host host{1, config};
    host.handle(TimerFired{});
    CHECK(host.dials.size() == trackers_max);
    std::size_t dials = 0;
    for (int minute = 0; minute < 60; ++minute) {
        for (const auto& endpoint : std::exchange(host.dials, {})) {
            ++dials;
            host.handle(DialFailed{endpoint});
        }
        host.wait(minutes{1});
    }
    CHECK(dials < trackers_max * 30);
    CHECK(dials > trackers_max * 5);
    host.handle(CommandReceived{CommandId{1}, MineBlocks{.count = 3, .body = {}}});
    CHECK(host.fixture.chain().tip().height() == Height{3});
}
