/// What a node dials when others lie about addresses: eclipse cases.
#include "tests/unit/node/node_fixture.hpp"

#include "cairn/node/address_book.hpp"

#include <set>

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

namespace {

/// Public, one group for each number.
Endpoint honest(std::uint64_t number) {
    return {
        std::to_string(20 + number / 200) + "." + std::to_string(number % 200 + 1) + ".1.1", 5001};
}

NodeConfig public_node() {
    NodeConfig config;
    config.listen_port = 5001;
    config.local_network = false;
    return config;
}

/// Plays the network to `host` for `time`: dials to addresses for which `is_alive` succeed within
/// the second, others fail after five. Returns the endpoints that are linked.
template <class IsAlive>
std::map<Endpoint, LinkId> play(Host& host, Duration time, IsAlive is_alive) {
    std::map<Endpoint, LinkId> linked;
    std::multimap<Instant, Endpoint> failures;
    std::uint64_t nonce = 1000;
    const Instant end = host.now.steady + time;
    while (host.now.steady < end) {
        for (const auto& endpoint : std::exchange(host.dials, {})) {
            if (!is_alive(endpoint)) {
                failures.emplace(host.now.steady + seconds{5}, endpoint);
                continue;
            }
            const LinkId link{++host.links};
            host.handle(LinkOpened{link, Direction::outbound, endpoint, false});
            host.receive(link, host.make_hello(++nonce));
            host.receive(link, host.make_ack());
            linked[endpoint] = link;
        }
        host.wait(seconds{1});
        // Whoever is there answers.
        for (const auto& [link, bytes] : std::map{host.sent_bytes}) {
            for (const auto& payload : host.take_payloads(link)) {
                const auto decoded = wire::decode_message(payload);
                REQUIRE(decoded);
                const wire::Route route{.chain = 3, .request = decoded->envelope.request};
                if (const auto* ping = std::get_if<wire::Ping>(&decoded->message))
                    host.receive(link, wire::Pong{ping->nonce});
                if (std::holds_alternative<wire::GetHeaders>(decoded->message))
                    host.receive(link, wire::Headers{}, route);
            }
        }
        while (!failures.empty() && failures.begin()->first <= host.now.steady) {
            const auto failed = failures.begin()->second;
            failures.erase(failures.begin());
            host.handle(DialFailed{failed});
        }
        for (const auto link : std::exchange(host.closed, {})) {
            std::erase_if(linked, [&](const auto& entry) { return entry.second == link; });
            host.handle(LinkClosed{link});
        }
    }
    return linked;
}

std::size_t links_of_kind(const Host& host, Direction direction) {
    const auto peers = host.node.view().peers();
    return static_cast<std::size_t>(std::count_if(
        peers.begin(), peers.end(), [&](const auto& peer) { return peer.direction == direction; }
    ));
}

/// What a run saved that knew `addresses`, told by so many source groups.
SavedPeers book_of(const std::vector<Endpoint>& addresses, std::size_t sources, std::uint64_t key) {
    AddressBook book{false, key};
    Random random{key};
    const UnixMillis now{1'700'000'000'000};
    for (std::size_t i = 0; i < addresses.size(); ++i)
        book.add(addresses[i], "9." + std::to_string(i % sources), now, random);
    return {.key = key, .addresses = book.save(), .anchors = {}};
}

}  // namespace

TEST_CASE("Discovery: 500 addresses of 3 groups do not surround a restarted node", "[node][E1]") {
    std::size_t surrounded = 0;
    constexpr std::uint64_t runs = 200;
    for (std::uint64_t run = 1; run <= runs; ++run) {
        AddressBook book{false, run};
        Random random{run};
        const UnixMillis now{1'700'000'000'000};
        for (std::uint64_t i = 0; i < 100; ++i)
            book.add(honest(i), "9." + std::to_string(i % 20), now, random);
        // The attacker repeats itself as often as it likes.
        for (std::uint64_t i = 0; i < 5000; ++i) {
            const auto number = i % 500;
            const auto group = "66." + std::to_string(number % 3 + 1);
            const Endpoint evil{
                group + "." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1),
                5001};
            book.add(evil, "66." + std::to_string(i % 3 + 1), now, random);
        }
        auto config = public_node();
        config.saved_peers = {.key = run, .addresses = book.save(), .anchors = {}};
        Host host{run, config};
        host.handle(TimerFired{});
        REQUIRE(host.dials.size() == peers_outbound_max);
        surrounded += std::all_of(host.dials.begin(), host.dials.end(), [](const auto& endpoint) {
            return endpoint.host.starts_with("66.");
        });
        std::set<std::string> groups;
        for (const auto& endpoint : host.dials)
            groups.insert(group_of(endpoint, false));
        CHECK(groups.size() == peers_outbound_max);
    }
    CHECK(surrounded * 100 <= runs);
}

