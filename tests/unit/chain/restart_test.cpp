#include "tests/support/chain_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

TEST_CASE("Restart: what was committed is there, what was not is gone", "[chain][D1]") {
    ChainFixture fixture;
    const auto committed = fixture.extend(fixture.chain().tip().hash, 10);
    REQUIRE(fixture.chain().commit());
    const auto root = fixture.chain().root_after({});
    fixture.extend(committed, 5);
    fixture.reopen();
    CHECK(fixture.chain().tip().hash == committed);
    CHECK(fixture.chain().root_after({}) == root);
}

TEST_CASE("Restart: a flushed state needs no block to be executed again", "[chain]") {
    ChainFixture fixture;
    const auto tip = fixture.extend(fixture.chain().tip().hash, 10);
    REQUIRE(fixture.chain().flush());
    CHECK(fixture.store.state_block == tip);
    for (auto& [hash, body] : fixture.store.bodies)
        body.clear();
    fixture.reopen();
    CHECK(fixture.chain().tip().hash == tip);
}

TEST_CASE("Restart: a reorganisation below the flushed block flushes with it", "[chain][R1]") {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    fixture.extend(genesis, 5, 1);
    REQUIRE(fixture.chain().flush());
    const auto winner = fixture.extend(genesis, 6, 2);
    REQUIRE(fixture.chain().commit());
    CHECK(fixture.store.state_block == winner);
    const auto root = fixture.chain().root_after({});
    fixture.reopen();
    CHECK(fixture.chain().tip().hash == winner);
    CHECK(fixture.chain().root_after({}) == root);
}

TEST_CASE("Restart: side branches and their bodies survive", "[chain]") {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    fixture.extend(genesis, 3, 1);
    const auto side = fixture.extend(genesis, 3, 2);
    REQUIRE(fixture.chain().commit());
    fixture.reopen();
    REQUIRE(fixture.chain().find(side) != nullptr);
    const auto change = fixture.chain().submit(fixture.build(side), fixture.now());
    REQUIRE(change.has_value());
    CHECK(change->disconnected.size() == 3);
}

TEST_CASE("Restart: a store of another chain, or a damaged one, is refused", "[chain][D8]") {
    ChainFixture fixture;
    fixture.extend(fixture.chain().tip().hash, 3);
    REQUIRE(fixture.chain().flush());
    const auto error_of = [&](MemoryStore store) {
        return chain::Blockchain::open(fixture.spec, *fixture.engine, store, 1).error();
    };
    auto other = fixture.spec;
    other.message = "another genesis";
    CHECK(
        chain::Blockchain::open(other, *fixture.engine, fixture.store, 1).error() ==
        chain::StoreError::other_chain
    );
    auto damaged = fixture.store;
    damaged.state.begin()->second.front() ^= 1;
    CHECK(error_of(damaged) == chain::StoreError::corrupt);
    damaged = fixture.store;
    damaged.active.erase(Height{2});
    CHECK(error_of(damaged) == chain::StoreError::corrupt);
    damaged = fixture.store;
    damaged.state_block.reset();
    CHECK(error_of(damaged) == chain::StoreError::corrupt);
}

TEST_CASE("Restart: a commit that fails changes nothing on disk", "[chain][D4]") {
    ChainFixture fixture;
    fixture.extend(fixture.chain().tip().hash, 3);
    fixture.store.fail_next_commit = true;
    CHECK(fixture.chain().commit().error() == chain::StoreError::full);
    CHECK(fixture.store.active.size() == 1);
    fixture.store.fail_next_commit = false;
    REQUIRE(fixture.chain().commit());
    CHECK(fixture.store.active.size() == 4);
}

}  // namespace cairn::test
