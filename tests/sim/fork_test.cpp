#include "tests/sim/scenario.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

namespace cairn::test {

namespace {

/// Two halves mine apart and are joined: loss, duplication and crashes all the while.
void run_split_and_heal(std::uint64_t seed) {
    INFO("seed " << seed);
    auto options = easy_options(seed, 6);
    options.miners = 6;
    // Slow against a lost message's time-out, so that there are moments of agreement to wait for.
    options.spec.engine.block_interval_ms = 20'000;
    options.network.loss_per_mille = 50;
    options.network.duplicates_per_mille = 20;
    sim::Simulation simulation{options};
    simulation.run_for(seconds{15});
    simulation.partition({0, 0, 0, 1, 1, 1});
    const auto chain = simulation.view(0).chain().id();
    const auto left = make_transfer(chain, {.from = 0, .to = 1, .amount = 100});
    const auto right = make_transfer(chain, {.from = 2, .to = 3, .amount = 200});
    simulation.command(0, node::PushTransaction{left});
    simulation.command(5, node::PushTransaction{right});
    const auto start = height_of(simulation, 0);
    REQUIRE(
        simulation.run_until([&] { return height_of(simulation, 0) >= start + 50; }, minutes{30})
    );
    const auto victim = 1 + seed % 4;
    simulation.crash(victim);
    simulation.run_for(seconds{3});
    simulation.restart(victim);
    simulation.heal();
    REQUIRE(simulation.run_until(
        [&] {
            const auto& view = simulation.view(0).chain();
            for (const auto& transaction : {left, right})
                if (!view.find_transaction(ledger::transaction_id(chain, transaction)).value())
                    return false;
            return simulation.is_agreed();
        },
        minutes{10}
    ));
    check_clean(simulation, seed);
    check_disks(simulation);
}

}  // namespace

TEST_CASE("Forks: two halves agree after healing, and nothing is lost", "[sim][G10]") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed)
        run_split_and_heal(seed);
}

TEST_CASE("Forks: 200 seeds after the one that CAIRN_SEED names", "[.][nightly]") {
    const auto* text = std::getenv("CAIRN_SEED");
    const auto first = text == nullptr ? 1'000 : std::strtoull(text, nullptr, 10);
    for (std::uint64_t seed = first; seed < first + 200; ++seed)
        run_split_and_heal(seed);
}

TEST_CASE("Forks: a conflicting transaction is mined on one side alone", "[sim][M5]") {
    auto options = easy_options(31, 4);
    options.miners = 4;
    sim::Simulation simulation{options};
    simulation.run_for(seconds{15});
    simulation.partition({0, 0, 1, 1});
    const auto chain = simulation.view(0).chain().id();
    const auto one = make_transfer(chain, {.from = 0, .to = 1, .amount = 100});
    const auto two = make_transfer(chain, {.from = 0, .to = 2, .amount = 200});
    simulation.command(0, node::PushTransaction{one});
    simulation.command(3, node::PushTransaction{two});
    simulation.run_for(seconds{10});
    simulation.heal();
    REQUIRE(simulation.run_until([&] { return simulation.is_agreed(); }, minutes{2}));
    simulation.run_for(seconds{5});
    const auto& view = simulation.view(0);
    const auto has = [&](const ledger::Transaction& transaction) {
        return view.chain()
            .find_transaction(ledger::transaction_id(chain, transaction))
            .value()
            .has_value();
    };
    CHECK(has(one) != has(two));
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(simulation.view(i).pool().size() == 0);
    check_clean(simulation, 31);
}

TEST_CASE("Forks: crashes at random moments lose nothing committed", "[sim][D1]") {
    auto options = easy_options(41, 4);
    options.miners = 2;
    sim::Simulation simulation{options};
    Random random{41};
    for (int i = 0; i < 50; ++i) {
        simulation.run_for(milliseconds{100 + random.below(3'000)});
        const auto victim = random.below(4);
        simulation.crash(victim);
        simulation.run_for(milliseconds{random.below(2'000)});
        const auto committed = simulation.store(victim).active.rbegin()->first;
        simulation.restart(victim);
        CHECK(height_of(simulation, victim) == committed.value);
    }
    CHECK(simulation.run_until([&] { return simulation.is_agreed(); }, minutes{2}));
    check_clean(simulation, 41);
    check_disks(simulation);
}

}  // namespace cairn::test
