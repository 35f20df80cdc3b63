#include "tests/sim/scenario.hpp"

#include "cairn/wire/messages.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace cairn::test {

TEST_CASE("Simulation: equal seeds give equal traces, others do not", "[sim]") {
    const auto trace_of = [](std::uint64_t seed) {
        auto options = easy_options(seed, 4);
        options.network.loss_per_mille = 50;
        options.network.duplicates_per_mille = 20;
        sim::Simulation simulation{options};
        simulation.run_for(seconds{60});
        return simulation.trace_hash();
    };
    CHECK(trace_of(7) == trace_of(7));
    CHECK(trace_of(7) != trace_of(8));
}

TEST_CASE("Network: nodes find each other and follow one miner", "[sim]") {
    sim::Simulation simulation{easy_options(1, 4)};
    REQUIRE(simulation.run_until([&] { return height_of(simulation, 3) >= 10; }, minutes{2}));
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(simulation.view(i).peers().size() == 3);
    CHECK(simulation.run_until([&] { return simulation.is_agreed(); }, seconds{10}));
    check_clean(simulation, 1);
    check_disks(simulation);
}

TEST_CASE("Network: nodes that know nothing but a name find each other", "[sim][seeds]") {
    auto options = easy_options(9, 4);
    options.names["seed.example.org"] = {0, 1};
    options.configure = [](std::size_t, node::NodeConfig& config) {
        config.bootstrap.clear();
        config.seeds = {{"seed.example.org", sim::Simulation::endpoint_of(0).port}};
    };
    sim::Simulation simulation{options};
    simulation.run_for(node::seed_patience - milliseconds{1});
    CHECK(simulation.view(0).peers().empty());
    REQUIRE(simulation.run_until(
        [&] { return height_of(simulation, 3) >= 10 && simulation.is_agreed(); }, minutes{2}
    ));
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(simulation.view(i).peers().size() >= 2);
    check_clean(simulation, 9);
}

TEST_CASE("Network: a transaction reaches every pool and is mined once", "[sim][G1]") {
    auto options = easy_options(2, 6);
    options.miners = 0;
    sim::Simulation simulation{options};
    simulation.run_for(seconds{20});
    const auto chain = simulation.view(0).chain().id();
    const auto transfer = make_transfer(chain, {});
    const auto id = ledger::transaction_id(chain, transfer);
    const auto command = simulation.command(0, node::PushTransaction{transfer});
    REQUIRE(simulation.run_until(
        [&] {
            for (std::size_t i = 0; i < simulation.size(); ++i)
                if (!simulation.view(i).pool().contains(id))
                    return false;
            return true;
        },
        seconds{10}
    ));
    REQUIRE(simulation.reply(command) != nullptr);
    CHECK(simulation.reply(command)->has_value());
    simulation.command(5, node::MineBlocks{.count = 1, .body = {}});
    REQUIRE(simulation.run_until(
        [&] { return simulation.is_agreed() && height_of(simulation, 0) == 1; }, seconds{20}
    ));
    for (std::size_t i = 0; i < simulation.size(); ++i) {
        CHECK(simulation.view(i).pool().size() == 0);
        CHECK(simulation.view(i).chain().find_transaction(id).value().has_value());
    }
    check_clean(simulation, 2);
}

TEST_CASE("Network: delayed transactions reach every pool, each run alike", "[sim][G1]") {
    const auto trace_of = [](std::uint64_t seed) {
        auto options = easy_options(seed, 6);
        options.miners = 0;
        options.configure = [](std::size_t, node::NodeConfig& config) { config.tx_privacy = true; };
        sim::Simulation simulation{options};
        simulation.run_for(seconds{20});
        const auto chain = simulation.view(0).chain().id();
        for (std::uint64_t nonce = 0; nonce < 3; ++nonce)
            simulation.command(0, node::PushTransaction{make_transfer(chain, {.nonce = nonce})});
        CHECK(simulation.run_until(
            [&] {
                for (std::size_t i = 0; i < simulation.size(); ++i)
                    if (simulation.view(i).pool().size() < 3)
                        return false;
                return true;
            },
            minutes{2}
        ));
        check_clean(simulation, seed);
        return simulation.trace_hash();
    };
    CHECK(trace_of(3) == trace_of(3));
}

