#include "tests/unit/node/transaction_relay_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::node {

namespace {

using Fixture = TransactionRelayFixture;

}  // namespace

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: a fetched transaction is announced to others", "[node][relay][G1]"
) {
    join(1);
    join(2);
    const auto tx = transfer();
    announce(1, tx);
    announce(2, tx);
    CHECK(asked(1) == Ids{relay_id(tx)});
    CHECK(asked(2).empty());
    join(3);
    give(1, tx);
    run_jobs();
    CHECK(pool.size() == 1);
    CHECK(told(3) == Ids{relay_id(tx)});
    // Both have announced it to us.
    CHECK(told(1).empty());
    CHECK(told(2).empty());
    CHECK(blames.empty());

    pass(announce_interval);
    announce(3, tx);
    wake();
    CHECK(asked(3).empty());
    CHECK(told(3).empty());
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: a refused one is not asked for again on this tip", "[node][G9]"
) {
    join(1);
    join(2);
    auto tx = transfer();
    std::optional<Fault> fault;
    SECTION("because its signature is bad") {
        tx.signature.bytes[40] ^= 1;
        fault = Fault::bad_signature;
    }
    SECTION("because the sender cannot pay it") {
        tx = transfer({.amount = 2'000'000});
    }
    announce(1, tx);
    REQUIRE(asked(1) == Ids{relay_id(tx)});
    give(1, tx);
    run_jobs();
    CHECK(pool.size() == 0);
    CHECK(blames.size() == (fault ? 1 : 0));
    if (fault)
        CHECK(blames.at(0) == std::pair{LinkId{1}, *fault});
    CHECK(relay.refusal(ledger::transaction_id(chain().id(), tx)).has_value());

    announce(2, tx);
    pass(transaction_time_max);
    wake();
    CHECK(asked(2).empty());
    CHECK(told(1).empty());
    CHECK(told(2).empty());

    mine({});
    announce(2, tx);
    CHECK(asked(2) == Ids{relay_id(tx)});
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: the right signature passes after a wrong one", "[node][G9][K7]"
) {
    join(1);
    const auto good = transfer();
    auto bad = good;
    bad.signature.bytes[40] ^= 1;
    announce(1, bad);
    give(1, bad);
    run_jobs();
    announce(1, good);
    REQUIRE_FALSE(asked(1).empty());
    give(1, good);
    run_jobs();
    CHECK(pool.size() == 1);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: what one peer withholds the next one gives", "[node][G2][G9]"
) {
    join(1);
    join(2);
    const auto tx = transfer();
    announce(1, tx);
    announce(2, tx);
    REQUIRE(asked(1) == Ids{relay_id(tx)});
    pass(transaction_time_max);
    CHECK(*relay.next_wakeup() <= time.steady);
    wake();
    CHECK(asked(2) == Ids{relay_id(tx)});
    give(2, tx);
    run_jobs();
    CHECK(pool.size() == 1);
    // The late answer costs nothing.
    give(1, tx);
    CHECK(blames.empty());
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: peers that we chose are asked first", "[node][relay]"
) {
    join(1, Direction::inbound);
    join(2, Direction::outbound);
    const auto tx = transfer();
    announce(1, tx);
    CHECK(asked(1).empty());
    SECTION("when they have it") {
        announce(2, tx);
        CHECK(asked(2) == Ids{relay_id(tx)});
    }
    SECTION("and others after a while") {
        pass(inbound_request_delay);
        wake();
        CHECK(asked(1) == Ids{relay_id(tx)});
    }
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: what nobody asked for is not looked at", "[node][relay]"
) {
    join(1);
    const auto tx = transfer();
    give(1, tx);
    CHECK(jobs.empty());
    CHECK(blames == std::vector{std::pair{LinkId{1}, Fault::unrequested}});
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: bytes that are no transaction are a fault", "[node][relay]"
) {
    join(1);
    const Bytes bytes(40, 0xff);
    const auto id = wire::relay_id(bytes);
    receive(1, wire::Inventory{{{id, 40}}, {}});
    receive(1, wire::Transactions{{{bytes}}});
    CHECK(blames == std::vector{std::pair{LinkId{1}, Fault::malformed_transaction}});
    asked(1);
    receive(1, wire::Inventory{{{id, 40}}, {}});
    CHECK(asked(1).empty());
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: a peer is served what was announced to it", "[node][relay]"
) {
    join(1);
    const auto tx = transfer();
    push(tx);
    REQUIRE(told(1) == Ids{relay_id(tx)});
    receive(1, wire::GetTransactions{{relay_id(tx)}});
    const auto given = take_sent<wire::Transactions>(1);
    REQUIRE(given.size() == 1);
    CHECK(given[0].transactions.at(0).bytes == codec::encode(tx));

    SECTION("but not what was not") {
        join(2);
        peers.at(LinkId{2}).relays_transactions = false;
        take_sent<wire::Inventory>(2);
        const auto second = transfer({.nonce = 1});
        pass(announce_interval);
        push(second);
        CHECK(told(2).empty());
        receive(2, wire::GetTransactions{{relay_id(second)}});
        const auto missing = take_sent<wire::NotFound>(2);
        REQUIRE(missing.size() == 1);
        CHECK(missing[0].transactions == Ids{relay_id(second)});
    }
    SECTION("and nothing after it was mined") {
        mine({tx});
        receive(1, wire::GetTransactions{{relay_id(tx)}});
        CHECK(take_sent<wire::NotFound>(1).size() == 1);
    }
}

