// What a node counts of its chain's moves, and of what it refuses.
#include "cairn/node/chain_counts.hpp"

#include "tests/unit/node/node_fixture.hpp"

#include <catch2/catch.hpp>

#include <numeric>

namespace cairn::node {

namespace {

struct CountedChain : cairn::test::ChainFixture {
    void take(const cairn::test::BlockPointer& block) {
        const auto change = chain().submit(block, now());
        REQUIRE(change.has_value());
        counts.on_chain_change(chain(), *change);
    }

    ChainCounts counts;
};

}  // namespace

TEST_CASE("Histogram: a value belongs to the first bucket that holds it", "[base]") {
    Histogram<2> histogram{{10, 20}};
    for (const std::uint64_t value : {0U, 10U, 11U, 20U, 21U})
        histogram.add(value);
    histogram.add(15, 3);
    CHECK(histogram.counts() == std::array<std::uint64_t, 3>{2, 5, 1});
    CHECK(histogram.count() == 8);
    CHECK(histogram.sum() == 107);
}

TEST_CASE("ChainCounts: blocks are counted with the time between them", "[node]") {
    CountedChain chain;
    const auto first = chain.build(chain.chain().tip().hash);
    chain.take(first);
    CHECK(chain.counts.connected() == 1);
    CHECK(chain.counts.intervals_ms().count() == 0);
    const auto second =
        chain.build(first->hash(), {.transactions = {}, .miner = 9, .interval_ms = 4'000});
    chain.take(second);
    CHECK(chain.counts.connected() == 2);
    CHECK(chain.counts.intervals_ms().count() == 1);
    CHECK(chain.counts.intervals_ms().sum() == 4'000);
}

TEST_CASE("ChainCounts: a reorganisation is counted by the blocks that it leaves", "[node]") {
    CountedChain chain;
    const auto genesis = chain.chain().tip().hash;
    const auto left = chain.build(genesis, {.transactions = {}, .miner = 8});
    chain.take(left);
    chain.take(chain.build(left->hash(), {.transactions = {}, .miner = 8}));
    CHECK(chain.counts.depths().count() == 0);
    auto tip = genesis;
    for (int i = 0; i < 3; ++i) {
        const auto block = chain.build(tip, {.transactions = {}, .miner = 9});
        chain.take(block);
        tip = block->hash();
    }
    CHECK(chain.counts.depths().count() == 1);
    CHECK(chain.counts.depths().sum() == 2);
    CHECK(chain.counts.connected() == 5);
}

TEST_CASE("Node: refusals are counted by their rules, what was known is not", "[node]") {
    test::Host host{1};
    const auto& view = host.node.view();
    auto transfer = cairn::test::make_transfer(host.fixture.chain().id(), {.amount = 5, .fee = 0});
    host.handle(CommandReceived{CommandId{1}, PushTransaction{transfer}});
    CHECK(view.refused() == RuleCounts{{"mempool.fee_too_low", 1}});
    transfer.signature.bytes[0] ^= 1;
    host.handle(CommandReceived{CommandId{2}, PushTransaction{transfer}});
    CHECK(view.refused().at("transaction.bad_signature") == 1);
    const auto good =
        cairn::test::make_transfer(host.fixture.chain().id(), {.amount = 5, .fee = 9});
    host.handle(CommandReceived{CommandId{3}, PushTransaction{good}});
    host.handle(CommandReceived{CommandId{4}, PushTransaction{good}});
    CHECK(view.refused().size() == 2);
}

TEST_CASE("Node: refused headers are counted by their rule", "[node]") {
    test::Host host{1};
    const LinkId link = host.make_ready(true);
    cairn::test::ChainFixture maker;
    auto head = maker.build(maker.chain().tip().hash)->head();
    head.header.height = Height{7};
    host.receive(link, wire::Headers{.headers = {head}}, {.chain = 3});
    CHECK(host.node.view().refused() == RuleCounts{{"consensus.wrong_height", 1}});
}

}  // namespace cairn::node
