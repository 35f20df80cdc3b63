#include "tests/unit/node/node_fixture.hpp"

#include <set>

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

namespace {

Endpoint seed_at(std::size_t number) {
    return {"seed" + std::to_string(number) + ".example.org", 5001};
}

NodeConfig with_seeds(std::size_t count) {
    NodeConfig config;
    for (std::size_t i = 0; i < count; ++i)
        config.seeds.push_back(seed_at(i));
    return config;
}

/// So many addresses of different groups.
std::vector<std::string> hosts(std::size_t count) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < count; ++i)
        result.push_back("10.1.0." + std::to_string(i + 1));
    return result;
}

/// A full link that the host has dialled.
LinkId add_outbound(Host& host, std::uint64_t nonce) {
    const auto link = host.open(Direction::outbound, false, "10.2.0." + std::to_string(nonce));
    host.receive(link, host.make_hello(nonce));
    host.receive(link, host.make_ack());
    return link;
}

}  // namespace

TEST_CASE("Seeds: a node alone for 11 s asks a name", "[node][seeds]") {
    Host host{1, with_seeds(1)};
    host.handle(TimerFired{});
    host.wait(seed_patience - milliseconds{1});
    CHECK(host.names.empty());
    host.wait(milliseconds{1});
    REQUIRE(host.names == std::vector{seed_at(0)});

    host.handle(NameResolved{seed_at(0), {"10.1.0.1"}});
    CHECK(host.dials == std::vector{Endpoint{"10.1.0.1", 5001}});
}

TEST_CASE("Seeds: two full links of its own are enough, others do not count", "[node][seeds]") {
    Host host{1, with_seeds(1)};
    host.handle(TimerFired{});
    add_outbound(host, 1);
    host.make_ready(false, 78);
    host.make_ready(false, 79);
    SECTION("one full link") {
        host.wait(seed_patience);
        CHECK(host.names.size() == 1);
    }
    SECTION("two, until one of them ends") {
        const auto link = add_outbound(host, 2);
        host.wait(seconds{60});
        CHECK(host.names.empty());
        host.handle(LinkClosed{link});
        host.wait(seed_patience - milliseconds{1});
        CHECK(host.names.empty());
        host.wait(milliseconds{1});
        CHECK(host.names.size() == 1);
    }
}

TEST_CASE("Seeds: names are asked one after the other, and each once in 10 min", "[node][seeds]") {
    Host host{1, with_seeds(seeds_max + 1)};
    host.handle(TimerFired{});
    host.wait(seed_patience);
    CHECK(host.names.size() == 1);
    host.wait(seed_patience * 20);
    // The first `seeds_max` names count.
    const std::set<Endpoint> asked(host.names.begin(), host.names.end());
    CHECK(host.names.size() == seeds_max);
    CHECK(asked.size() == seeds_max);
    CHECK_FALSE(asked.contains(seed_at(seeds_max)));

    host.wait(seed_rest - seed_patience * 20 - milliseconds{1});
    CHECK(host.names.size() == seeds_max);
    host.wait(milliseconds{1});
    CHECK(host.names.size() == seeds_max + 1);
}

TEST_CASE("Seeds: of an answer 32 addresses count, for two links of eight", "[node][seeds][E1]") {
    Host host{1, with_seeds(2)};
    host.handle(TimerFired{});
    host.wait(seed_patience);
    REQUIRE(host.names.size() == 1);
    host.handle(NameResolved{host.names[0], hosts(seed_addresses_max + 1)});
    CHECK(host.dials.size() == peers_outbound_max / list_share);
    host.handle(CommandReceived{CommandId{1}, Shutdown{}});
    REQUIRE(host.saved_peers);
    CHECK(host.saved_peers->addresses.size() == seed_addresses_max);
}

TEST_CASE("Seeds: an answer that nobody asked for, or without use, changes nothing", "[node]") {
    Host host{1, with_seeds(1)};
    host.handle(TimerFired{});
    host.handle(NameResolved{{"other.example.org", 5001}, {"10.1.0.1"}});
    host.handle(NameResolved{seed_at(0), {}});
    host.handle(NameResolved{seed_at(0), {"not an address", "fe80::1%eth0", ""}});
    CHECK(host.dials.empty());
}

TEST_CASE("Seeds: who keeps no links of its own asks nobody", "[node][seeds]") {
    auto config = with_seeds(1);
    config.outbound_target = 0;
    Host host{1, config};
    host.handle(TimerFired{});
    host.wait(minutes{1});
    CHECK(host.names.empty());
}
