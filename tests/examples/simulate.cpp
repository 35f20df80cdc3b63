/// Runs four nodes under virtual time: one mines, the others follow, also after the network was
/// split for a minute. The same seed gives the same run, down to the digest that is printed.
#include "cairn/ledger/chain_spec.hpp"
#include "cairn/sim/simulation.hpp"

#include <iostream>

int main() {
    using namespace cairn;

    sim::SimulationOptions options;
    options.seed = 42;
    options.nodes = 4;
    options.spec = ledger::built_in_chain("dev").value();
    options.start = UnixMillis{options.spec.time.value + 86'400'000};
    options.network.loss_per_mille = 10;
    sim::Simulation simulation{options};

    const auto agree_above = [&](std::uint64_t height) {
        return simulation.run_until(
            [&] {
                return simulation.is_agreed() &&
                       simulation.view(0).chain().tip().height().value >= height;
            },
            std::chrono::minutes{5}
        );
    };
    bool is_good = agree_above(10);
    // The miner alone on one side.
    simulation.partition({0, 1, 1, 1});
    simulation.run_for(std::chrono::minutes{1});
    simulation.heal();
    is_good = agree_above(20) && is_good && simulation.violations().empty();

    std::cout << "height " << simulation.view(0).chain().tip().height().value << ", "
              << simulation.bytes_sent() << " bytes sent, trace " << simulation.trace_hash() << '\n'
              << (is_good ? "all nodes agree" : "the nodes do not agree, or broke an invariant")
              << '\n';
    return is_good ? 0 : 1;
}
