#include "cairn/node/chronicle.hpp"

#include "tests/support/pool_fixture.hpp"

#include "cairn/node/limits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

namespace cairn::node {

namespace {

constexpr UnixMillis told_at{1'800'000'000'000};

/// Tells a chronicle of every move, as a node does.
struct ChronicleFixture : cairn::test::PoolFixture {
    void move_to(const cairn::test::BlockPointer& block) {
        const auto change = chain().submit(block, now());
        REQUIRE(change.has_value());
        const auto gone = pool.on_chain_change(*change, cairn::test::after({}));
        chronicle.on_chain_change(*change, pool, gone, clock);
    }

    std::string name_of(const cairn::test::BlockPointer& block) const {
        return "#" + std::to_string(block->head().header.height.value) + " " +
               to_hex(block->hash()).substr(0, 8) + "..";
    }

    Chronicle chronicle;
    UnixMillis clock = told_at;
};

}  // namespace

TEST_CASE("Chronicle: a branch that is left for no other is told so", "[node][explain]") {
    Reorganisation told;
    told.left = {{.height = Height{3}, .hash = {}}};
    told.left_count = 1;
    told.returned_count = 2;
    CHECK(to_string(told) == "left #3 00000000.., with nothing instead: 2 transactions returned");
}

TEST_CASE_METHOD(
    ChronicleFixture, "Chronicle: a reorganisation is told in a sentence", "[node][explain]"
) {
    const auto genesis = chain().tip().hash;
    const auto old_tip =
        block_of(genesis, {{.from = 0, .to = 1}, {.from = 1, .to = 2}, {.from = 2, .to = 3}});
    move_to(old_tip);
    CHECK(chronicle.size() == 0);
    // The new branch uses the nonce of account 0 for another transfer.
    const auto first = block_of(genesis, {{.from = 0, .to = 4, .amount = 77}}, 8);
    move_to(first);
    CHECK(chronicle.size() == 0);
    const auto second = block_of(first->hash(), {}, 8);
    move_to(second);

    const auto told = chronicle.of_block(old_tip->hash());
    REQUIRE(told.size() == 1);
    CHECK(told[0].at == told_at);
    CHECK(
        to_string(told[0]) == "left " + name_of(old_tip) + " for " + name_of(first) + " and " +
                                  name_of(second) +
                                  ": 2 transactions returned, 1 dropped: nonce used"
    );
    CHECK(chronicle.of_block(second->hash()).size() == 1);
    CHECK(chronicle.of_block(genesis).empty());
    const auto& ids = old_tip->ids();
    CHECK(chronicle.of_transaction(ids[1]).size() == 1);
    CHECK(chronicle.drop_reason(ids[1]) == mempool::DropReason::nonce_used);
    CHECK(chronicle.of_transaction(ids[2]).size() == 1);
    CHECK(chronicle.drop_reason(ids[2]) == std::nullopt);
    // The coinbase of a block that left is nobody's transaction any more.
    CHECK(chronicle.of_transaction(ids[0]).empty());
}

TEST_CASE_METHOD(
    ChronicleFixture, "Chronicle: a long branch is told by its ends", "[node][explain]"
) {
    const auto genesis = chain().tip().hash;
    auto left = genesis;
    auto right = genesis;
    std::vector<cairn::test::BlockPointer> blocks;
    for (int i = 0; i < 3; ++i) {
        blocks.push_back(block_of(left, {}));
        left = blocks.back()->hash();
        move_to(blocks.back());
    }
    for (int i = 0; i < 4; ++i) {
        blocks.push_back(block_of(right, {}, 8));
        right = blocks.back()->hash();
        move_to(blocks.back());
    }
    const auto told = chronicle.of_block(right);
    REQUIRE(told.size() == 1);
    CHECK(
        to_string(told[0]) == "left " + name_of(blocks[0]) + " to #3 for " + name_of(blocks[3]) +
                                  " to #4: 0 transactions returned"
    );
}

TEST_CASE_METHOD(ChronicleFixture, "Chronicle: only the latest are remembered", "[node][explain]") {
    const auto genesis = chain().tip().hash;
    move_to(block_of(genesis, {}));
    const auto first_left = chain().tip().hash;
    std::array<BlockHash, 2> tips{first_left, genesis};
    for (std::size_t i = 1; i <= reorganisations_remembered_max + 1; ++i) {
        clock.value = i;
        // The shorter branch grows until it is the longer one.
        auto& tip = tips[i % 2];
        const auto before = chain().tip().hash;
        while (chain().tip().hash == before) {
            const auto block = block_of(tip, {}, 7 + i % 2);
            tip = block->hash();
            move_to(block);
        }
        CHECK(chronicle.size() == std::min(i, reorganisations_remembered_max));
    }
    // The first one of them all is forgotten, the second is not.
    const auto told = chronicle.of_block(first_left);
    REQUIRE(told.size() == reorganisations_remembered_max);
    CHECK(told.front().at == UnixMillis{2});
}

}  // namespace cairn::node
