// Transactions of other chains: who pushes one is told which chain it was signed for, and no peer
// makes a node look for that.
#include "tests/unit/node/transaction_relay_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace cairn::node {

namespace {

/// A relay whose operator knows `count` other chains, named "0", "1" and so on.
struct OtherChainsFixture : TransactionRelayFixture {
    static ledger::NamedChain numbered(std::size_t number) {
        ledger::NamedChain chain{.name = std::to_string(number), .id = {}};
        chain.id.bytes[0] = static_cast<std::uint8_t>(number + 1);
        return chain;
    }

    void know(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            config.other_chains.push_back(numbered(i));
    }

    /// The rule by which a transfer of the chain with this number is refused when it is pushed.
    std::string rule_of(std::size_t number) {
        push(make_transfer(numbered(number).id, {}));
        return refused().rule;
    }
};

}  // namespace

TEST_CASE_METHOD(
    OtherChainsFixture, "TransactionRelay: a push of a known chain is told so", "[node][K1][K12]"
) {
    know(2);
    const auto tx = make_transfer(numbered(1).id, {});
    push(tx);
    CHECK(refused().code == "rejected");
    CHECK(refused().rule == "transaction.wrong_chain");
    CHECK(refused().expected.ends_with("chain " + spec.name + " (" + to_hex(chain().id()) + ")"));
    CHECK(refused().actual.ends_with("chain 1 (" + to_hex(numbered(1).id) + ")"));
    CHECK_FALSE(refused().hint.empty());
    CHECK(pool.size() == 0);
    CHECK(relay.refused().at("transaction.wrong_chain") == 1);
    for (const auto& id : {chain().id(), numbered(1).id})
        CHECK(relay.refusal(ledger::transaction_id(id, tx))->rule == refused().rule);
    CHECK_FALSE(relay.refusal(ledger::transaction_id(numbered(0).id, tx)));

    CHECK(rule_of(2) == "transaction.bad_signature");
    push(transfer());
    CHECK(pool.size() == 1);
}

TEST_CASE_METHOD(
    OtherChainsFixture, "TransactionRelay: a push is tried on so many chains", "[node][K1]"
) {
    know(other_chains_max + 1);
    CHECK(rule_of(0) == "transaction.wrong_chain");
    CHECK(rule_of(other_chains_max - 1) == "transaction.wrong_chain");
    CHECK(rule_of(other_chains_max) == "transaction.bad_signature");
}

TEST_CASE_METHOD(
    OtherChainsFixture, "TransactionRelay: only a push is tried on other chains", "[node][K1][G9]"
) {
    know(1);
    const auto tx = make_transfer(numbered(0).id, {});
    const auto id = ledger::transaction_id(chain().id(), tx);
    const auto others = [&] {
        collect();
        return std::get<CheckTransactionsJob>(jobs.front().work).others.size();
    };
    SECTION("not what a peer gives, which is blamed as before") {
        join(1);
        announce(1, tx);
        give(1, tx);
        CHECK(others() == 0);
        run_jobs();
        CHECK(blames == std::vector{std::pair{LinkId{1}, Fault::bad_signature}});
        CHECK(relay.refusal(id)->rule == "transaction.bad_signature");
        // Whoever pushes it afterwards is told more.
        CHECK(rule_of(0) == "transaction.wrong_chain");
        CHECK(relay.refusal(id)->rule == "transaction.wrong_chain");
    }
    SECTION("not what the pool held before a restart") {
        auto now = context();
        mempool::SavedPool saved;
        saved.transactions.push_back({.arrived = time.wall, .transaction = tx});
        relay.on_command(now, CommandId{1}, RestorePool{saved});
        CHECK(others() == 0);
        run_jobs();
        CHECK(pool.size() == 0);
    }
    SECTION("but what somebody pushes") {
        auto now = context();
        relay.on_command(now, CommandId{1}, PushTransaction{tx});
        CHECK(others() == 1);
    }
}

}  // namespace cairn::node
