#include "tests/support/chain_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

using chain::BlockRule;

namespace {

/// What every chain with this tip must hold.
void check_equals_replay(ChainFixture& fixture) {
    auto replayed = fixture.replay(fixture.chain().tip().hash);
    CHECK(fixture.chain().root_after({}) == replayed.root());
    CHECK(fixture.chain().state().size() == replayed.size());
}

/// A branch of `count` blocks from genesis, made on a chain of its own.
std::vector<BlockPointer> make_branch(std::size_t count, std::uint64_t miner) {
    ChainFixture fixture;
    std::vector<BlockPointer> branch;
    for (std::size_t i = 0; i < count; ++i) {
        const ChainFixture::BlockOptions options{.transactions = {}, .miner = miner};
        branch.push_back(fixture.build(fixture.chain().tip().hash, options));
        REQUIRE(fixture.chain().submit(branch.back(), fixture.now()));
    }
    return branch;
}

}  // namespace

TEST_CASE("Reorganisation: more work wins whatever comes first", "[chain][S1]") {
    const auto light = make_branch(3, 1);
    const auto heavy = make_branch(4, 2);
    for (const bool heavy_first : {true, false}) {
        ChainFixture fixture;
        for (const auto& branch : {heavy_first ? heavy : light, heavy_first ? light : heavy})
            for (const auto& block : branch)
                REQUIRE(fixture.chain().submit(block, fixture.now()));
        CHECK(fixture.chain().tip().hash == heavy.back()->hash());
        CHECK(fixture.chain().branch_tips().size() == 2);
        check_equals_replay(fixture);
    }
}

TEST_CASE(
    "Reorganisation: among equals the first seen stays, the next block decides", "[chain][S13]"
) {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    const auto left = fixture.extend(genesis, 2, 1);
    const auto right = fixture.extend(genesis, 2, 2);
    CHECK(fixture.chain().tip().hash == left);
    const auto next = fixture.build(right);
    const auto change = fixture.chain().submit(next, fixture.now());
    REQUIRE(change.has_value());
    CHECK(change->disconnected.size() == 2);
    CHECK(change->disconnected.front()->hash() == left);
    CHECK(change->connected.size() == 3);
    CHECK(change->connected.back()->hash() == next->hash());
}

TEST_CASE("Reorganisation: any depth leaves what a replay from genesis gives", "[chain][R1]") {
    for (const std::size_t depth : {1U, 6U, 100U, 1000U}) {
        ChainFixture fixture;
        const auto genesis = fixture.chain().tip().hash;
        const auto transfer =
            make_transfer(fixture.chain().id(), {.from = 0, .to = 2, .amount = 500});
        const auto first = fixture.build(genesis, {.transactions = {transfer}, .miner = 1});
        REQUIRE(fixture.chain().submit(first, fixture.now()));
        fixture.extend(first->hash(), depth - 1, 1);
        REQUIRE(fixture.chain().commit());
        const auto branch = make_branch(depth + 1, 3);
        for (const auto& block : branch)
            REQUIRE(fixture.chain().submit(block, fixture.now()));
        CHECK(fixture.chain().tip().height() == Height{depth + 1});
        CHECK(fixture.balance(0) == 1'000'000);
        CHECK(fixture.balance(1) == 1'000'000);
        CHECK(fixture.balance(3) == 1'000'000 + 50 * (depth + 1));
        check_equals_replay(fixture);
        CHECK(fixture.chain().find_transaction(first->ids()[1]).value() == std::nullopt);
        REQUIRE(fixture.chain().commit());
        fixture.reopen();
        check_equals_replay(fixture);
        // Everything on disk is what a node has that never saw the other branch: blocks by height,
        // places of transactions, and every balance and nonce.
        REQUIRE(fixture.chain().flush());
        ChainFixture fresh;
        for (const auto& block : branch)
            REQUIRE(fresh.chain().submit(block, fresh.now()));
        REQUIRE(fresh.chain().flush());
        CHECK(fixture.store.active == fresh.store.active);
        CHECK(fixture.store.places == fresh.store.places);
        CHECK(fixture.store.state == fresh.store.state);
        CHECK(fixture.store.state_block == fresh.store.state_block);
    }
}

