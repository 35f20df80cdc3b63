#include "cairn/mempool/saved_pool.hpp"

#include "tests/support/pool_fixture.hpp"

#include "cairn/crypto/sha256.hpp"

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
    CHECK(saved->saved == after({}).wall);
    const auto& transactions = saved->transactions;
    REQUIRE(transactions.size() == senders * each);
    mempool::Mempool restored{fixture.chain(), {}, 9};
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        REQUIRE(transactions[i].transaction == made[i]->transaction());
        // An hour has passed by the steady clock alone.
        REQUIRE(transactions[i].arrived.value == after({}).wall.value - 3'600'000);
        REQUIRE(restored.add(made[i], after({}), {.waited = hours{1}}).has_value());
    }
    CHECK(restored.size() == fixture.pool.size());
    CHECK(restored.bytes() == fixture.pool.bytes());
    CHECK(restored.select(1'000'000) == fixture.pool.select(1'000'000));
}

TEST_CASE("SavedPool: what waited before a restart has waited", "[mempool][M7]") {
    PoolFixture fixture;
    const auto old = fixture.make({.from = 0});
    const auto young = fixture.make({.from = 1});
    REQUIRE(fixture.pool.add(old, after({}), {.waited = hours{71}}).has_value());
    REQUIRE(fixture.pool.add(young, after({})).has_value());
    CHECK(reasons(fixture.pool.expire(after(hours{1}))) == "expired");
    CHECK(fixture.pool.contains(young->id()));
}

TEST_CASE("SavedPool: the floor fee goes on sinking over a restart", "[mempool][M1][M7]") {
    PoolFixture measured;
    REQUIRE(measured.add({.fee = 100'000}) == "pending");
    const auto size = measured.make({.fee = 100'000})->size();
    PoolFixture full{{.bytes_max = measured.pool.bytes()}};
    REQUIRE(full.add({.from = 0, .fee = 100'000}) == "pending");
    REQUIRE(full.add({.from = 1, .fee = 400'000}) == "pending");
    const auto raised = full.pool.floor_fee(after({}));
    REQUIRE(raised == 100'000 * 1'000 / size + 1);
    const auto saved = decode_saved_pool(full.chain().id(), full.pool.save(after({})));
    REQUIRE(saved.has_value());
    CHECK(saved->floor_fee == raised);
    PoolFixture next;
    next.pool.restore_floor(saved->floor_fee, hours{12}, after({}));
    CHECK(next.pool.floor_fee(after({})) == raised / 2);
    CHECK(next.pool.floor_fee(after(hours{12})) == raised / 4);
    CHECK(next.add({.fee = 1}) == "fee_too_low");
    // What is higher already stays.
    next.pool.restore_floor(raised / 4, {}, after({}));
    CHECK(next.pool.floor_fee(after({})) == raised / 2);
    next.pool.restore_floor(0, {}, after({}));
    CHECK(next.pool.floor_fee(after({})) == raised / 2);
}

TEST_CASE("SavedPool: the first version has no floor fee and is still read", "[mempool][M7]") {
    PoolFixture fixture;
    fixture.add({.nonce = 0});
    const auto& chain = fixture.chain().id();
    const auto now = fixture.pool.save(after({}));
    // Opening, version and chain take 46 bytes; what is new are the 8 of the time and 1 of the fee.
    Bytes first{now.begin(), now.begin() + 46};
    first[10] = 1;
    first.insert(first.end(), now.begin() + 55, now.end() - 32);
    const auto checksum = crypto::sha256(first);
    first.insert(first.end(), checksum.bytes.begin(), checksum.bytes.end());
    const auto read = decode_saved_pool(chain, first);
    REQUIRE(read.has_value());
    CHECK(read->floor_fee == 0);
    CHECK(read->transactions == decode_saved_pool(chain, now)->transactions);
}

TEST_CASE("SavedPool: each way to be no saved pool has its error", "[mempool][M7]") {
    PoolFixture fixture;
    fixture.add({.nonce = 0});
    fixture.add({.nonce = 2});
    const auto& chain = fixture.chain().id();
    const auto good = fixture.pool.save(after({}));
    REQUIRE(decode_saved_pool(chain, good).value().transactions.size() == 2);
    CHECK(decode_saved_pool(chain, {}).error() == SavedPoolError::not_a_pool);
    CHECK(
        decode_saved_pool(chain, as_bytes("something else")).error() == SavedPoolError::not_a_pool
    );
    auto newer = good;
    newer[10] = mempool::saved_pool_version + 1;
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
