#include "tests/support/pool_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

namespace {

/// Blocks so small that three transfers of the tests fill one.
ledger::ChainSpec small_blocks_spec() {
    auto spec = instant_spec();
    spec.limits.block_bytes = 630;
    return spec;
}

struct FeeFixture : PoolFixture {
    FeeFixture() : PoolFixture{{}, small_blocks_spec()} {}

    /// Connects a block of `count` transfers that pay `fee` each.
    void mine(std::size_t count, std::uint64_t fee = 1'000) {
        std::vector<TransferOptions> transfers;
        for (std::size_t i = 0; i < count; ++i)
            transfers.push_back({.from = 0, .to = 1, .fee = fee, .nonce = nonce++});
        connect(block_of(chain().tip().hash, transfers));
    }

    std::uint64_t rate(std::uint64_t blocks) { return pool.estimate_fee(blocks, after({})).rate; }

    std::uint64_t nonce = 0;
};

}  // namespace

TEST_CASE_METHOD(FeeFixture, "Fees: a young chain recommends the usual fee", "[mempool][fees]") {
    for (const std::uint64_t blocks : {1U, 3U, 10U}) {
        const auto estimate = pool.estimate_fee(blocks, after({}));
        CHECK(estimate.rate == mempool::fee_rate_usual);
        CHECK(estimate.blocks == blocks);
        CHECK(estimate.chance_percent == 100);
    }
    for (int i = 0; i < 9; ++i)
        mine(0);
    CHECK(rate(1) == mempool::fee_rate_usual);
    mine(0);
    CHECK(rate(1) == mempool::fee_rate_min_default);
}

TEST_CASE_METHOD(FeeFixture, "Fees: full blocks raise what the next one takes", "[mempool][fees]") {
    for (int i = 0; i < 10; ++i)
        mine(3, 1'000);
    const auto size = make({.fee = 1'000})->size();
    const auto needed = 1'000 * 1'000 / size + 1;
    CHECK(rate(1) == needed);
    CHECK(rate(10) == needed);
    // Of three blocks in a row one has room left.
    for (int i = 0; i < 30; ++i)
        mine(i % 3 == 0 ? 0 : 3, 1'000);
    CHECK(rate(1) == needed);
    CHECK(rate(10) == 1);
    CHECK(pool.estimate_fee(1, after({})).chance_percent == 100);
}

TEST_CASE_METHOD(FeeFixture, "Fees: what waits in front counts", "[mempool][fees]") {
    for (int i = 0; i < 10; ++i)
        mine(0);
    for (std::uint64_t i = 0; i < 4; ++i)
        add({.from = i, .fee = 2'000 + i});
    const auto size = make({.fee = 2'000})->size();
    // Four fit into one block, and all eight into three.
    for (std::uint64_t i = 0; i < 4; ++i)
        add({.from = i, .fee = 2'000, .nonce = 1});
    CHECK(rate(1) >= 2'000 * 1'000 / size);
    CHECK(rate(3) == 1);
}

TEST_CASE_METHOD(FeeFixture, "Fees: blocks that are left are forgotten", "[mempool][fees]") {
    const auto genesis = chain().tip().hash;
    for (int i = 0; i < 8; ++i)
        mine(0);
    mine(3, 5'000);
    mine(3, 5'000);
    CHECK(rate(1) > mempool::fee_rate_usual);
    auto parent = genesis;
    for (int i = 0; i < 11; ++i) {
        const auto block = block_of(parent, {}, 8);
        connect(block);
        parent = block->hash();
    }
    REQUIRE(chain().tip().hash == parent);
    CHECK(pool.estimate_fee(10, after({})).rate == 1);
}

}  // namespace cairn::test