TEST_CASE_METHOD(
    Fixture,
    "TransactionRelay: what is pushed is announced until somebody wants it",
    "[node][relay]"
) {
    join(1);
    join(2);
    const auto ours = transfer({.from = 0});
    push(ours);
    const auto theirs = transfer({.from = 1});
    announce(2, theirs);
    give(2, theirs);
    run_jobs();
    pass(announce_interval);
    wake();
    CHECK(told(1).size() == 2);
    CHECK(told(2) == Ids{relay_id(ours)});

    pass(repeat_time_min - announce_interval - milliseconds{1});
    wake();
    CHECK(told(1).empty());
    pass(repeat_time_max - repeat_time_min + milliseconds{1});
    wake();
    CHECK(told(1) == Ids{relay_id(ours)});
    CHECK(told(2) == Ids{relay_id(ours)});
    SECTION("a peer asks for it") {
        receive(1, wire::GetTransactions{{relay_id(ours)}});
    }
    SECTION("a peer has it from elsewhere") {
        announce(2, ours);
    }
    SECTION("a block holds it") {
        mine({ours});
    }
    pass(repeat_time_max);
    wake();
    CHECK(told(1).empty());
    CHECK(told(2).empty());
}

TEST_CASE_METHOD(Fixture, "TransactionRelay: a new peer hears what is pending", "[node][relay]") {
    const auto tx = transfer();
    push(tx);
    pass(announce_interval);
    wake();
    pass(announce_interval);
    join(1);
    CHECK(told(1) == Ids{relay_id(tx)});
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: announcements go out in batches", "[node][relay][G7]"
) {
    join(1);
    Ids ids;
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce) {
        const auto tx = transfer({.fee = 100 + nonce, .nonce = nonce});
        ids.push_back(relay_id(tx));
        push(tx);
    }
    CHECK(told(1) == Ids{ids[0]});
    CHECK(relay.next_wakeup() == time.steady + announce_interval);
    pass(announce_interval);
    wake();
    CHECK(take_sent<wire::Inventory>(1).size() == 1);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: what waits for a nonce is announced after it", "[node][relay]"
) {
    join(1);
    const auto early = transfer({.nonce = 1});
    push(early);
    CHECK(pool.size() == 1);
    CHECK(told(1).empty());
    pass(announce_interval);
    const auto missing = transfer({.nonce = 0});
    push(missing);
    pass(announce_interval);
    wake();
    CHECK(told(1) == Ids{relay_id(missing), relay_id(early)});
}

