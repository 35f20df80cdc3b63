#include "tests/support/pool_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

// Accounts 0 to 3 own 1,000,000 pebbles each.

TEST_CASE("Mempool: a transaction is known once it is in", "[mempool]") {
    PoolFixture fixture;
    const auto transaction = fixture.make({});
    CHECK(fixture.add(transaction) == "pending");
    CHECK(fixture.add(transaction) == "known");
    CHECK(fixture.pool.contains(transaction->id()));
    CHECK(fixture.pool.find(transaction->id()) == transaction);
    CHECK(fixture.pool.find(TxId{}) == nullptr);
    CHECK(fixture.pool.size() == 1);
}

TEST_CASE("Mempool: a nonce that the chain has used is too low", "[mempool]") {
    PoolFixture fixture;
    fixture.connect(fixture.block_of(fixture.chain().tip().hash, {{.nonce = 0}}));
    CHECK(fixture.add({.fee = 5, .nonce = 0}) == "nonce_too_low");
    CHECK(fixture.add({.fee = 5, .nonce = 1}) == "pending");
}

TEST_CASE("Mempool: nonces are bounded by what a sender may have", "[mempool]") {
    PoolFixture fixture{{.pending_per_sender_max = 2, .future_per_sender_max = 2}};
    CHECK(fixture.add({.nonce = 4}) == "nonce_too_far");
    CHECK(fixture.add({.nonce = quantity_max}) == "nonce_too_far");
    CHECK(fixture.add({.nonce = 3}) == "future");
    CHECK(fixture.add({.nonce = 2}) == "future");
    CHECK(fixture.add({.nonce = 1}) == "sender_full");
    CHECK(fixture.add({.nonce = 0}) == "pending");
    CHECK(fixture.add({.nonce = 1}) == "pending");
    CHECK(fixture.selection() == "0.0:1 0.1:1");

    PoolFixture other{{.pending_per_sender_max = 2, .future_per_sender_max = 2}};
    CHECK(other.add({.nonce = 0}) == "pending");
    CHECK(other.add({.nonce = 1}) == "pending");
    CHECK(other.add({.nonce = 2}) == "sender_full");
}

TEST_CASE("Mempool: a gap is closed by the transaction that was missing", "[mempool]") {
    PoolFixture fixture;
    CHECK(fixture.add({.nonce = 1}) == "future");
    CHECK(fixture.add({.nonce = 3}) == "future");
    CHECK(fixture.selection().empty());
    CHECK(fixture.pool.size() == 2);
    CHECK(fixture.add({.nonce = 0}) == "pending");
    CHECK(fixture.selection() == "0.0:1 0.1:1");
    CHECK(fixture.add({.nonce = 2}) == "pending");
    CHECK(fixture.selection() == "0.0:1 0.1:1 0.2:1 0.3:1");
}

