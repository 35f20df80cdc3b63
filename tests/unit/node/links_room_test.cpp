// What all links of a node may cost together: places, memory, upload.
#include "tests/unit/node/node_fixture.hpp"

#include "cairn/node/penalty.hpp"

using namespace cairn;
using namespace cairn::node;
using namespace cairn::node::test;

namespace {

/// A node on the public network that dials nobody.
NodeConfig public_config() {
    NodeConfig config;
    config.local_network = false;
    config.outbound_target = 0;
    return config;
}

/// A host of a network and /24 of its own.
std::string far_host(std::uint64_t number) {
    return std::to_string(20 + number / 200) + "." + std::to_string(number % 200 + 1) + ".1.1";
}

LinkId join(Host& host, std::uint64_t number, bool wants_transactions) {
    const auto link = host.open(Direction::inbound, false, far_host(number));
    auto hello = host.make_hello(1000 + number);
    hello.relay_transactions = wants_transactions;
    host.receive(link, hello);
    host.receive(link, host.make_ack());
    host.advance(host.now.steady + milliseconds{10});
    return link;
}

QueueSummary queue(const Host& host, std::string_view name) {
    for (const auto& each : host.node.view().queues())
        if (each.name == name)
            return each;
    FAIL("no such queue");
    return {};
}

wire::ByeCode last_bye(Host& host, LinkId link) {
    const auto messages = host.take_messages(link);
    const auto* bye = find_message<wire::Bye>(messages);
    REQUIRE(bye);
    return bye->code;
}

}  // namespace

TEST_CASE("Links: an address opens one link a second, loopback as many", "[node][X1]") {
    Host host{1, public_config()};
    const bool is_loopback = GENERATE(false, true);
    CHECK_FALSE(host.is_closed(host.open(Direction::inbound, is_loopback)));
    CHECK(host.is_closed(host.open(Direction::inbound, is_loopback)) != is_loopback);
    host.advance(host.now.steady + seconds{1});
    CHECK_FALSE(host.is_closed(host.open(Direction::inbound, is_loopback)));
}

TEST_CASE("Links: an address has eight inbound links, loopback more", "[node][X1]") {
    Host host{1, public_config()};
    const bool is_loopback = GENERATE(false, true);
    for (std::size_t i = 0; i < links_per_address_max; ++i) {
        CHECK_FALSE(host.is_closed(host.open(Direction::inbound, is_loopback)));
        host.advance(host.now.steady + seconds{1});
    }
    CHECK(host.is_closed(host.open(Direction::inbound, is_loopback)) != is_loopback);
    // One that goes makes room.
    host.handle(LinkClosed{LinkId{1}});
    CHECK_FALSE(host.is_closed(host.open(Direction::inbound, is_loopback)));
}

TEST_CASE("Links: a /24 has 32 inbound links, loopback more", "[node][X1]") {
    Host host{1, public_config()};
    const bool is_loopback = GENERATE(false, true);
    const auto open = [&](std::size_t number) {
        return host.open(Direction::inbound, is_loopback, "20.1.1." + std::to_string(number));
    };
    for (std::size_t i = 0; i < links_per_subnet_max; ++i)
        CHECK_FALSE(host.is_closed(open(i)));
    CHECK(host.is_closed(open(200)) != is_loopback);
    CHECK_FALSE(host.is_closed(host.open(Direction::inbound, is_loopback, "20.1.2.1")));
}

TEST_CASE("Links: of 65 incomplete handshakes the oldest ends", "[node][X1]") {
    Host host{1, public_config()};
    for (std::uint64_t i = 0; i < handshakes_max; ++i) {
        static_cast<void>(host.open(Direction::inbound, false, far_host(i)));
        host.advance(host.now.steady + milliseconds{10});
    }
    CHECK(host.closed.empty());
    static_cast<void>(host.open(Direction::inbound, false, far_host(99)));
    CHECK(host.closed == std::vector{LinkId{1}});
}

TEST_CASE("Links: of 118 inbound peers one makes room", "[node][E2]") {
    Host host{1, public_config()};
    for (std::uint64_t i = 0; i < links_inbound_max; ++i)
        static_cast<void>(join(host, i, false));
    CHECK(host.closed.empty());
    CHECK(host.node.view().peers().size() == links_inbound_max);
    const auto newcomer = join(host, 200, false);
    CHECK_FALSE(host.is_closed(newcomer));
    REQUIRE(host.closed.size() == 1);
    CHECK(last_bye(host, host.closed[0]) == wire::ByeCode::too_many_links);
    CHECK(host.node.view().peers().size() == links_inbound_max);
}

TEST_CASE("Links: peers that want transactions have half of the places", "[node][E2]") {
    Host host{1, public_config()};
    const std::size_t relaying_max = links_inbound_max / 2;
    for (std::uint64_t i = 0; i < relaying_max; ++i)
        static_cast<void>(join(host, i, true));
    CHECK(host.closed.empty());
    CHECK(queue(host, "links_relaying").size == relaying_max);
    // Who wants blocks alone finds room, and keeps it.
    const auto quiet = join(host, 100, false);
    const auto newcomer = join(host, 101, true);
    CHECK_FALSE(host.is_closed(quiet));
    CHECK_FALSE(host.is_closed(newcomer));
    REQUIRE(host.closed.size() == 1);
    CHECK(last_bye(host, host.closed[0]) == wire::ByeCode::too_many_links);
    CHECK(queue(host, "links_relaying").size == relaying_max);
    CHECK(host.node.view().peers().size() == relaying_max + 1);
}

