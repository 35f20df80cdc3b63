// Speed of the state: `limit_x` is the hashing that the work cannot do without, `cairn_x` the work.
#include "cairn/base/random.hpp"
#include "cairn/crypto/merkle.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/state/overlay.hpp"
#include "cairn/state/state.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>

namespace cairn::state {

namespace {

constexpr std::size_t accounts = 1'000'000;
constexpr std::size_t changes_a_block = 10'000;
/// Nodes above 10,000 random leaves of a million: about 10,000 * (log2(100) + 2).
constexpr std::size_t stale_nodes = 86'000;

ledger::AccountId account_number(std::uint64_t number) {
    return crypto::sha256(as_bytes(std::to_string(number))).as<ledger::AccountId>();
}

State& large_state() {
    static const auto shared = [] {
        auto state = std::make_unique<State>(std::uint64_t{12345});
        const State empty{1};
        for (std::size_t first = 0; first < accounts; first += 100'000) {
            Overlay overlay{empty};
            for (std::size_t i = first; i < first + 100'000; ++i)
                overlay.write_account(account_number(i), {Amount{i + 1'000'000}, Nonce{1}});
            state->apply(overlay.diff());
        }
        benchmark::DoNotOptimize(state->root());
        return state;
    }();
    return *shared;
}

void limit_root_hashes(benchmark::State& bench) {
    Hash256 left;
    for (auto _ : bench) {
        for (std::size_t i = 0; i < stale_nodes + changes_a_block * 2; ++i)
            left = crypto::node_hash(left, left);
    }
    benchmark::DoNotOptimize(left);
}

BENCHMARK(limit_root_hashes)->Unit(benchmark::kMillisecond);

StateDiff random_changes(Random& random, const State& state) {
    Overlay overlay{state};
    for (std::size_t i = 0; i < changes_a_block; ++i) {
        const auto account = account_number(random.below(accounts));
        auto value = read_account(overlay, account);
        value.balance.value += 1;
        overlay.write_account(account, value);
    }
    return overlay.diff();
}

void cairn_apply_and_root(benchmark::State& bench) {
    auto& state = large_state();
    Random random{1};
    for (auto _ : bench) {
        bench.PauseTiming();
        const auto diff = random_changes(random, state);
        bench.ResumeTiming();
        state.apply(diff);
        benchmark::DoNotOptimize(state.root());
    }
}

BENCHMARK(cairn_apply_and_root)->Unit(benchmark::kMillisecond);

void cairn_overlay_and_diff(benchmark::State& bench) {
    const auto& state = large_state();
    Random random{1};
    for (auto _ : bench)
        benchmark::DoNotOptimize(random_changes(random, state));
}

BENCHMARK(cairn_overlay_and_diff)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace cairn::state
