#include "tests/support/index_twin.hpp"
#include "tests/unit/storage/store_fixture.hpp"

namespace cairn::test {

TEST_CASE("Store: its indexes follow random forks and survive restarts", "[storage][R1]") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        INFO("seed " << seed);
        const TemporaryDirectory directory;
        Random random{seed};
        ChainFixture source;
        auto store = open_store(directory);
        auto chain = open_chain(source, *store);
        for (int step = 0; step < 60; ++step) {
            const auto block = random_block(source, random);
            REQUIRE(source.chain().submit(block, source.now()));
            REQUIRE(chain->submit(block, source.now()));
            if (random.chance(1, 3))
                REQUIRE(chain->commit());
            // What a crash loses is sent again.
            if (random.chance(1, 20)) {
                REQUIRE(chain->commit());
                chain.reset();
                store.reset();
                store = open_store(directory);
                chain = open_chain(source, *store);
            }
            if (step % 10 == 0)
                check_index(*chain, random);
        }
        REQUIRE(chain->commit());
        CHECK(chain->tip().hash == source.chain().tip().hash);
        check_index(*chain, random);
    }
}

TEST_CASE("Store: an index keeps the order of many places", "[storage]") {
    const TemporaryDirectory directory;
    auto store = open_store(directory);
    const auto account = account_number(1);
    const auto index = std::make_shared<const chain::BlockIndex>(chain::BlockIndex{
        .ids = {}, .accounts = {{account, 0}, {account, 1}}, .records = {}});
    // Enough for LMDB to move a set out of its page into a tree of its own.
    constexpr std::uint64_t heights = 3'000;
    chain::StoreBatch batch;
    for (std::uint64_t height = 0; height < heights; ++height) {
        batch.connected.push_back({.height = Height{height}, .hash = {}, .head = {}, .index = index}
        );
        if (height % 100 < 99)
            continue;
        REQUIRE(store->commit(batch));
        batch = {};
    }
    const auto places = store->find_places(account, {.from = {}, .count = 1'000'000}).value();
    REQUIRE(places.size() == 2 * heights);
    CHECK(std::is_sorted(places.begin(), places.end()));
}

TEST_CASE("Store: an index entry out of order is corrupt", "[storage]") {
    const TemporaryDirectory directory;
    auto store = open_store(directory);
    const auto index = std::make_shared<const chain::BlockIndex>(chain::BlockIndex{
        .ids = {}, .accounts = {{account_number(1), 0}}, .records = {}});
    const auto write = [&](std::uint64_t height) {
        chain::StoreBatch batch;
        batch.connected.push_back({.height = Height{height}, .hash = {}, .head = {}, .index = index}
        );
        return store->commit(batch);
    };
    REQUIRE(write(7).has_value());
    CHECK(write(6).error() == chain::StoreError::corrupt);
    CHECK(write(7).error() == chain::StoreError::corrupt);
    CHECK(write(8).has_value());
}

}  // namespace cairn::test