TEST_CASE_METHOD(Fixture, "TransactionRelay: a push is answered", "[node][relay][M5]") {
    const auto tx = transfer();
    push(tx);
    CHECK(pushed().id == ledger::transaction_id(chain().id(), tx));
    CHECK_FALSE(pushed().was_known);

    SECTION("as known while it waits") {
        push(tx);
        CHECK(pushed().was_known);
    }
    SECTION("as known when it was mined") {
        mine({tx});
        push(tx);
        CHECK(pushed().was_known);
    }
    SECTION("with the rule that refuses it") {
        auto forged = transfer({.from = 1});
        forged.signature = {};
        push(forged);
        CHECK(refused().code == "rejected");
        CHECK(refused().rule == "transaction.bad_signature");
        CHECK(refused().expected.ends_with(" for the chain " + spec.name));
    }
    SECTION("with the numbers of the account") {
        mine({tx});
        push(transfer({.amount = 11}));
        CHECK(refused().rule == "mempool.nonce_too_low");
        CHECK(refused().expected == "nonce 1 or higher");
        CHECK(refused().actual == "nonce 0");
    }
    SECTION("with a refusal of a second one for the same nonce") {
        push(transfer({.amount = 11}));
        CHECK(refused().rule == "mempool.replacement_fee_too_low");
        CHECK(pool.size() == 1);
    }
    SECTION("or of one that would pay enough for it, but must not") {
        const auto better = transfer({.fee = 1'000});
        push(better, false);
        CHECK(refused().rule == "mempool.nonce_taken");
        CHECK(pool.size() == 1);
        push(better);
        CHECK(pushed().id == ledger::transaction_id(chain().id(), better));
        CHECK(pool.size() == 1);
    }
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: what the pool lets go is told with its reason", "[node][explain]"
) {
    const auto id_of = [&](const auto& transaction) {
        return ledger::transaction_id(chain().id(), transaction);
    };
    const auto first = transfer({.fee = 1'000});
    const auto waiting = transfer({.from = 1, .fee = 1'000});
    push(first);
    push(waiting);
    CHECK(chronicle.drop_reason(id_of(first)) == std::nullopt);
    push(transfer({.fee = 1'100}));
    CHECK(chronicle.drop_reason(id_of(first)) == mempool::DropReason::replaced);
    for (const auto later : {std::chrono::hours{0}, std::chrono::hours{73}}) {
        pass(later);
        auto now = context();
        relay.on_time(now);
    }
    CHECK(chronicle.drop_reason(id_of(waiting)) == mempool::DropReason::expired);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: one of two with the same nonce leaves when mined", "[node][M5]"
) {
    join(1);
    const auto ours = transfer({.amount = 10});
    const auto theirs = transfer({.amount = 11});
    push(ours);
    REQUIRE(pool.size() == 1);
    mine({theirs});
    CHECK(pool.size() == 0);
    take_sent<wire::Inventory>(1);
    announce(1, theirs);
    give(1, theirs);
    run_jobs();
    CHECK(pool.size() == 0);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: nothing is asked for while the node syncs", "[node][relay]"
) {
    join(1);
    auto now = context();
    relay.set_syncing(now, true);
    const auto tx = transfer();
    announce(1, tx);
    CHECK(asked(1).empty());
    relay.set_syncing(now, false);
    CHECK(asked(1) == Ids{relay_id(tx)});
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: what a reorganisation returns is announced", "[node][G10][R3]"
) {
    const auto fork = chain().tip().hash;
    const auto tx = transfer();
    mine({tx});
    join(1);
    const auto rival = build(fork, {.transactions = {}, .miner = 8});
    REQUIRE(chain().submit(rival, time.wall).has_value());
    auto change = chain().submit(build(rival->hash(), {.transactions = {}, .miner = 8}), time.wall);
    REQUIRE(change.has_value());
    REQUIRE(change->is_reorganisation());
    pool.on_chain_change(*change, time);
    auto now = context();
    relay.on_chain_change(now, {*change});
    CHECK(pool.size() == 1);
    CHECK(told(1) == Ids{relay_id(tx)});
}

}  // namespace cairn::node
