#include "tests/support/index_twin.hpp"

namespace cairn::test {

TEST_CASE("Index: after any reorganisation it is what a replay gives", "[chain][R1]") {
    std::size_t reorganisations = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Random random{seed};
        ChainFixture fixture;
        for (int step = 0; step < 60; ++step) {
            const auto change =
                fixture.chain().submit(random_block(fixture, random), fixture.now());
            REQUIRE(change.has_value());
            reorganisations += change->is_reorganisation() ? 1 : 0;
            // Mostly blocks wait in the batch, so that both places take part in the answers.
            if (random.chance(1, 5))
                REQUIRE(fixture.chain().commit());
            if (step % 6 == 0)
                check_index(fixture.chain(), random);
        }
        REQUIRE(fixture.chain().commit());
        fixture.reopen();
        check_index(fixture.chain(), random);
    }
    CHECK(reorganisations > 50);
}

TEST_CASE("Index: a deep reorganisation leaves nothing of the old branch", "[chain][R1]") {
    for (const std::size_t depth : {1U, 6U, 100U}) {
        ChainFixture fixture;
        Random random{depth};
        const auto genesis = fixture.chain().tip().hash;
        fixture.extend(genesis, depth, 1);
        REQUIRE(fixture.chain().commit());
        fixture.extend(genesis, depth + 1, 2);
        check_index(fixture.chain(), random);
        const chain::PlaceRange all{.from = {}, .count = 1'000};
        CHECK(fixture.chain().find_places(account_number(1), all).value().size() == 1);
        CHECK(fixture.chain().find_places(account_number(2), all).value().size() == depth + 2);
    }
}

TEST_CASE("Index: every place has neighbours but the first and the last", "[chain][limits]") {
    using chain::TransactionPlace;
    constexpr auto index_max = chain::last_place.index;
    const TransactionPlace first;
    const TransactionPlace last_of_genesis{.height = Height{0}, .index = index_max};
    const TransactionPlace next{.height = Height{1}, .index = 0};
    CHECK_FALSE(place_before(first).has_value());
    CHECK_FALSE(place_after(chain::last_place).has_value());
    CHECK(place_after(first) == TransactionPlace{.height = Height{0}, .index = 1});
    CHECK(place_before(*place_after(first)) == first);
    CHECK(place_after(last_of_genesis) == next);
    CHECK(place_before(next) == last_of_genesis);
    const TransactionPlace last_but_one{.height = Height{quantity_max}, .index = index_max - 1};
    CHECK(place_before(chain::last_place) == last_but_one);
}

TEST_CASE("Index: a transaction to oneself is one entry", "[chain]") {
    ChainFixture fixture;
    const auto transfer = make_transfer(fixture.chain().id(), {.from = 1, .to = 1});
    const auto block = fixture.build(fixture.chain().tip().hash, {.transactions = {transfer}});
    const auto index = chain::make_block_index(block->block(), block->ids());
    CHECK(index.ids == block->ids());
    CHECK(std::count_if(index.accounts.begin(), index.accounts.end(), [](const auto& mention) {
              return mention.account == account_number(1);
          }) == 1);
}

}  // namespace cairn::test
