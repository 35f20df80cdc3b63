#include "cairn/node/outbound_watch.hpp"

#include "tests/unit/node/node_fixture.hpp"

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

namespace {

/// A network whose time passes in steps of ten seconds.
void live(Network& network, Duration time) {
    for (Duration passed{}; passed < time; passed += seconds{10}) {
        for (auto& host : network.hosts)
            host->wait(seconds{10});
        network.run();
    }
}

std::size_t outbound(const Host& host) {
    const auto peers = host.node.view().peers();
    return static_cast<std::size_t>(std::count_if(peers.begin(), peers.end(), [](const auto& peer) {
        return peer.direction == Direction::outbound;
    }));
}

}  // namespace

TEST_CASE("OutboundWatch: a stale tip leads to another peer, and off the fake one", "[node][E5]") {
    // The victim has one place for everything and two for blocks, and frozen nodes in all of them.
    Network network;
    NodeConfig config;
    config.listen_port = 5001;
    config.outbound_target = 0;
    for (std::uint64_t i = 0; i < 4; ++i)
        network.hosts.push_back(std::make_unique<Host>(i + 1, config));
    Host& honest = *network.hosts[3];
    config.outbound_target = 1;
    config.bootstrap = {Network::endpoint(0)};
    network.hosts.push_back(std::make_unique<Host>(5, config));
    Host& victim = *network.hosts[4];
    // Lists of more than ten addresses are not passed on.
    const auto tell = [&](std::vector<std::size_t> places) {
        wire::Addresses list;
        for (const auto place : places)
            list.addresses.push_back({{}, 1, Network::endpoint(place).host, 5001});
        while (list.addresses.size() < 11)
            list.addresses.push_back(list.addresses.back());
        for (const auto& [from, to] : std::map{network.pairs}) {
            if (from.host == 0)
                victim.receive(to.link, list);
        }
        network.run();
    };
    honest.handle(CommandReceived{CommandId{1}, MineBlocks{.count = 5, .body = {}}});
    victim.handle(TimerFired{});
    network.run();
    REQUIRE(outbound(victim) == 1);
    tell({1, 2});
    live(network, minutes{2});
    REQUIRE(outbound(victim) == 1 + peers_block_only_max);
    tell({3});
    const auto stale = stale_tip_time(victim.fixture.chain().engine());
    live(network, stale - minutes{3});
    CHECK(victim.fixture.chain().tip().height() == Height{0});
    live(network, stale);
    CHECK(victim.fixture.chain().tip().height() == Height{5});
    // One of the two is enough again.
    live(network, minutes{3});
    CHECK(outbound(victim) == 1 + peers_block_only_max);
}

TEST_CASE("OutboundWatch: a peer behind our work is asked, then replaced", "[node][E5]") {
    Host host{1};
    host.handle(CommandReceived{CommandId{1}, MineBlocks{.count = 3, .body = {}}});
    const LinkId link{++host.links};
    host.handle(LinkOpened{link, Direction::outbound, {"10.0.0.7", 5001}, false});
    host.receive(link, host.make_hello(500));
    host.receive(link, host.make_ack());
    std::size_t questions = 0;
    const auto live = [&](Duration time) {
        for (Duration passed{}; passed < time && !host.is_closed(link); passed += seconds{5}) {
            host.wait(seconds{5});
            for (const auto& payload : host.take_payloads(link)) {
                const auto message = wire::decode_message(payload);
                REQUIRE(message);
                if (const auto* ping = std::get_if<wire::Ping>(&message->message))
                    host.receive(link, wire::Pong{ping->nonce});
                if (std::holds_alternative<wire::GetHeaders>(message->message)) {
                    ++questions;
                    host.receive(
                        link, wire::Headers{}, {.chain = 3, .request = message->envelope.request}
                    );
                }
            }
        }
    };
    live(behind_time_max - minutes{1});
    CHECK_FALSE(host.is_closed(link));
    const auto before = questions;
    live(minutes{2});
    CHECK_FALSE(host.is_closed(link));
    CHECK(questions > before);
    live(behind_answer_time_max + 2 * outbound_watch_interval);
    CHECK(host.is_closed(link));
}

TEST_CASE("OutboundWatch: clocks far from ours are worth a warning an hour", "[node][T1][T2]") {
    for (const bool is_off : {false, true}) {
        Host host{1};
        host.now.wall = UnixMillis{1'700'000'000'000};
        host.handle(TimerFired{});
        for (std::uint64_t i = 0; i < 3; ++i) {
            const LinkId link{++host.links};
            const Endpoint remote{"10.0.0." + std::to_string(50 + i), 5001};
            host.handle(LinkOpened{link, Direction::outbound, remote, false});
            auto hello = host.make_hello(500 + i);
            const std::uint64_t hour = 3'600'000;
            hello.time = UnixMillis{host.now.wall.value + (is_off && i > 0 ? hour : 0)};
            host.receive(link, hello);
            host.receive(link, host.make_ack());
        }
        host.wait(seconds{50});
        CHECK(host.warnings == (is_off ? 1 : 0));
        host.wait(seconds{30});
        CHECK(host.warnings == (is_off ? 1 : 0));
    }
}