TEST_CASE("Discovery: one operator with many networks gets one link", "[node][E1]") {
    std::vector<Endpoint> addresses;
    for (std::uint64_t i = 0; i < 30; ++i)
        addresses.push_back(honest(i));
    auto config = public_node();
    config.saved_peers = book_of(addresses, 10, 1);
    SECTION("where nobody tells whose networks they are, each counts") {
        Host host{1, config};
        host.handle(TimerFired{});
        CHECK(host.dials.size() == peers_outbound_max);
    }
    SECTION("by a map that has all addresses at one system") {
        auto map = AsMap::parse(Bytes(3));
        REQUIRE(map);
        config.as_map = std::make_shared<const AsMap>(std::move(*map));
        Host host{1, config};
        host.handle(TimerFired{});
        CHECK(host.dials.size() == 1);
    }
}

TEST_CASE("Discovery: anchors are saved soon, and dialled first after a crash", "[node][E4]") {
    std::vector<Endpoint> addresses;
    for (std::uint64_t i = 0; i < 30; ++i)
        addresses.push_back(honest(i));
    auto config = public_node();
    config.saved_peers = book_of(addresses, 10, 5);
    Host host{1, config};
    host.handle(TimerFired{});
    const auto linked = play(host, seconds{20}, [](const Endpoint&) { return true; });
    CHECK(linked.size() == peers_outbound_max + peers_block_only_max);
    REQUIRE(host.saved_peers);
    CHECK(host.saved_peers->anchors.size() == peers_block_only_max);
    // Nothing is told to them but blocks, and their gossip is not heard.
    for (const auto& anchor : host.saved_peers->anchors) {
        const auto link = linked.at(anchor);
        const auto size = host.node.view().known_nodes().size();
        host.receive(link, wire::Addresses{{{{}, 0, "88.1.1.1", 5001}}});
        CHECK(host.node.view().known_nodes().size() == size);
    }
    // kill -9: what was saved is all there is.
    config.saved_peers = *host.saved_peers;
    Host again{2, config};
    again.handle(TimerFired{});
    REQUIRE(again.dials.size() >= peers_block_only_max);
    const std::vector<Endpoint> first{again.dials.begin(), again.dials.begin() + 2};
    CHECK(first == config.saved_peers.anchors);
    const LinkId link{++again.links};
    again.handle(LinkOpened{link, Direction::outbound, first[0], false});
    const auto said = again.take_messages(link);
    REQUIRE(find_message<wire::Hello>(said) != nullptr);
    CHECK_FALSE(find_message<wire::Hello>(said)->relay_transactions);
}

TEST_CASE("Discovery: a small network wants its links for everything", "[node][E4]") {
    auto config = public_node();
    config.saved_peers = book_of({honest(1)}, 1, 5);
    config.saved_peers.anchors = {honest(1)};
    Host host{1, config};
    host.handle(TimerFired{});
    REQUIRE(host.dials == std::vector{honest(1)});
    static_cast<void>(play(host, seconds{60}, [](const Endpoint&) { return true; }));
    REQUIRE(links_of_kind(host, Direction::outbound) == 1);
    // The link for blocks alone was given back for a full one.
    CHECK(host.dials.empty());
    const LinkId last{host.links};
    CHECK_FALSE(host.is_closed(last));
    CHECK(last == LinkId{2});
}

TEST_CASE(
    "Discovery: a new address is dialled every two minutes to see who is there", "[node][E6]"
) {
    std::vector<Endpoint> addresses;
    for (std::uint64_t i = 0; i < 200; ++i)
        addresses.push_back(honest(i));
    auto config = public_node();
    config.saved_peers = book_of(addresses, 20, 5);
    Host host{1, config};
    host.handle(TimerFired{});
    static_cast<void>(play(host, seconds{30}, [](const Endpoint&) { return true; }));
    const auto before = host.links;
    // Less than it takes for the tip to be suspected.
    static_cast<void>(play(host, minutes{4}, [](const Endpoint&) { return true; }));
    CHECK(host.links - before == 2);
    CHECK(links_of_kind(host, Direction::outbound) == peers_outbound_max + peers_block_only_max);
}

