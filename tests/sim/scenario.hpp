/// Simulations that the tests start from.
#pragma once

#include "tests/support/chain_fixture.hpp"

#include "cairn/sim/invariants.hpp"
#include "cairn/sim/simulation.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Easy proof of work, a block a second on average from each miner.
inline sim::SimulationOptions easy_options(std::uint64_t seed, std::size_t nodes) {
    sim::SimulationOptions options;
    options.seed = seed;
    options.nodes = nodes;
    options.spec = easy_work_spec();
    options.start = UnixMillis{options.spec.time.value + 86'400'000};
    return options;
}

/// Fails with the seed and every violation, so that a run can be repeated.
inline void check_clean(const sim::Simulation& simulation, std::uint64_t seed) {
    for (const auto& violation : simulation.violations())
        FAIL_CHECK(
            "seed " << seed << ", node " << violation.node << ", at "
                    << violation.at.since_start.count() << " us: " << violation.rule
        );
}

/// Every node's disk, opened again, replays to what it says.
inline void check_disks(const sim::Simulation& simulation) {
    for (std::size_t i = 0; i < simulation.size(); ++i)
        if (simulation.is_alive(i))
            CHECK(sim::check_disk(simulation.view(i).chain(), simulation.store(i)) == std::nullopt);
}

inline std::uint64_t height_of(const sim::Simulation& simulation, std::size_t node) {
    return simulation.view(node).chain().tip().height().value;
}

}  // namespace cairn::test
