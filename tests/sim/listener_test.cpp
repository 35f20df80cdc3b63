// A spy: a peer that listens to everything, asks for nothing, and wants to slow the others down.
#include "tests/sim/scenario.hpp"

#include "cairn/wire/frame.hpp"
#include "cairn/wire/messages.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace cairn::test {

namespace {

constexpr std::size_t nodes = 4;
constexpr std::uint64_t transfers_per_second = 1'000;
constexpr std::uint64_t senders = 40;
constexpr auto push_interval = milliseconds{10};

/// Completes the handshake and answers what a peer must answer to keep its link: pings, and with
/// an empty list the question for headers. It says nothing else.
class Spy {
  public:
    Spy(sim::Simulation& simulation, std::size_t node, std::uint64_t nonce)
        : simulation_{simulation}, link_{simulation.add_stranger(node, [this](ByteView bytes) {
              hear(bytes);
          })} {
        const auto chain = simulation.view(node).chain().id();
        wire::Hello hello;
        hello.nonce = nonce;
        hello.user_agent = "spy";
        hello.chains.push_back({.genesis = chain, .alias = 3});
        simulation.say(link_, wire::encode_message(hello, {}));
        wire::HelloAck ack;
        ack.aliases.push_back({.genesis = chain, .alias = 1});
        simulation.say(link_, wire::encode_message(ack, {}));
    }

    [[nodiscard]] bool is_linked() const { return simulation_.is_linked(link_); }

    /// Transactions that it was told of, and of those, the ones told more than once.
    std::set<wire::RelayId> told;
    std::size_t repeated = 0;

  private:
    void hear(ByteView bytes) {
        decoder_.feed(bytes);
        while (const auto payload = decoder_.next()) {
            const auto decoded = wire::decode_message(*payload);
            REQUIRE(decoded.has_value());
            if (const auto* ping = std::get_if<wire::Ping>(&decoded->message))
                simulation_.say(link_, wire::encode_message(wire::Pong{ping->nonce}, {}));
            if (std::holds_alternative<wire::GetHeaders>(decoded->message))
                simulation_.say(
                    link_,
                    wire::encode_message(
                        wire::Headers{}, {.chain = 3, .request = decoded->envelope.request}
                    )
                );
            if (const auto* inventory = std::get_if<wire::Inventory>(&decoded->message))
                for (const auto& notice : inventory->transactions)
                    repeated += told.insert(notice.id).second ? 0 : 1;
        }
    }

    sim::Simulation& simulation_;
    wire::FrameDecoder decoder_{wire::ready_limits};
    node::LinkId link_;
};

/// How long each height took from the first node that had it to the last one.
class BlockClock {
  public:
    void look(const sim::Simulation& simulation) {
        for (std::size_t i = 0; i < nodes; ++i)
            for (auto& seen = heights_[i]; seen < height_of(simulation, i);)
                times_[++seen].push_back(simulation.now().steady);
    }

    [[nodiscard]] std::vector<Duration> relays() const {
        std::vector<Duration> all;
        for (const auto& [height, times] : times_)
            if (times.size() == nodes)
                all.push_back(times.back() - times.front());
        std::sort(all.begin(), all.end());
        return all;
    }

  private:
    std::map<std::size_t, std::uint64_t> heights_;
    std::map<std::uint64_t, std::vector<Instant>> times_;
};

/// 1000 transfers a second for `time`, each sender's at a node of its own, while spies listen at
/// every node.
void run_listeners(Duration time, std::size_t spies_per_node) {
    auto options = easy_options(11, nodes);
    options.spec.balances.clear();
    for (std::uint64_t i = 0; i < senders; ++i)
        options.spec.balances.push_back(
            {.account = account_number(i), .amount = Amount{1'000'000'000}}
        );
    sim::Simulation simulation{options};
    simulation.run_for(seconds{20});
    std::deque<Spy> spies;
    for (std::size_t i = 0; i < nodes * spies_per_node; ++i)
        spies.emplace_back(simulation, i % nodes, 1'000 + i);
    const auto chain = simulation.view(0).chain().id();
    const auto first = simulation.now().steady;
    BlockClock clock;
    std::uint64_t pushed = 0;
    std::size_t largest = 0;
    while (simulation.now().steady - first < time) {
        constexpr auto portion = transfers_per_second * push_interval.count() / 1'000;
        for (std::uint64_t i = 0; i < portion; ++i, ++pushed) {
            const auto from = pushed % senders;
            const auto transfer = make_transfer(chain, {.from = from, .nonce = pushed / senders});
            simulation.command(from % nodes, node::PushTransaction{transfer});
        }
        static_cast<void>(simulation.run_until(
            [&] {
                clock.look(simulation);
                return false;
            },
            push_interval
        ));
        for (std::size_t i = 0; i < nodes; ++i) {
            REQUIRE(sim::check_bounds(simulation.view(i)) == std::nullopt);
            largest = std::max(largest, simulation.view(i).pool().size());
        }
    }
    simulation.run_for(seconds{5});

    // Nothing has piled up: what waits is what came in since the last blocks.
    CHECK(largest < 20 * transfers_per_second);
    for (const auto& spy : spies) {
        CHECK(spy.is_linked());
        CHECK(spy.repeated == 0);
        // Some are in a block before a spy's turn comes.
        CHECK(spy.told.size() > pushed / 2);
        CHECK(spy.told.size() <= pushed);
    }
    const auto relays = clock.relays();
    REQUIRE(relays.size() > 10);
    CHECK(relays[relays.size() * 99 / 100] < seconds{1});
    check_clean(simulation, options.seed);
}

}  // namespace

// Scaled: 15 seconds of virtual time instead of an hour, where the rate is that of the case. The
// bounds do not depend on the time: each queue is held against its own limit at every step, and a
// block must reach all nodes within a second.
TEST_CASE("Listeners: peers that only listen delay no block", "[sim][G7]") {
    run_listeners(seconds{15}, 3);
}

TEST_CASE("Listeners: nor do they within minutes", "[.][nightly][G7]") {
    run_listeners(seconds{150}, 3);
}

}  // namespace cairn::test