TEST_CASE("Discovery: 100,000 dead addresses do not hide the living", "[node][E8]") {
    for (std::uint64_t run = 1; run <= 10; ++run) {
        AddressBook book{false, run};
        Random random{run};
        const UnixMillis now{1'700'000'000'000};
        for (std::uint64_t i = 0; i < 50; ++i)
            book.add(honest(i), "9." + std::to_string(i % 20), now, random);
        for (std::uint64_t i = 0; i < 100'000; ++i) {
            const Endpoint dead{
                std::to_string(60 + i / 50'000) + "." + std::to_string(i % 250) + "." +
                    std::to_string(i / 250 % 200) + ".9",
                5001};
            book.add(dead, "66." + std::to_string(i % 3), now, random);
        }
        auto config = public_node();
        config.saved_peers = {.key = run, .addresses = book.save(), .anchors = {}};
        Host host{run, config};
        host.handle(TimerFired{});
        const auto linked = play(host, seconds{60}, [](const Endpoint& endpoint) {
            return std::stoi(endpoint.host) < 60;
        });
        CHECK_FALSE(linked.empty());
    }
}

TEST_CASE("Discovery: a configured node is found beside a book full of lies", "[node][E8]") {
    std::vector<Endpoint> dead;
    for (std::uint64_t i = 0; i < 2000; ++i)
        dead.push_back(honest(i));
    auto config = public_node();
    config.saved_peers = book_of(dead, 200, 5);
    const Endpoint configured{"99.9.9.9", 5001};
    config.bootstrap = {configured};
    Host host{1, config};
    host.handle(TimerFired{});
    CHECK(std::count(host.dials.begin(), host.dials.end(), configured) == 1);
}

TEST_CASE("Discovery: a flood of a million addresses is heard ten seconds apart", "[node][G8]") {
    auto config = public_node();
    config.outbound_target = 0;
    Host host{1, config};
    const auto link = host.make_ready();
    std::uint64_t number = 0;
    std::uint64_t heard = 0;
    for (int second = 0; second < 1000; ++second) {
        wire::Addresses flood;
        for (int i = 0; i < 1000; ++i, ++number)
            flood.addresses.push_back({{}, 1, honest(number % 40'000).host, 5001});
        host.receive(link, flood);
        host.advance(host.now.steady + seconds{1});
        static_cast<void>(host.take_payloads(link));
    }
    host.handle(CommandReceived{CommandId{1}, Shutdown{}});
    REQUIRE(host.saved_peers);
    heard = host.saved_peers->addresses.size();
    CHECK(heard <= 10 + 1000 / 10);
    CHECK(std::none_of(
        host.saved_peers->addresses.begin(),
        host.saved_peers->addresses.end(),
        [](const auto& address) { return address.is_tried; }
    ));
}

TEST_CASE("Discovery: everyone who asks in a day is told the same 23 percent", "[node][G8]") {
    AddressBook book{false, 5};
    Random random{5};
    const UnixMillis now{Host{1}.now.wall};
    for (std::uint64_t i = 0; i < 200; ++i) {
        book.add(honest(i), "9." + std::to_string(i % 20), now, random);
        book.on_worked(honest(i), now);
    }
    auto config = public_node();
    config.outbound_target = 0;
    config.saved_peers = {.key = 5, .addresses = book.save(), .anchors = {}};
    Host host{1, config};
    const auto ask = [&](std::uint64_t nonce) {
        const auto link = host.make_ready(true, nonce);
        static_cast<void>(host.take_messages(link));
        host.receive(link, wire::GetAddresses{});
        const auto told = host.take_messages(link);
        host.handle(LinkClosed{link});
        REQUIRE(told.size() == 1);
        return std::get<wire::Addresses>(told[0]).addresses;
    };
    const auto first = ask(100);
    CHECK(first.size() == book.size() * addresses_told_percent / 100);
    host.wait(told_addresses_time_min - seconds{1});
    CHECK(ask(101) == first);
    host.wait(told_addresses_time_max - told_addresses_time_min + seconds{2});
    CHECK(ask(102) != first);
}