TEST_CASE(
    "Reorganisation: a branch with an invalid block loses, the old tip stays", "[chain][R2]"
) {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    const auto tip = fixture.extend(genesis, 4, 1);
    const auto root = fixture.chain().root_after({});
    auto parent = genesis;
    std::vector<BlockPointer> branch;
    for (std::uint64_t i = 0; i < 4; ++i) {
        branch.push_back(fixture.build(
            parent, {.transactions = {}, .miner = 2, .reward_error = i == 2 ? 1U : 0U}
        ));
        parent = branch.back()->hash();
        REQUIRE(fixture.chain().submit(branch.back(), fixture.now()));
    }
    branch.push_back(fixture.build(parent, {.transactions = {}, .miner = 2}));
    const auto refused = fixture.chain().submit(branch.back(), fixture.now());
    REQUIRE_FALSE(refused.has_value());
    CHECK(chain::rule_name(refused.error()) == "execution.coinbase_amount");
    CHECK(fixture.chain().tip().hash == tip);
    CHECK(fixture.chain().root_after({}) == root);
    CHECK(fixture.chain().find(branch[1]->hash())->status == chain::BlockStatus::stored);
    CHECK(fixture.chain().find(branch[2]->hash())->status == chain::BlockStatus::invalid);
    CHECK(fixture.chain().find(branch[4]->hash())->status == chain::BlockStatus::invalid);
    CHECK(fixture.chain().best_header().hash == tip);
    // No oscillation: the next good block goes on top as if nothing had been.
    const auto next = fixture.build(tip);
    CHECK(fixture.chain().submit(next, fixture.now())->connected.size() == 1);
    REQUIRE(fixture.chain().commit());
    fixture.reopen();
    CHECK(fixture.chain().tip().hash == next->hash());
    const auto again = fixture.chain().submit(branch[2], fixture.now());
    CHECK(again.error().rule == BlockRule::known_invalid);
}

TEST_CASE("Reorganisation: two equal miners taking turns leave no trace", "[chain][R4]") {
    ChainFixture fixture;
    const std::array branches{make_branch(201, 1), make_branch(201, 2)};
    std::array<std::size_t, 2> sent{};
    // What the changes tell, applied one by one, is always the active chain: none comes twice.
    std::vector<BlockPointer> told;
    const auto send = [&](std::size_t side, std::size_t count) {
        for (; count > 0; --count, ++sent[side]) {
            const auto change =
                fixture.chain().submit(branches[side][sent[side]], fixture.now()).value();
            for (const auto& block : change.disconnected) {
                REQUIRE(told.back()->hash() == block->hash());
                told.pop_back();
            }
            for (const auto& block : change.connected)
                told.push_back(block);
        }
    };
    send(0, 1);
    // Each side answers with two blocks, so the tip changes sides every time.
    for (std::size_t turn = 1; turn < 200; ++turn) {
        send(turn % 2, 2);
        REQUIRE(fixture.chain().tip().hash == branches[turn % 2][sent[turn % 2] - 1]->hash());
        REQUIRE(told.size() == fixture.chain().tip().height().value);
    }
    check_equals_replay(fixture);
    REQUIRE(fixture.chain().commit());
    CHECK(fixture.store.active.size() == fixture.chain().tip().height().value + 1);
    CHECK(fixture.chain().uncommitted_bytes() == 0);
}

TEST_CASE("Reorganisation: an unreadable store leaves the chain and ends its commits", "[chain]") {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    const auto tip = fixture.extend(genesis, 3, 1);
    const auto middle = fixture.chain().at(Height{2})->hash;
    REQUIRE(fixture.chain().commit());
    const auto root = fixture.chain().root_after({});
    const auto branch = make_branch(4, 2);
    SECTION("a body is gone") {
        fixture.store.bodies.erase(middle);
    }
    SECTION("a body is another's") {
        fixture.store.bodies[middle] = fixture.store.bodies[tip];
        fixture.store.bodies[middle].pop_back();
    }
    SECTION("undo data are gone") {
        fixture.store.undos.erase(middle);
    }
    SECTION("undo data are none") {
        fixture.store.undos[middle] = {0xff};
    }
    for (std::size_t i = 0; i < 3; ++i)
        REQUIRE(fixture.chain().submit(branch[i], fixture.now()));
    const auto refused = fixture.chain().submit(branch[3], fixture.now());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().rule == BlockRule::unreadable);
    CHECK(fixture.chain().tip().hash == tip);
    CHECK(fixture.chain().root_after({}) == root);
    CHECK(fixture.chain().invalidate(middle).error().rule == BlockRule::unreadable);
    CHECK(fixture.chain().tip().hash == tip);
    CHECK(fixture.chain().commit().error() == chain::StoreError::corrupt);
    CHECK(fixture.chain().flush().error() == chain::StoreError::corrupt);
    CHECK(fixture.store.active.size() == 4);
}

TEST_CASE("Reorganisation: an operator can set a block aside", "[chain]") {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    const auto side = fixture.extend(genesis, 2, 1);
    const auto main = fixture.extend(genesis, 3, 2);
    REQUIRE(fixture.chain().tip().hash == main);
    const auto change = fixture.chain().invalidate(fixture.chain().at(Height{2})->hash);
    REQUIRE(change.has_value());
    CHECK(change->invalidated.size() == 2);
    CHECK(fixture.chain().tip().hash == side);
    CHECK_FALSE(fixture.chain().invalidate(genesis).has_value());
    check_equals_replay(fixture);
}

}  // namespace cairn::test