TEST_CASE("Links: where all that want transactions are kept, the next is not", "[node][E2]") {
    auto config = public_config();
    config.allowances.links_inbound = 8;
    Host host{1, config};
    for (std::uint64_t i = 0; i < config.allowances.links_relaying(); ++i)
        static_cast<void>(join(host, i, true));
    const auto newcomer = join(host, 9, true);
    CHECK(host.closed == std::vector{newcomer});
    CHECK(last_bye(host, newcomer) == wire::ByeCode::too_many_links);
    CHECK(host.node.view().peers().size() == 4);
}

TEST_CASE("Links: private networks have other limits", "[node]") {
    NodeConfig config;
    config.allowances.links_per_second = 20;
    config.allowances.links_per_address = 20;
    config.allowances.handshakes = 100;
    Host host{1, config};
    for (int i = 0; i < 20; ++i)
        CHECK_FALSE(host.is_closed(host.open(Direction::inbound)));
    CHECK(host.is_closed(host.open(Direction::inbound)));
}

TEST_CASE("Links: above 256 MiB the link that holds the most is cut off", "[node][X5]") {
    Host host{1, public_config()};
    std::vector<LinkId> links;
    for (std::uint64_t i = 0; i < 40; ++i)
        links.push_back(join(host, i, true));
    const auto total = [&] { return queue(host, "links_bytes").size; };
    for (std::size_t i = 0; total() + send_queue_bytes_max < links_bytes_max; ++i)
        host.handle(BytesSent{links.at(i), send_queue_bytes_max - i});
    const auto last = links.back();
    host.handle(BytesSent{last, 0});
    const auto rest = links_bytes_max - total();
    host.handle(BytesSent{last, rest});
    REQUIRE(total() == links_bytes_max);
    CHECK(host.closed.empty());
    host.handle(BytesSent{last, rest + 1});
    // The first of them holds a byte more than the second.
    CHECK(host.cut_off == std::vector{links[0]});
    CHECK(host.closed == host.cut_off);
    CHECK(total() < links_bytes_max);
}

TEST_CASE("Links: what is received and not complete counts", "[node][X5]") {
    Host host{1, public_config()};
    const auto peer = join(host, 1, true);
    auto start = wire::encode_message(wire::BlockMessage{.block = Bytes(1'000'000)}, {.chain = 3});
    start.pop_back();
    host.receive(peer, start);
    CHECK(queue(host, "links_bytes").size >= 1'000'000);
    host.handle(LinkClosed{peer});
    CHECK(queue(host, "links_bytes").size == 0);
}

TEST_CASE("Links: requests of other machines wait for the upload budget", "[node][X4]") {
    auto config = public_config();
    config.allowances.upload_bytes_per_second = 10'000;
    Host host{1, config};
    host.fixture.extend(host.fixture.chain().tip().hash, 100);
    const bool is_loopback = GENERATE(false, true);
    const auto link = host.make_ready(is_loopback);
    static_cast<void>(host.take_messages(link));
    const auto answers = [&] {
        std::size_t headers = 0;
        for (const auto& message : host.take_messages(link))
            headers += std::holds_alternative<wire::Headers>(message) ? 1 : 0;
        host.handle(BytesSent{link, 0});
        return headers;
    };
    // 30,000 bytes may leave at once, and one answer more has begun before they are spent.
    std::size_t served = 0;
    for (int i = 0; i < 8; ++i) {
        host.receive(link, wire::GetHeaders{}, {.chain = 3, .request = 1});
        served += answers();
    }
    CHECK(served == (is_loopback ? 8U : 3U));
    host.wait(seconds{20});
    served += answers();
    CHECK(served > 3);
    host.wait(seconds{9});
    host.handle(LinkClosed{link});
}

TEST_CASE("Links: text of other machines waits for the upload budget", "[node][X4]") {
    NodeConfig config;
    config.open_probe = true;
    config.allowances.upload_bytes_per_second = 1'000;
    Host host{1, config};
    const auto link = host.open(Direction::inbound);
    for (int i = 0; i < 3; ++i)
        host.receive_text(link, "ping");
    REQUIRE(host.requests.size() == 1);
    host.handle(TextReply{link, "{" + std::string(5'000, ' ') + "}"});
    CHECK(host.requests.size() == 1);
    host.wait(seconds{4});
    CHECK(host.requests.size() == 1);
    host.wait(seconds{2});
    CHECK(host.requests.size() == 2);
}

TEST_CASE("Links: who does not read is cut off without waiting", "[node][F9]") {
    Host host{1};
    const auto link = host.make_ready();
    host.handle(BytesSent{link, send_queue_bytes_max});
    CHECK(host.closed.empty());
    host.now.steady = host.now.steady + seconds{1};
    host.receive(link, wire::Ping{.nonce = 1});
    CHECK(host.cut_off == std::vector{link});
}

TEST_CASE("Links: of 257 requests that wait one is too many", "[node][F9]") {
    Host host{1};
    const auto link = host.make_ready();
    host.handle(BytesSent{link, send_queue_pause_bytes + 1});
    const auto annoyance = [&] { return host.node.view().peers().at(0).annoyance; };
    for (std::size_t i = 0; i < requests_waiting_max; ++i)
        host.receive(link, wire::GetAddresses{});
    CHECK(queue(host, "requests_of_one_link").size == requests_waiting_max);
    CHECK(annoyance() == 0);
    host.receive(link, wire::GetAddresses{});
    CHECK(annoyance() == judge(Fault::too_many_requests).points);
    CHECK(queue(host, "requests_of_one_link").size == requests_waiting_max);
}
