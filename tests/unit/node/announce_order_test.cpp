// In which order peers hear of transactions when more wait than may be announced at once.
#include "tests/unit/node/transaction_relay_fixture.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace cairn::node {

namespace {

/// One transaction is announced in each interval, after a burst of two.
struct SlowFixture : TransactionRelayFixture {
    SlowFixture() { relay = TransactionRelay{7, {.relay_transactions_per_second = 20}}; }

    void next_batch() {
        pass(announce_interval);
        wake();
    }

    /// What `link` hears in `count` intervals.
    Ids told_in(std::uint64_t link, std::size_t count) {
        Ids ids;
        for (std::size_t i = 0; i < count; ++i) {
            next_batch();
            for (const auto& id : told(link))
                ids.push_back(id);
        }
        return ids;
    }

    /// Pushes `count` cheap ones of one sender, and waits until the burst is spent.
    void flood(std::uint64_t count) {
        for (std::uint64_t nonce = 0; nonce < count; ++nonce)
            push(transfer({.from = 3, .to = 5, .fee = 1, .nonce = nonce}));
        next_batch();
    }
};

}  // namespace

TEST_CASE_METHOD(
    SlowFixture, "TransactionRelay: a dear one overtakes a flood", "[node][relay][G7]"
) {
    join(1);
    flood(40);
    static_cast<void>(told(1));
    const auto dear = transfer({.from = 0, .fee = 1'000});
    push(dear);
    CHECK(told_in(1, 1) == Ids{relay_id(dear)});
    CHECK(told_in(1, 3).size() == 3);
}

TEST_CASE_METHOD(
    SlowFixture, "TransactionRelay: a sender's are announced in nonce order", "[node][relay][G7]"
) {
    join(1);
    flood(40);
    static_cast<void>(told(1));
    const auto first = transfer({.from = 0, .fee = 100, .nonce = 0});
    const auto second = transfer({.from = 0, .fee = 10'000, .nonce = 1});
    const auto other = transfer({.from = 1, .fee = 1'000});
    for (const auto& one : {first, second, other})
        push(one);
    CHECK(told_in(1, 3) == Ids{relay_id(other), relay_id(first), relay_id(second)});
    // A replacement goes in the place of what it replaces.
    const auto third = transfer({.from = 0, .fee = 100, .nonce = 2});
    const auto dearer = transfer({.from = 0, .fee = 5'000, .nonce = 2});
    const auto last = transfer({.from = 1, .fee = 1'000, .nonce = 1});
    for (const auto& one : {third, last, dearer})
        push(one);
    CHECK(told_in(1, 2) == Ids{relay_id(dearer), relay_id(last)});
}

TEST_CASE_METHOD(
    SlowFixture, "TransactionRelay: a newcomer hears the dearest first", "[node][relay][G7]"
) {
    flood(3);
    const auto first = transfer({.from = 0, .fee = 100, .nonce = 0});
    const auto second = transfer({.from = 0, .fee = 10'000, .nonce = 1});
    const auto other = transfer({.from = 1, .fee = 1'000});
    for (const auto& one : {first, second, other})
        push(one);
    for (int i = 0; i < 7; ++i)
        next_batch();
    join(1);
    auto ids = told(1);
    for (const auto& id : told_in(1, 2))
        ids.push_back(id);
    REQUIRE(ids.size() >= 3);
    ids.resize(3);
    CHECK(ids == Ids{relay_id(other), relay_id(first), relay_id(second)});
}

TEST_CASE_METHOD(
    SlowFixture, "TransactionRelay: what was mined costs no announcement", "[node][relay][G7]"
) {
    join(1);
    std::vector<ledger::Transaction> mined;
    for (std::uint64_t nonce = 0; nonce < 10; ++nonce) {
        mined.push_back(transfer({.from = 0, .fee = 1, .nonce = nonce}));
        push(mined.back());
    }
    const auto next = transfer({.from = 0, .fee = 1'000, .nonce = 10});
    push(next);
    next_batch();
    static_cast<void>(told(1));
    mine(mined);
    const auto other = transfer({.from = 1, .fee = 100});
    push(other);
    // What was before it holds it up no more.
    CHECK(told_in(1, 2) == Ids{relay_id(next), relay_id(other)});
}

}  // namespace cairn::node