TEST_CASE("Network: of two transactions with one nonce exactly one is mined", "[sim][M5]") {
    for (const std::uint64_t seed : {6U, 7U, 8U}) {
        auto options = easy_options(seed, 6);
        options.miners = 0;
        sim::Simulation simulation{options};
        simulation.run_for(seconds{20});
        const auto chain = simulation.view(0).chain().id();
        const auto one = make_transfer(chain, {.from = 0, .to = 1, .amount = 10});
        const auto other = make_transfer(chain, {.from = 0, .to = 2, .amount = 20});
        simulation.partition({0, 0, 0, 1, 1, 1});
        simulation.command(0, node::PushTransaction{one});
        simulation.command(5, node::PushTransaction{other});
        simulation.run_for(seconds{5});
        simulation.heal();
        simulation.run_for(seconds{5});
        simulation.command(3, node::MineBlocks{.count = 1, .body = {}});
        REQUIRE(simulation.run_until(
            [&] { return simulation.is_agreed() && height_of(simulation, 0) == 1; }, minutes{5}
        ));
        for (std::size_t i = 0; i < simulation.size(); ++i) {
            const auto& view = simulation.view(i);
            const auto is_mined = [&](const ledger::Transaction& transaction) {
                const auto id = ledger::transaction_id(chain, transaction);
                return view.chain().find_transaction(id).value().has_value();
            };
            CHECK(is_mined(other));
            CHECK_FALSE(is_mined(one));
            CHECK(view.pool().size() == 0);
        }
        check_clean(simulation, seed);
    }
}

namespace {

/// Counts, for each node, the bodies that others sent it, and all messages but pings.
struct Counter {
    std::map<std::size_t, std::size_t> transactions;
    std::map<std::size_t, std::size_t> blocks;
    std::size_t messages = 0;

    void count(std::size_t to, ByteView bytes) {
        wire::FrameDecoder decoder{wire::ready_limits};
        decoder.feed(bytes);
        while (const auto payload = decoder.next()) {
            const auto decoded = wire::decode_message(*payload);
            REQUIRE(decoded.has_value());
            if (std::holds_alternative<wire::Ping>(decoded->message) ||
                std::holds_alternative<wire::Pong>(decoded->message))
                continue;
            ++messages;
            if (const auto* sent = std::get_if<wire::Transactions>(&decoded->message))
                transactions[to] += sent->transactions.size();
            if (std::holds_alternative<wire::BlockMessage>(decoded->message))
                ++blocks[to];
        }
    }
};

}  // namespace

TEST_CASE("Network: in a mesh of twenty everything comes once and then is quiet", "[sim][G1]") {
    constexpr std::size_t nodes = 20;
    auto options = easy_options(3, nodes);
    options.miners = 0;
    Counter counter;
    options.observe = [&](std::size_t, std::size_t to, ByteView bytes) {
        counter.count(to, bytes);
    };
    sim::Simulation simulation{options};
    simulation.run_for(minutes{2});
    std::size_t links = 0;
    for (std::size_t i = 0; i < nodes; ++i)
        links += simulation.view(i).peers().size();
    CHECK(links >= nodes * 8);

    const auto check_quiet = [&] {
        // An offer, a question and an answer over each link, in each direction at most.
        CHECK(counter.messages <= links * 3);
        counter.messages = 0;
        simulation.run_for(seconds{5});
        CHECK(counter.messages == 0);
    };
    counter = {};
    simulation.command(
        0, node::PushTransaction{make_transfer(simulation.view(0).chain().id(), {})}
    );
    simulation.run_for(seconds{5});
    check_quiet();
    for (std::size_t i = 1; i < nodes; ++i)
        CHECK(counter.transactions[i] == 1);
    simulation.command(7, node::MineBlocks{.count = 1, .body = {}});
    REQUIRE(simulation.run_until(
        [&] { return simulation.is_agreed() && height_of(simulation, 0) == 1; }, minutes{1}
    ));
    simulation.run_for(seconds{5});
    check_quiet();
    for (std::size_t i = 0; i < nodes; ++i)
        CHECK(counter.blocks[i] <= (i == 7 ? 0U : 2U));
}

TEST_CASE("Network: a fresh node catches up from its peers", "[sim]") {
    auto options = easy_options(4, 4);
    sim::Simulation simulation{options};
    simulation.crash(3);
    simulation.command(0, node::MineBlocks{.count = 500, .body = {}});
    REQUIRE(simulation.run_until([&] { return height_of(simulation, 0) >= 500; }, minutes{5}));
    simulation.restart(3);
    CHECK(simulation.run_until([&] { return simulation.is_agreed(); }, seconds{60}));
    CHECK(height_of(simulation, 3) >= 500);
    check_clean(simulation, 4);
    check_disks(simulation);
}

}  // namespace cairn::test
