#include "tests/sim/scenario.hpp"

#include <catch2/catch.hpp>

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

TEST_CASE("Network: a message loop does not arise", "[sim][G1]") {
    auto options = easy_options(3, 8);
    options.miners = 0;
    sim::Simulation simulation{options};
    simulation.run_for(seconds{25});
    const auto transfer = make_transfer(simulation.view(0).chain().id(), {});
    simulation.command(0, node::PushTransaction{transfer});
    simulation.run_for(seconds{5});
    const auto after_spread = simulation.sendings();
    simulation.run_for(seconds{5});
    // Only pings remain: at most one and its answer for each link and direction.
    CHECK(simulation.sendings() - after_spread <= 8 * 7 * 2);
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
