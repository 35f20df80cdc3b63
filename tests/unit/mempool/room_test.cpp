#include "tests/support/pool_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

using mempool::MempoolLimits;
using std::chrono::hours;

namespace {

/// Bytes that one transfer of the tests counts for.
std::size_t charge() {
    static const auto measured = [] {
        PoolFixture fixture;
        fixture.add({.fee = 100'000});
        return fixture.pool.bytes();
    }();
    return measured;
}

/// Room for `count` transfers of the tests.
MempoolLimits room_for(std::size_t count) {
    return {.bytes_max = count * charge()};
}

// Fees from 100,000 on, so that all transfers have one size.
constexpr std::uint64_t unit = 100'000;

}  // namespace

TEST_CASE("Mempool: selection goes by fee, each sender's in order", "[mempool]") {
    PoolFixture fixture;
    fixture.add({.from = 0, .fee = unit, .nonce = 0});
    fixture.add({.from = 0, .fee = 4 * unit, .nonce = 1});
    fixture.add({.from = 1, .fee = 3 * unit, .nonce = 0});
    fixture.add({.from = 1, .fee = 2 * unit, .nonce = 1});
    fixture.add({.from = 2, .fee = 2 * unit, .nonce = 0});
    CHECK(fixture.selection() == "1.0:300000 1.1:200000 2.0:200000 0.0:100000 0.1:400000");
    const auto size = fixture.make({.fee = unit})->size();
    CHECK(fixture.selection(2 * size) == "1.0:300000 1.1:200000");
    CHECK(fixture.selection(2 * size - 1) == "1.0:300000");
    CHECK(fixture.selection(0).empty());
}

TEST_CASE("Mempool: a selection passes over what does not fit", "[mempool]") {
    PoolFixture fixture;
    const auto long_one = unsigned_transfer(
        fixture.chain().id(), {.from = 0, .fee = 9 * unit}, std::string(256, 'x')
    );
    fixture.add(long_one);
    fixture.add({.from = 0, .fee = 9 * unit, .nonce = 1});
    fixture.add({.from = 1, .fee = unit});
    CHECK(fixture.selection(long_one->size() - 1) == "1.0:100000");
}

TEST_CASE("Mempool: a full pool lets the lowest tail go", "[mempool][M6]") {
    PoolFixture fixture{room_for(4)};
    CHECK(fixture.add({.from = 0, .fee = 3 * unit, .nonce = 0}) == "pending");
    CHECK(fixture.add({.from = 0, .fee = unit, .nonce = 1}) == "pending");
    CHECK(fixture.add({.from = 0, .fee = 3 * unit, .nonce = 2}) == "pending");
    CHECK(fixture.add({.from = 1, .fee = 2 * unit, .nonce = 0}) == "pending");
    CHECK(fixture.pool.bytes() == 4 * charge());
    CHECK(fixture.add({.from = 2, .fee = 2 * unit}) == "pool_full");
    CHECK(fixture.add({.from = 2, .fee = 4 * unit}) == "pending");
    CHECK(reasons(fixture.dropped) == "evicted");
    CHECK(fixture.selection() == "2.0:400000 0.0:300000 0.1:100000 0.2:300000");
    CHECK(fixture.pool.bytes() == 4 * charge());
}

TEST_CASE("Mempool: tails behind tails leave, never a middle", "[mempool][M6]") {
    PoolFixture fixture{room_for(3)};
    fixture.add({.from = 0, .fee = 3 * unit, .nonce = 0});
    fixture.add({.from = 0, .fee = unit, .nonce = 1});
    fixture.add({.from = 0, .fee = 2 * unit, .nonce = 2});
    CHECK(fixture.add({.from = 1, .fee = 4 * unit, .nonce = 0}) == "pending");
    CHECK(fixture.selection() == "1.0:400000 0.0:300000 0.1:100000");
    CHECK(fixture.add({.from = 1, .fee = 4 * unit, .nonce = 1}) == "pending");
    CHECK(fixture.selection() == "1.0:400000 1.1:400000 0.0:300000");
}

TEST_CASE("Mempool: what goes beyond a sender's guaranteed number leaves first", "[mempool][M6]") {
    auto limits = room_for(4);
    limits.pending_guaranteed = 2;
    PoolFixture fixture{limits};
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce)
        fixture.add({.from = 0, .fee = 3 * unit, .nonce = nonce});
    fixture.add({.from = 1, .fee = unit, .nonce = 0});
    CHECK(fixture.add({.from = 2, .fee = 3 * unit, .nonce = 0}) == "pending");
    CHECK(fixture.selection() == "0.0:300000 0.1:300000 0.2:300000 2.0:300000");
    CHECK(fixture.add({.from = 3, .fee = 4 * unit, .nonce = 0}) == "pending");
    CHECK(fixture.selection() == "3.0:400000 0.0:300000 0.1:300000 2.0:300000");
    // Nobody leaves for one that does not pay more.
    CHECK(fixture.add({.from = 3, .fee = 3 * unit, .nonce = 1}) == "fee_too_low");
}

TEST_CASE("Mempool: nothing changes when room cannot be made", "[mempool]") {
    PoolFixture fixture{room_for(2)};
    fixture.add({.from = 0, .fee = unit, .nonce = 0});
    fixture.add({.from = 1, .fee = 5 * unit, .nonce = 0});
    const auto larger = unsigned_transfer(
        fixture.chain().id(), {.from = 2, .fee = 5 * unit}, std::string(200, 'x')
    );
    CHECK(fixture.add(larger) == "pool_full");
    CHECK(fixture.selection() == "1.0:500000 0.0:100000");
    CHECK(fixture.pool.floor_fee(after({})) == 1);
    CHECK(fixture.add({.from = 0, .fee = 5 * unit, .nonce = 1}) == "pool_full");
}

TEST_CASE("Mempool: the floor fee rises above what left and sinks by half", "[mempool][M1]") {
    PoolFixture fixture{room_for(1)};
    fixture.add({.from = 0, .fee = unit});
    CHECK(fixture.pool.floor_fee(after({})) == 1);
    fixture.add({.from = 1, .fee = 4 * unit});
    const auto size = fixture.make({.fee = unit})->size();
    const auto raised = unit * 1'000 / size + 1;
    CHECK(fixture.pool.floor_fee(after({})) == raised);
    CHECK(fixture.add({.from = 2, .fee = unit}) == "fee_too_low");
    CHECK(fixture.pool.floor_fee(after(hours{6})) == raised - raised / 4);
    CHECK(fixture.pool.floor_fee(after(hours{12})) == raised / 2);
    CHECK(fixture.pool.floor_fee(after(hours{24})) == raised / 4);
    CHECK(fixture.pool.floor_fee(after(hours{12 * 63})) == 1);
    CHECK(fixture.pool.floor_fee(after(hours{12 * 64})) == 1);
    CHECK(fixture.add({.from = 2, .fee = unit}, hours{12}) == "pool_full");
}

TEST_CASE("Mempool: future transactions never push a pending one out", "[mempool][M2]") {
    PoolFixture fixture{room_for(3)};
    fixture.add({.from = 0, .fee = 1, .nonce = 0});
    fixture.add({.from = 0, .fee = 1, .nonce = 1});
    for (std::uint64_t nonce = 2; nonce < 5'122; ++nonce)
        fixture.add({.from = 1 + nonce % 3, .fee = unit, .nonce = nonce});
    CHECK(fixture.selection() == "0.0:1 0.1:1");
    CHECK(fixture.pool.size() == 3);
    CHECK(fixture.add({.from = 0, .fee = 1, .nonce = 2}) == "pending");
    CHECK(reasons(fixture.dropped) == "evicted");
    CHECK(fixture.selection() == "0.0:1 0.1:1 0.2:1");
}

TEST_CASE("Mempool: future transactions have bounds of their own", "[mempool][M2]") {
    PoolFixture by_count{{.future_total_max = 2}};
    CHECK(by_count.add({.from = 0, .nonce = 5}) == "future");
    CHECK(by_count.add({.from = 1, .nonce = 5}) == "future");
    CHECK(by_count.add({.from = 2, .nonce = 5}) == "pool_full");
    PoolFixture by_bytes{{.future_bytes_max = charge()}};
    CHECK(by_bytes.add({.from = 0, .fee = unit, .nonce = 5}) == "future");
    CHECK(by_bytes.add({.from = 1, .fee = unit, .nonce = 5}) == "pool_full");
    const auto larger = unsigned_transfer(
        by_bytes.chain().id(), {.from = 0, .fee = 9 * unit, .nonce = 5}, std::string(9, 'x')
    );
    CHECK(by_bytes.add(larger) == "pool_full");
    CHECK(by_bytes.add({.from = 0, .fee = 2 * unit, .nonce = 5}) == "future");
}

TEST_CASE("Mempool: what waits too long expires", "[mempool]") {
    PoolFixture fixture;
    fixture.add({.from = 0, .nonce = 0}, hours{0});
    fixture.add({.from = 1, .nonce = 7}, hours{0});
    fixture.add({.from = 0, .nonce = 1}, hours{2});
    fixture.add({.from = 2, .nonce = 7}, hours{2});
    CHECK(fixture.pool.expire(after(hours{3} - Duration{1})).empty());
    CHECK(reasons(fixture.pool.expire(after(hours{3}))) == "expired");
    CHECK(reasons(fixture.pool.expire(after(hours{72} - Duration{1}))) == "expired");
    CHECK(fixture.selection() == "0.0:1 0.1:1");
    CHECK(reasons(fixture.pool.expire(after(hours{72}))) == "expired expired");
    CHECK(fixture.pool.size() == 0);
    CHECK(fixture.pool.bytes() == 0);
}

TEST_CASE("Mempool: what waited before a restart expires before what came since", "[mempool]") {
    PoolFixture fixture;
    const auto add_after = [&](const TransferOptions& options, Duration waited) {
        REQUIRE(
            fixture.pool.add(fixture.make(options), after(hours{0}), {.waited = waited}).has_value()
        );
    };
    fixture.add({.from = 0, .nonce = 0});
    fixture.add({.from = 0, .nonce = 2});
    add_after({.from = 1, .nonce = 0}, hours{70});
    add_after({.from = 1, .nonce = 2}, hours{2});
    add_after({.from = 2, .nonce = 0}, hours{71});
    CHECK(fixture.pool.expire(after(hours{1} - Duration{1})).empty());
    CHECK(fixture.pool.expire(after(hours{1})).size() == 2);
    CHECK_FALSE(fixture.pool.contains(fixture.make({.from = 1, .nonce = 2})->id()));
    CHECK_FALSE(fixture.pool.contains(fixture.make({.from = 2, .nonce = 0})->id()));
    // The block makes the pool sort what waits anew.
    fixture.connect(fixture.block_of(fixture.chain().tip().hash, {{.from = 3, .to = 1}}));
    CHECK(reasons(fixture.pool.expire(after(hours{2}))) == "expired");
    CHECK(fixture.pool.size() == 2);
}

}  // namespace cairn::test
