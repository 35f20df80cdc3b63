#include "tests/unit/execution/samples.hpp"

#include <catch2/catch.hpp>

namespace cairn::execution {

TEST_CASE("Genesis: the block carries the spec and the initial balances", "[execution]") {
    const auto spec = sample_spec();
    const auto genesis = make_genesis(spec);
    const auto& header = genesis.head.header;
    CHECK(header.version == 1);
    CHECK(header.chain.is_zero());
    CHECK(header.height == Height{0});
    CHECK(header.time == spec.time);
    CHECK(header.target == 0);
    CHECK(header.previous.is_zero());
    CHECK(header.tx_root == ledger::tx_root(genesis.transactions));
    CHECK(genesis.head.seal.empty());

    REQUIRE(genesis.transactions.size() == 1);
    const auto& coinbase = std::get<ledger::Coinbase>(genesis.transactions[0].payload);
    CHECK(coinbase.height == Height{0});
    CHECK(coinbase.to.is_zero());
    CHECK(coinbase.amount == Amount{0});
    CHECK(as_text(coinbase.body) == ledger::canonical_text(spec));
    CHECK(ledger::parse_chain_spec(as_text(coinbase.body)).value() == spec);

    state::State state{3};
    state.apply(genesis_diff(spec));
    CHECK(state.size() == 3);
    CHECK(state.root() == header.state_root);
    CHECK(read_account(state, account_number(2)).balance == Amount{1'000});
}

TEST_CASE("Genesis: under proof of work it has the easiest target and eight zeros", "[execution]") {
    auto spec = sample_spec();
    spec.engine.kind = ledger::EngineKind::proof_of_work;
    spec.engine.target_limit = 0x207fffff;
    const auto genesis = make_genesis(spec);
    CHECK(genesis.head.header.target == 0x207fffff);
    CHECK(genesis.head.seal == Bytes(8, 0));
}

TEST_CASE("Genesis: the chain's id commits to every word of the spec", "[execution]") {
    const auto spec = sample_spec();
    const auto id = chain_id_of(make_genesis(spec));
    CHECK(chain_id_of(spec) == id);
    CHECK(id == ledger::block_hash(make_genesis(spec).head).as<ChainId>());

    auto other_message = spec;
    other_message.message = "another";
    CHECK(chain_id_of(make_genesis(other_message)) != id);
    auto other_balance = spec;
    other_balance.balances[0].amount = Amount{1'001};
    CHECK(chain_id_of(make_genesis(other_balance)) != id);
}

TEST_CASE("Genesis: a balance of zero is no account", "[execution]") {
    auto spec = sample_spec();
    spec.balances[0].amount = Amount{0};
    CHECK(genesis_diff(spec).changes.size() == 2);
    spec.balances.clear();
    CHECK(genesis_diff(spec).changes.empty());
    CHECK(make_genesis(spec).head.header.state_root.is_zero());
}

TEST_CASE("Genesis: every built-in chain has one of its own", "[execution]") {
    std::vector<ChainId> ids;
    for (const auto name : ledger::built_in_chain_names())
        ids.push_back(chain_id_of(ledger::built_in_chain(name).value()));
    std::sort(ids.begin(), ids.end());
    CHECK(ids.size() == 3);
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}

}  // namespace cairn::execution
