// Speed of executing a full block whose signatures are known: `limit_x` looks the same accounts up
// in a bare map, `cairn_x` executes the block.
#include "cairn/base/random.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/state/state.hpp"

#include <absl/container/flat_hash_map.h>
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace cairn::execution {

namespace {

constexpr std::size_t accounts = 1'000'000;
/// Transfers that fill a block of 2 MB.
constexpr std::size_t transfers = 13'000;
constexpr Height height{1};

ledger::AccountId account_number(std::uint64_t number) {
    return crypto::sha256(as_bytes(std::to_string(number))).as<ledger::AccountId>();
}

state::State& large_state() {
    static const auto shared = [] {
        auto made = std::make_unique<state::State>(std::uint64_t{12345});
        const state::State empty{1};
        for (std::size_t first = 0; first < accounts; first += 100'000) {
            state::Overlay overlay{empty};
            for (std::size_t i = first; i < first + 100'000; ++i)
                overlay.write_account(account_number(i), {Amount{1'000'000}, Nonce{0}});
            made->apply(overlay.diff());
        }
        benchmark::DoNotOptimize(made->root());
        return made;
    }();
    return *shared;
}

/// A valid block of random transfers; each account sends at most once.
const std::vector<ledger::Transaction>& full_block() {
    static const auto shared = [] {
        Random random{1};
        std::vector<ledger::Transaction> made(transfers + 1);
        made[0].payload = ledger::Coinbase{height, account_number(0), Amount{transfers}, {}};
        for (std::size_t i = 1; i <= transfers; ++i) {
            made[i].from = account_number(i * (accounts / transfers));
            made[i].fee = Amount{1};
            made[i].payload =
                ledger::Transfer{account_number(random.below(accounts)), Amount{100}, {}};
        }
        return made;
    }();
    return shared;
}

void limit_map_lookups(benchmark::State& bench) {
    absl::flat_hash_map<std::array<std::uint8_t, 32>, state::AccountState> map;
    for (std::size_t i = 0; i < accounts; ++i)
        map[account_number(i).bytes] = {Amount{1'000'000}, Nonce{0}};
    for (auto _ : bench) {
        for (std::size_t i = 1; i <= transfers; ++i) {
            const auto& transaction = full_block()[i];
            map[transaction.from.bytes].balance.value -= 1;
            map[std::get<ledger::Transfer>(transaction.payload).to.bytes].balance.value += 1;
        }
    }
    bench.SetItemsProcessed(bench.iterations() * static_cast<std::int64_t>(transfers));
}

BENCHMARK(limit_map_lookups)->Unit(benchmark::kMillisecond);

void cairn_execute_block(benchmark::State& bench) {
    const ledger::ChainSpec spec;
    const auto& state = large_state();
    for (auto _ : bench) {
        const auto diff = execute_block(state, spec, height, full_block());
        if (!diff)
            bench.SkipWithError("a valid block was refused");
        benchmark::DoNotOptimize(diff);
    }
    bench.SetItemsProcessed(bench.iterations() * static_cast<std::int64_t>(transfers));
}

BENCHMARK(cairn_execute_block)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace cairn::execution
