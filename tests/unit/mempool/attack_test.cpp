// Floods and tricks that other pools have fallen for, scaled down: the rules are those of the full
// size.
#include "tests/support/pool_fixture.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace cairn::test {

using mempool::MempoolLimits;

namespace {

constexpr std::uint64_t rich = 1'000'000'000'000;

/// A chain whose first `count` accounts are rich.
ledger::ChainSpec rich_spec(std::uint64_t count) {
    auto spec = instant_spec();
    spec.balances.clear();
    for (std::uint64_t i = 0; i < count; ++i)
        spec.balances.push_back({.account = account_number(i), .amount = Amount{rich}});
    return spec;
}

/// Each sender's selected nonces start at its own and have no gap.
void check_gapless(PoolFixture& fixture) {
    std::map<ledger::AccountId, std::uint64_t> next;
    for (const auto* one : fixture.pool.select(100'000'000))
        REQUIRE(one->transaction().nonce.value == next[one->transaction().from]++);
}

/// `transactions` of low fees from `senders` accounts, every other one above a gap, into a pool of
/// `bound` bytes: it stays within them, and one that pays well is mined in the next block.
void flood(std::uint64_t senders, std::uint64_t transactions, std::size_t bound) {
    PoolFixture fixture{{.bytes_max = bound}, rich_spec(senders + 1)};
    Random random{7};
    std::size_t taken = 0;
    for (std::uint64_t i = 0; i < transactions; ++i) {
        const auto nonce = i / senders * 2 % 1'100;
        taken += fixture.pool
                     .add(
                         fixture.make(
                             {.from = i % senders,
                              .to = senders,
                              .fee = 100 + random.below(50),
                              .nonce = i % 2 == 0 ? nonce : nonce / 2}
                         ),
                         after({})
                     )
                     .has_value();
        REQUIRE(fixture.pool.bytes() <= bound);
    }
    CHECK(taken > 100);
    check_gapless(fixture);
    if (senders > 1)
        CHECK(fixture.pool.floor_fee(after({})) > 1);
    // Whoever pays well is in, and first.
    const auto urgent = fixture.make({.from = senders, .to = 0, .fee = 100'000});
    CHECK(fixture.add(urgent) == "pending");
    CHECK(fixture.pool.bytes() <= bound);
    CHECK(fixture.pool.select(100'000).at(0) == urgent.get());
}

}  // namespace

// Scaled: 1 MB instead of 512 MiB, twice 30,000 transactions instead of a million. The pool counts
// for each transaction what tests/bench/mempool_bench.cpp measures, so the bound on the count is
// one on the memory.
TEST_CASE("Mempool: a flood of low fees stays within the bound and is outbid", "[mempool][M1]") {
    flood(GENERATE(1U, 300U), 30'000, 1'000'000);
}

// The document of a genesis block holds no more than so many senders; every other one sends what
// waits for a nonce, so more than a million are needed to fill the pool.
TEST_CASE("Mempool: a million low fees stay within 512 MiB", "[.][nightly][M1]") {
    flood(GENERATE(1U, 10'000U), 1'300'000, mempool::MempoolLimits{}.bytes_max);
}

TEST_CASE("Mempool: future transactions with high fees evict nothing", "[mempool][M2]") {
    PoolFixture fixture{{.bytes_max = 100'000}, rich_spec(130)};
    for (std::uint64_t from = 0; from < 50; ++from)
        REQUIRE(fixture.add({.from = from, .fee = 1}) == "pending");
    const auto pending = fixture.selection(1'000'000);
    for (std::uint64_t i = 0; i < 5'120; ++i)
        fixture.add({.from = 50 + i % 80, .fee = 1'000'000, .nonce = 1 + i / 80});
    CHECK(fixture.selection(1'000'000) == pending);
    CHECK(fixture.pool.bytes() <= 100'000);
}

TEST_CASE("Mempool: of 5120 full-balance transactions the payable are kept", "[mempool][M3]") {
    const std::uint64_t payable = GENERATE(1U, 3U);
    PoolFixture fixture{{}, rich_spec(2)};
    std::size_t taken = 0;
    for (std::uint64_t nonce = 0; nonce < 5'120; ++nonce)
        taken +=
            fixture.pool
                .add(
                    fixture.make({.from = 0, .amount = rich / payable - 9, .fee = 9, .nonce = nonce}
                    ),
                    after({})
                )
                .has_value();
    CHECK(taken == payable);
    CHECK(fixture.pool.size() == payable);
    CHECK(fixture.pool.projected(account_number(0)).balance.value == rich % payable);
    CHECK(fixture.pool.projected(account_number(0)).nonce == Nonce{payable});
}

TEST_CASE("Mempool: what is evicted never paid more than what came in", "[mempool][M4][M6]") {
    Random random{11};
    PoolFixture fixture{{.bytes_max = 60'000}, rich_spec(20)};
    // Since the first one left: the fees of what came in and of what went.
    std::uint64_t paid = 0;
    std::uint64_t lost = 0;
    for (int step = 0; step < 3'000; ++step) {
        const auto from = random.below(20);
        const auto next = fixture.pool.projected(account_number(from)).nonce.value;
        const auto back = random.below(std::min<std::uint64_t>(next, 3) + 1);
        std::map<TxId, mempool::TransactionPointer> before;
        for (const auto& one : fixture.pool.list(1'000))
            before[one->id()] = one;
        const auto newcomer = fixture.make(
            {.from = from, .to = 1, .fee = 1 + random.below(10'000), .nonce = next - back}
        );
        fixture.dropped.clear();
        const bool is_taken = fixture.add(newcomer) == "pending";
        for (const auto& dropped : fixture.dropped) {
            const auto& gone = *before.at(dropped.id);
            REQUIRE(mempool::fee_rate_of(gone) <= mempool::fee_rate_of(*newcomer));
            lost += gone.transaction().fee.value;
        }
        if (is_taken && lost > 0)
            paid += newcomer->transaction().fee.value;
        REQUIRE(lost <= paid);
        REQUIRE(fixture.pool.bytes() <= 60'000);
        check_gapless(fixture);
    }
}

// Selections alone, by hand: the template itself and its two limits are the miner's tests.
TEST_CASE("Mempool: a selection of any pool makes a valid block", "[mempool][M9]") {
    Random random{13};
    for (int run = 0; run < 200; ++run) {
        PoolFixture fixture{{}, rich_spec(4)};
        for (int i = 0; i < 40; ++i)
            fixture.add(
                {.from = random.below(4),
                 .to = random.below(6),
                 .amount = random.below(rich / 4),
                 .fee = random.below(50),
                 .nonce = random.below(8)}
            );
        const auto selected = fixture.pool.select(random.below(3'000));
        ledger::Transaction coinbase;
        Amount reward = ledger::subsidy_at(fixture.spec.rewards, Height{1});
        std::vector<ledger::Transaction> transactions(1);
        for (const auto* one : selected) {
            transactions.push_back(one->transaction());
            reward.value += one->transaction().fee.value;
        }
        transactions[0].payload = ledger::Coinbase{Height{1}, account_number(9), reward, {}};
        REQUIRE(
            execution::execute_block(fixture.chain().state(), fixture.spec, Height{1}, transactions)
                .has_value()
        );
    }
}

}  // namespace cairn::test
