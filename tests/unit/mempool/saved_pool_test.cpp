#include "cairn/mempool/saved_pool.hpp"

#include "tests/support/pool_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

using mempool::decode_saved_pool;
using mempool::SavedPoolError;
using std::chrono::hours;

namespace {

/// A chain with `count` funded accounts.
ledger::ChainSpec wide_spec(std::uint64_t count) {
    auto spec = instant_spec();
    spec.balances.clear();
    for (std::uint64_t i = 0; i < count; ++i)
        spec.balances.push_back({.account = account_number(i), .amount = Amount{1'000'000'000}});
    return spec;
}

}  // namespace

TEST_CASE("SavedPool: a pool of 100,000 comes back as it was", "[mempool][M7]") {
    constexpr std::uint64_t senders = 100;
    constexpr std::uint64_t each = 1'000;
    PoolFixture fixture{{}, wide_spec(senders)};
    std::vector<mempool::TransactionPointer> made;
    for (std::uint64_t i = 0; i < senders * each; ++i)
        made.push_back(
            fixture.make({.from = i % senders, .to = 1, .fee = 500 + i % 977, .nonce = i / senders})
        );
    for (const auto& transaction : made)
        REQUIRE(fixture.pool.add(transaction, after({})).has_value());
    const auto bytes = fixture.pool.save(after(hours{1}));

    const auto saved = decode_saved_pool(fixture.chain().id(), bytes);
    REQUIRE(saved.has_value());
    REQUIRE(saved->size() == senders * each);
    mempool::Mempool restored{fixture.chain(), {}, 9};
    for (std::size_t i = 0; i < saved->size(); ++i) {
        REQUIRE((*saved)[i].transaction == made[i]->transaction());
        // An hour has passed by the steady clock alone.
        REQUIRE((*saved)[i].arrived.value == after({}).wall.value - 3'600'000);
        REQUIRE(restored.add(made[i], after({}), hours{1}).has_value());
    }
    CHECK(restored.size() == fixture.pool.size());
    CHECK(restored.bytes() == fixture.pool.bytes());
    CHECK(restored.select(1'000'000) == fixture.pool.select(1'000'000));
}

TEST_CASE("SavedPool: what waited before a restart has waited", "[mempool][M7]") {
    PoolFixture fixture;
    const auto old = fixture.make({.from = 0});
    const auto young = fixture.make({.from = 1});
    REQUIRE(fixture.pool.add(old, after({}), hours{71}).has_value());
    REQUIRE(fixture.pool.add(young, after({})).has_value());
    CHECK(reasons(fixture.pool.expire(after(hours{1}))) == "expired");
    CHECK(fixture.pool.contains(young->id()));
}

TEST_CASE("SavedPool: each way to be no saved pool has its error", "[mempool][M7]") {
    PoolFixture fixture;
    fixture.add({.nonce = 0});
    fixture.add({.nonce = 2});
    const auto& chain = fixture.chain().id();
    const auto good = fixture.pool.save(after({}));
    REQUIRE(decode_saved_pool(chain, good).value().size() == 2);
    CHECK(decode_saved_pool(chain, {}).error() == SavedPoolError::not_a_pool);
    CHECK(
        decode_saved_pool(chain, as_bytes("something else")).error() == SavedPoolError::not_a_pool
    );
    auto newer = good;
    newer[10] = 2;
    CHECK(decode_saved_pool(chain, newer).error() == SavedPoolError::unknown_version);
    CHECK(decode_saved_pool(ChainId{}, good).error() == SavedPoolError::other_chain);
    for (std::size_t cut = 14; cut < good.size(); ++cut)
        REQUIRE(
            decode_saved_pool(chain, ByteView{good}.first(cut)).error() == SavedPoolError::damaged
        );
    for (std::size_t place = 14; place < good.size(); ++place) {
        auto flipped = good;
        flipped[place] ^= 1;
        REQUIRE(decode_saved_pool(chain, flipped).error() == SavedPoolError::damaged);
    }
    CHECK(to_string(SavedPoolError::damaged) == "damaged");
}

}  // namespace cairn::test
