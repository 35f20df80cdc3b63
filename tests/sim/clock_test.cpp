#include "tests/sim/scenario.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;
/// Far enough to stand at 1970, where a clock without a battery starts.
constexpr std::int64_t since_1970_ms = 60LL * 365 * day_ms;

/// Four nodes, all of them miners but the last.
sim::SimulationOptions clock_options(std::uint64_t seed) {
    auto options = easy_options(seed, 4);
    options.miners = 3;
    options.spec.engine.block_interval_ms = 20'000;
    return options;
}

/// Node 0 has a wrong clock for a while; the others go on, and all agree when it is set right.
void run_with_clock(std::uint64_t seed, std::int64_t offset_ms) {
    INFO("seed " << seed << ", clock off by " << offset_ms << " ms");
    sim::Simulation simulation{clock_options(seed)};
    simulation.run_for(minutes{1});
    simulation.set_clock(0, offset_ms);
    const auto start = height_of(simulation, 3);
    REQUIRE(
        simulation.run_until([&] { return height_of(simulation, 3) >= start + 20; }, minutes{20})
    );
    // Whoever trusts its own clock alone cannot be pulled along by the wrong one.
    const auto latest = simulation.now().wall.value + 10 * 20'000;
    CHECK(simulation.view(3).chain().tip().head.header.time.value <= latest);
    simulation.set_clock(0, 0);
    CHECK(simulation.run_until([&] { return simulation.is_agreed(); }, minutes{10}));
    check_clean(simulation, seed);
    check_disks(simulation);
}

}  // namespace

TEST_CASE("Clocks: one that is wrong by an hour or a day does not stop the others", "[sim][T1]") {
    std::uint64_t seed = 60;
    for (const auto offset : {hour_ms, -hour_ms, day_ms, -day_ms, -since_1970_ms})
        run_with_clock(++seed, offset);
}

TEST_CASE("Clocks: jumps and steps back while it runs do no harm to a miner", "[sim][T1]") {
    sim::Simulation simulation{clock_options(71)};
    for (const std::int64_t offset : {2'000, 0, -30'000, 90'000, 89'000, -1'000, 0}) {
        simulation.run_for(seconds{90});
        simulation.set_clock(1, offset);
    }
    const auto before = height_of(simulation, 3);
    CHECK(simulation.run_until([&] { return height_of(simulation, 3) > before; }, minutes{5}));
    CHECK(simulation.run_until([&] { return simulation.is_agreed(); }, minutes{5}));
    check_clean(simulation, 71);
}

TEST_CASE("Clocks: a wrong wall clock wakes no timer more often", "[sim][T1][T4]") {
    const auto inputs_with = [](std::int64_t offset_ms) {
        auto options = clock_options(81);
        options.miners = 0;
        sim::Simulation simulation{options};
        simulation.run_for(minutes{2});
        const auto peers = simulation.view(2).peers().size();
        const auto before = simulation.inputs(2);
        simulation.set_clock(2, offset_ms);
        simulation.run_for(minutes{10});
        // Timeouts follow the steady clock: nobody is dropped.
        CHECK(simulation.view(2).peers().size() == peers);
        return simulation.inputs(2) - before;
    };
    const auto usual = inputs_with(0);
    for (const auto offset : {day_ms, -day_ms, -since_1970_ms})
        CHECK(inputs_with(offset) <= usual + usual / 10);
}

TEST_CASE("Clocks: blocks from a fast clock are taken when they are due", "[sim][T1][K5]") {
    auto options = clock_options(91);
    options.miners = 1;
    sim::Simulation simulation{options};
    simulation.run_for(seconds{30});
    simulation.set_clock(0, hour_ms);
    simulation.run_for(minutes{10});
    const auto ahead = height_of(simulation, 0);
    const auto behind = height_of(simulation, 3);
    CHECK(ahead > behind + 5);
    simulation.set_clock(0, 0);
    CHECK(simulation.run_until(
        [&] { return simulation.is_agreed() && height_of(simulation, 3) >= ahead; }, minutes{75}
    ));
    check_clean(simulation, 91);
}

}  // namespace cairn::test
