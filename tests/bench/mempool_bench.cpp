// Speed of the pool with 100,000 transactions: `limit_verify` checks one bare signature, which is
// what admission to a node costs at least; `cairn_x` runs the pool, whose transactions are checked
// already, and the template with its roots.
#include "tests/support/memory_store.hpp"

#include "cairn/crypto/sha256.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/miner/block_template.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <memory>
#include <string>
#include <vector>

namespace cairn::mempool {

namespace {

constexpr std::size_t pending = 100'000;
constexpr std::uint64_t amount = 100;

ledger::AccountId account_number(std::uint64_t number) {
    return crypto::sha256(as_bytes(std::to_string(number))).as<ledger::AccountId>();
}

/// `transaction` taken for checked; the pool looks at no signature.
TransactionPointer make_checked(const ChainId& chain, ledger::Transaction transaction) {
    const auto id = ledger::transaction_id(chain, transaction);
    return std::make_shared<const execution::CheckedTransaction>(
        execution::CheckedTransaction::from_checked_block(std::move(transaction), id)
    );
}

TransactionPointer make_transfer(
    const ChainId& chain, const ledger::AccountId& from, std::uint64_t nonce, std::uint64_t fee
) {
    ledger::Transaction transaction;
    transaction.from = from;
    transaction.nonce = Nonce{nonce};
    transaction.fee = Amount{fee};
    transaction.payload = ledger::Transfer{account_number(fee), Amount{amount}, {}};
    return make_checked(chain, std::move(transaction));
}

/// A transfer of nothing without a fee.
TransactionPointer make_free(const ChainId& chain, const ledger::AccountId& from) {
    ledger::Transaction transaction;
    transaction.from = from;
    transaction.payload = ledger::Transfer{from, Amount{0}, {}};
    return make_checked(chain, std::move(transaction));
}

/// A chain whose funded accounts are few, so each sends a run: 400 senders of 250 each.
struct World {
    static constexpr std::size_t senders = 400;

    World() {
        spec.name = "bench";
        spec.prefix = "bnc";
        spec.engine.kind = ledger::EngineKind::instant_seal;
        spec.engine.retarget = false;
        for (std::uint64_t i = 0; i < senders; ++i)
            spec.balances.push_back({account_number(i), Amount{1'000'000'000}});
        spec.time = UnixMillis{1'700'000'000'000};
        engine = consensus::make_engine(spec.engine);
        chain = std::move(chain::Blockchain::open(spec, *engine, store, 1).value());
        for (std::uint64_t i = 0; i < pending; ++i)
            transactions.push_back(make_transfer(
                chain->id(),
                spec.balances[i % senders].account,
                i / senders,
                1'000 + i * 7'919 % pending
            ));
    }

    ledger::ChainSpec spec;
    std::unique_ptr<consensus::Engine> engine;
    test::MemoryStore store;
    std::unique_ptr<chain::Blockchain> chain;
    std::vector<TransactionPointer> transactions;
};

World& world() {
    static const auto shared = std::make_unique<World>();
    return *shared;
}

std::unique_ptr<Mempool> full_pool() {
    auto pool = std::make_unique<Mempool>(*world().chain, MempoolLimits{}, 1);
    for (const auto& transaction : world().transactions)
        if (!pool->add(transaction, Time{}))
            return nullptr;
    return pool;
}

void limit_verify(benchmark::State& bench) {
    const auto key = ledger::development_key(0);
    const auto message = crypto::sha256(as_bytes("message"));
    ledger::Transaction transaction;
    ledger::sign_transaction(key, world().chain->id(), transaction);
    crypto::SignatureVerifier verifier{1};
    for (auto _ : bench)
        benchmark::DoNotOptimize(verifier.verify(key.public_key(), message, transaction.signature));
    bench.SetItemsProcessed(bench.iterations());
}

BENCHMARK(limit_verify)->Unit(benchmark::kMicrosecond);

void cairn_admission(benchmark::State& bench) {
    static_cast<void>(world());
    for (auto _ : bench)
        if (!full_pool())
            bench.SkipWithError("a payable transaction was refused");
    bench.SetItemsProcessed(bench.iterations() * static_cast<std::int64_t>(pending));
}

BENCHMARK(cairn_admission)->Unit(benchmark::kMillisecond);

void cairn_select(benchmark::State& bench) {
    const auto pool = full_pool();
    for (auto _ : bench)
        benchmark::DoNotOptimize(pool->select(ledger::block_bytes_max));
}

BENCHMARK(cairn_select)->Unit(benchmark::kMillisecond);

void cairn_template(benchmark::State& bench) {
    const auto pool = full_pool();
    const miner::TemplateOptions options{.coinbase = account_number(0), .body = {}};
    for (auto _ : bench)
        benchmark::DoNotOptimize(
            miner::make_template(*world().chain, *pool, options, world().spec.time)
        );
}

BENCHMARK(cairn_template)->Unit(benchmark::kMillisecond);

/// A page in the midst of the pool, of as many as `mempool` gives unasked, and back again.
void cairn_page(benchmark::State& bench) {
    constexpr std::size_t page = 1'000;
    const auto pool = full_pool();
    const auto middle = pool->list({.count = pending / 2}).back().number;
    for (auto _ : bench) {
        benchmark::DoNotOptimize(pool->list({.from = middle, .count = page + 1}));
        benchmark::DoNotOptimize(
            pool->list({.from = middle, .order = ArrivalOrder::newest_first, .count = page + 1})
        );
    }
}

BENCHMARK(cairn_page)->Unit(benchmark::kMicrosecond);

/// Bytes that the pool says it has, beside those that the allocator gave out: with one sender for
/// each transaction, the dearest case. What costs nothing needs no balance.
void cairn_memory(benchmark::State& bench) {
    const auto& chain = *world().chain;
    for (auto _ : bench) {
        const auto before = mallinfo2();
        Mempool pool{chain, MempoolLimits{.fee_rate_min = 0}, 1};
        for (std::uint64_t i = 0; i < pending; ++i)
            if (!pool.add(make_free(chain.id(), account_number(pending + i)), Time{}))
                bench.SkipWithError("a free transaction was refused");
        const auto after = mallinfo2();
        const auto used = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
        bench.counters["allocated"] = static_cast<double>(used);
        bench.counters["counted"] = static_cast<double>(pool.bytes());
    }
}

BENCHMARK(cairn_memory)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace

}  // namespace cairn::mempool
