#include "cairn/node/eviction.hpp"

#include "tests/unit/node/node_fixture.hpp"

#include <set>

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

namespace {

EvictionCandidate candidate(std::uint64_t link, std::string group, seconds connected_at) {
    EvictionCandidate result;
    result.link = LinkId{link};
    result.group = std::move(group);
    result.connected_at = Instant{connected_at};
    return result;
}

/// `count` links of one group, younger than all others, with excellent latencies.
std::vector<EvictionCandidate> sybils(std::size_t count) {
    std::vector<EvictionCandidate> result;
    for (std::uint64_t i = 0; i < count; ++i)
        result.push_back(candidate(1000 + i, "66.6", seconds{1000 + static_cast<int>(i)}));
    return result;
}

std::string host_of(std::uint64_t number) {
    return std::to_string(20 + number / 200) + "." + std::to_string(number % 200 + 1) + ".1.1";
}

}  // namespace

TEST_CASE("Eviction: the youngest of the largest group goes", "[node][E2]") {
    auto candidates = sybils(60);
    for (std::uint64_t i = 0; i < 60; ++i)
        candidates.push_back(candidate(i, host_of(i), seconds{2000 + static_cast<int>(i)}));
    const auto leaving = choose_leaving(candidates, 1);
    REQUIRE(leaving);
    CHECK(*leaving >= LinkId{1000});
}

TEST_CASE("Eviction: few links are all kept, and who is discouraged is not", "[node][E2]") {
    std::vector<EvictionCandidate> candidates;
    for (std::uint64_t i = 0; i < kept_by_group; ++i)
        candidates.push_back(candidate(i, host_of(i), seconds{1}));
    CHECK_FALSE(choose_leaving(candidates, 1));
    candidates[2].is_discouraged = true;
    CHECK(choose_leaving(candidates, 1) == LinkId{2});
    CHECK_FALSE(choose_leaving({}, 1));
}

TEST_CASE("Eviction: each measure keeps its own", "[node][E2]") {
    std::set<std::uint64_t> honest;
    auto candidates = sybils(100);
    const auto add = [&](std::uint64_t link, auto change) {
        // Younger than the attacker, so that age does not help.
        auto one = candidate(link, "66.6", seconds{9000});
        change(one);
        candidates.push_back(one);
        honest.insert(link);
    };
    for (std::uint64_t i = 0; i < kept_by_latency; ++i)
        add(i, [&](auto& one) { one.latency = milliseconds{5}; });
    for (std::uint64_t i = 0; i < kept_by_transaction; ++i)
        add(10 + i, [&](auto& one) { one.last_transaction = Instant{seconds{9500}}; });
    for (std::uint64_t i = 0; i < kept_block_only; ++i)
        add(20 + i, [&](auto& one) {
            one.last_block = Instant{seconds{9500}};
            one.relays_transactions = false;
        });
    for (std::uint64_t i = 0; i < kept_by_block; ++i)
        add(30 + i, [&](auto& one) { one.last_block = Instant{seconds{9500}}; });
    CHECK(honest.size() + kept_by_group == 28);
    for (std::uint64_t key = 1; key <= 20; ++key) {
        auto left = candidates;
        while (const auto leaving = choose_leaving(left, key)) {
            CHECK_FALSE(honest.contains(leaving->value));
            std::erase_if(left, [&](const auto& one) { return one.link == *leaving; });
        }
        CHECK(left.size() >= honest.size());
    }
}

TEST_CASE("Eviction: 200 newcomers do not push out honest peers with a history", "[node][E2]") {
    NodeConfig config;
    config.local_network = false;
    config.outbound_target = 0;
    Host host{1, config};
    const auto join = [&](const std::string& from, std::uint64_t nonce) {
        const auto link = host.open(Direction::inbound, false, from);
        host.receive(link, host.make_hello(nonce));
        host.receive(link, host.make_ack());
        return link;
    };
    const auto answer_pings = [&](LinkId link) {
        for (const auto& message : host.take_messages(link)) {
            if (const auto* ping = std::get_if<wire::Ping>(&message))
                host.receive(link, wire::Pong{ping->nonce});
        }
    };
    std::vector<LinkId> honest;
    for (std::uint64_t i = 0; i < 40; ++i) {
        honest.push_back(join(host_of(i), 100 + i));
        answer_pings(honest.back());
    }
    host.advance(host.now.steady + seconds{20});
    std::size_t refused = 0;
    std::vector<LinkId> attackers;
    for (std::uint64_t i = 0; i < 200; ++i) {
        const auto from = "66.6." + std::to_string(i / 8) + "." + std::to_string(i % 8 + 1);
        attackers.push_back(join(from, 1000 + i));
        host.advance(host.now.steady + milliseconds{10});
        refused += host.is_closed(attackers.back()) ? 1 : 0;
    }
    for (const auto link : honest)
        CHECK_FALSE(host.is_closed(link));
    CHECK(host.node.view().peers().size() == config.allowances.links_relaying());
    // Newcomers still find a place: an honest one among them does.
    const auto newcomer = join("99.9.9.9", 5000);
    CHECK_FALSE(host.is_closed(newcomer));
    CHECK(refused == 0);
}