TEST_CASE("Mempool: only what the balance pays together is kept", "[mempool][M3]") {
    PoolFixture fixture;
    CHECK(fixture.add({.amount = 999'999, .fee = 1, .nonce = 0}) == "pending");
    for (std::uint64_t nonce = 1; nonce < 5'120; ++nonce) {
        const auto outcome = fixture.add({.amount = 999'999, .fee = 1, .nonce = nonce});
        REQUIRE((outcome == "insufficient_balance" || outcome == "nonce_too_far"));
    }
    CHECK(fixture.pool.size() == 1);
    CHECK(fixture.add({.from = 1, .amount = 600'000, .nonce = 5}) == "future");
    CHECK(fixture.add({.from = 1, .amount = 600'000, .nonce = 7}) == "insufficient_balance");
    CHECK(fixture.add({.from = 20}) == "insufficient_balance");
}

TEST_CASE("Mempool: what can be mined goes before what waits", "[mempool]") {
    PoolFixture fixture;
    CHECK(fixture.add({.amount = 300'000, .nonce = 2}) == "future");
    CHECK(fixture.add({.amount = 600'000, .nonce = 3}) == "future");
    CHECK(fixture.add({.amount = 500'000, .nonce = 0}) == "pending");
    CHECK(reasons(fixture.dropped) == "unpayable");
    CHECK(fixture.pool.size() == 2);
    CHECK(fixture.add({.amount = 100'000, .nonce = 1}) == "pending");
    CHECK(fixture.selection() == "0.0:1 0.1:1 0.2:1");
}

TEST_CASE("Mempool: a replacement pays ten per cent more", "[mempool][M4]") {
    PoolFixture fixture;
    CHECK(fixture.add({.fee = 1'000}) == "pending");
    CHECK(fixture.add({.fee = 1'090}) == "replacement_fee_too_low");
    CHECK(fixture.add({.fee = 1'099}) == "replacement_fee_too_low");
    CHECK(fixture.add({.fee = 1'100}) == "pending");
    CHECK(reasons(fixture.dropped) == "replaced");
    CHECK(fixture.selection() == "0.0:1100");
    CHECK(fixture.pool.size() == 1);
    const auto longer =
        unsigned_transfer(fixture.chain().id(), {.fee = 1'300}, std::string(250, 'x'));
    CHECK(fixture.add(longer) == "replacement_fee_too_low");
    CHECK(fixture.add({.fee = 1, .nonce = 2}) == "future");
    CHECK(fixture.add({.amount = 11, .fee = 1, .nonce = 2}) == "replacement_fee_too_low");
    CHECK(fixture.add({.fee = 2, .nonce = 2}) == "future");
    CHECK(reasons(fixture.dropped) == "replaced");
}

TEST_CASE("Mempool: what must not replace is refused, whatever it pays", "[mempool][W4]") {
    PoolFixture fixture;
    const auto add = [&](const TransferOptions& options) -> std::string {
        const auto added =
            fixture.pool.add(fixture.make(options), after({}), {.may_replace = false});
        if (!added)
            fixture.refusal = added.error();
        return added ? "taken" : std::string{to_string(added.error().rule)};
    };
    CHECK(add({.fee = 1'000}) == "taken");
    CHECK(add({.fee = 9'000}) == "nonce_taken");
    CHECK(fixture.refusal.expected == "a nonce with which none waits, such as 1");
    CHECK(fixture.refusal.actual == "nonce 0");
    CHECK(add({.fee = 1'000, .nonce = 2}) == "taken");
    CHECK(add({.fee = 9'000, .nonce = 2}) == "nonce_taken");
    CHECK(add({.fee = 9'000, .nonce = 1}) == "taken");
    CHECK(add({.fee = 9'000, .nonce = 3}) == "taken");
    CHECK(fixture.pool.size() == 4);
}

TEST_CASE("Mempool: a replacement leaves the later ones payable", "[mempool][M4]") {
    PoolFixture fixture;
    CHECK(fixture.add({.amount = 400'000, .fee = 100, .nonce = 0}) == "pending");
    CHECK(fixture.add({.amount = 400'000, .fee = 100, .nonce = 1}) == "pending");
    CHECK(fixture.add({.amount = 700'000, .fee = 200, .nonce = 0}) == "replacement_breaks_later");
    CHECK(fixture.add({.amount = 700'000, .fee = 200, .nonce = 1}) == "insufficient_balance");
    CHECK(fixture.add({.amount = 500'000, .fee = 200, .nonce = 0}) == "pending");
    CHECK(fixture.selection() == "0.0:200 0.1:100");
}

TEST_CASE("Mempool: cancelling again and again pays more each time", "[mempool][M4]") {
    PoolFixture fixture;
    CHECK(fixture.add({.amount = 1, .fee = 1'000}) == "pending");
    std::uint64_t fee = 1'000;
    for (std::uint64_t amount = 2; amount < 40; ++amount) {
        REQUIRE(fixture.add({.amount = amount, .fee = fee}) == "replacement_fee_too_low");
        fee = (fee * 11 + 9) / 10;
        REQUIRE(fixture.add({.amount = amount, .fee = fee}) == "pending");
        REQUIRE(fixture.pool.size() == 1);
    }
}

TEST_CASE(
    "Mempool: a fee of nothing is refused, and a pebble a 1000 bytes is enough", "[mempool]"
) {
    PoolFixture fixture;
    CHECK(fixture.add({.fee = 0}) == "fee_too_low");
    CHECK(fixture.add({.fee = 1}) == "pending");
    PoolFixture dear{{.fee_rate_min = 10'000}};
    const auto size = dear.make({.fee = 1'300})->size();
    const auto least = size * 10;
    CHECK(dear.add({.fee = least - 1}) == "fee_too_low");
    CHECK(dear.refusal.expected == "a fee of at least " + std::to_string(least) + " pebbles");
    CHECK(dear.add({.fee = least}) == "pending");
}

TEST_CASE("Mempool: a refusal tells what was expected, what came, what to do", "[mempool]") {
    PoolFixture fixture{{.pending_per_sender_max = 3, .future_per_sender_max = 1}};
    fixture.connect(fixture.block_of(fixture.chain().tip().hash, {{.nonce = 0}}));
    fixture.add({.amount = 400'000, .fee = 100, .nonce = 1});
    fixture.add({.amount = 400'000, .fee = 100, .nonce = 2});

    struct Row {
        TransferOptions transfer;
        std::string rule;
        std::string expected;
        std::string actual;
    };

    const std::vector<Row> rows{
        {{.amount = 400'000, .fee = 100, .nonce = 2},
         "known",
         "a transaction that does not wait here",
         "one that does"},
        {{.nonce = 0}, "nonce_too_low", "nonce 1 or higher", "nonce 0"},
        {{.nonce = 5}, "nonce_too_far", "nonce 4 or lower", "nonce 5"},
        {{.fee = 0, .nonce = 3}, "fee_too_low", "a fee of at least 1 pebble", "0 pebbles"},
        {{.amount = 200'000, .nonce = 3},
         "insufficient_balance",
         "a cost of at most 199789 pebbles",
         "a cost of 200001 pebbles"},
        {{.fee = 109, .nonce = 2},
         "replacement_fee_too_low",
         "a fee of at least 110 pebbles",
         "109 pebbles"},
        {{.amount = 600'000, .fee = 200, .nonce = 1},
         "replacement_breaks_later",
         "a cost of at most 599889 pebbles",
         "a cost of 600200 pebbles"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(fixture.add(row.transfer) == row.rule);
        CHECK(fixture.refusal.expected == row.expected);
        CHECK(fixture.refusal.actual == row.actual);
        CHECK_FALSE(fixture.refusal.hint.empty());
    }
    CHECK(fixture.add({.nonce = 3}) == "pending");
    CHECK(fixture.add({.nonce = 4}) == "sender_full");
    CHECK(fixture.refusal.expected == "fewer than 3 pending transactions");
}

TEST_CASE("Mempool: projected counts what is pending in both directions", "[mempool]") {
    PoolFixture fixture;
    CHECK(fixture.add({.from = 0, .to = 1, .amount = 100, .fee = 3}) == "pending");
    CHECK(fixture.add({.from = 1, .to = 30, .amount = 50, .fee = 2}) == "pending");
    CHECK(fixture.add({.from = 1, .to = 1, .amount = 50, .fee = 1, .nonce = 1}) == "pending");
    CHECK(fixture.add({.from = 1, .to = 0, .amount = 7, .fee = 1, .nonce = 9}) == "future");
    const auto projected = [&](std::uint64_t account) {
        return fixture.pool.projected(account_number(account));
    };
    CHECK(projected(0) == state::AccountState{Amount{999'897}, Nonce{1}});
    CHECK(projected(1) == state::AccountState{Amount{1'000'047}, Nonce{2}});
    CHECK(projected(30) == state::AccountState{Amount{50}, Nonce{0}});
    CHECK(projected(2) == state::AccountState{Amount{1'000'000}, Nonce{0}});
}

}  // namespace cairn::test
