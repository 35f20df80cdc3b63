#include "tests/support/chain_fixture.hpp"

#include "cairn/chain/validation.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

using chain::BlockRule;
using chain::BlockStatus;

TEST_CASE("Chain: a new one starts with its genesis, whose hash is its id", "[chain]") {
    ChainFixture fixture;
    CHECK(fixture.chain().tip().height() == Height{0});
    CHECK(fixture.chain().tip().hash.as<ChainId>() == fixture.chain().id());
    CHECK(fixture.balance(0) == 1'000'000);
    CHECK(fixture.store.commits == 1);
}

TEST_CASE("Chain: a block on the tip becomes the tip and pays its miner", "[chain]") {
    ChainFixture fixture;
    const auto transfer = make_transfer(fixture.chain().id(), {.amount = 100, .fee = 7});
    const auto block = fixture.build(fixture.chain().tip().hash, {.transactions = {transfer}});
    const auto change = fixture.chain().submit(block, fixture.now());
    REQUIRE(change.has_value());
    CHECK(change->connected.size() == 1);
    CHECK_FALSE(change->is_reorganisation());
    CHECK(fixture.balance(0) == 1'000'000 - 107);
    CHECK(fixture.balance(1) == 1'000'100);
    CHECK(fixture.balance(9) == 57);
    const auto place = fixture.chain().find_transaction(block->ids()[1]).value();
    CHECK(place == chain::TransactionPlace{.height = Height{1}, .index = 1});
    REQUIRE(fixture.chain().commit().has_value());
    CHECK(fixture.chain().find_transaction(block->ids()[1]).value() == place);
}

TEST_CASE("Chain: what is known or has no parent is named so", "[chain]") {
    ChainFixture fixture;
    const auto first = fixture.build(fixture.chain().tip().hash);
    REQUIRE(fixture.chain().submit(first, fixture.now()));
    CHECK(fixture.chain().submit(first, fixture.now()).error().rule == BlockRule::known);
    const auto second = fixture.build(first->hash());
    ChainFixture blank;
    CHECK(blank.chain().submit(second, fixture.now()).error().rule == BlockRule::unknown_parent);
    REQUIRE(blank.chain().add_header(first->head(), first->hash(), fixture.now()));
    CHECK(blank.chain().submit(second, fixture.now()).error().rule == BlockRule::unknown_parent);
}

TEST_CASE("Chain: a reward that is one too high is refused and remembered", "[chain][K3]") {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    const auto bad = fixture.build(genesis, {.transactions = {}, .reward_error = 1});
    const auto refused = fixture.chain().submit(bad, fixture.now());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().rule == BlockRule::execution);
    CHECK(chain::rule_name(refused.error()) == "execution.coinbase_amount");
    CHECK(chain::is_permanent(refused.error()));
    CHECK(fixture.chain().tip().hash == genesis);
    CHECK(fixture.chain().submit(bad, fixture.now()).error().rule == BlockRule::known_invalid);
    CHECK(fixture.chain().best_header().hash == genesis);
    const auto child = fixture.chain().find(bad->hash());
    CHECK(child->status == BlockStatus::invalid);
}

TEST_CASE("Chain: a wrong state root leaves the state as it was", "[chain][K11]") {
    ChainFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    const auto root = fixture.chain().root_after({});
    const auto transfer = make_transfer(fixture.chain().id(), {});
    const auto bad = fixture.build(genesis, {.transactions = {transfer}, .wrong_state_root = true});
    const auto refused = fixture.chain().submit(bad, fixture.now());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().rule == BlockRule::wrong_state_root);
    CHECK(fixture.chain().root_after({}) == root);
    CHECK(fixture.balance(1) == 1'000'000);
}

TEST_CASE("Chain: a mutated body costs the sender, never the block", "[chain][K6]") {
    ChainFixture fixture;
    const auto transfer = make_transfer(fixture.chain().id(), {});
    const auto good = fixture.build(fixture.chain().tip().hash, {.transactions = {transfer}});
    auto duplicated = good->block();
    duplicated.transactions.push_back(duplicated.transactions.back());
    auto reordered = good->block();
    std::swap(reordered.transactions[0], reordered.transactions[1]);
    auto empty = good->block();
    empty.transactions.clear();
    chain::BlockChecker checker{fixture.chain().id(), fixture.spec, *fixture.engine, 3};
    for (const auto& mutated : {duplicated, reordered, empty}) {
        const auto refused = checker.check(codec::encode(mutated));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().rule == BlockRule::wrong_tx_root);
        CHECK_FALSE(chain::is_permanent(refused.error()));
    }
    CHECK(fixture.chain().submit(good, fixture.now()).has_value());
}

TEST_CASE("Chain: block bytes end at the chain's limit", "[chain][K8]") {
    ChainFixture fixture;
    const auto block = fixture.build(fixture.chain().tip().hash);
    auto spec = fixture.spec;
    spec.limits.block_bytes = block->bytes().size();
    chain::BlockChecker checker{fixture.chain().id(), spec, *fixture.engine, 3};
    CHECK(checker.check(block->bytes()).has_value());
    spec.limits.block_bytes -= 1;
    CHECK(checker.check(block->bytes()).error().rule == BlockRule::too_large);
}

TEST_CASE("Chain: broken bytes and a broken seal are told apart", "[chain][explain]") {
    ChainFixture fixture;
    const auto good = fixture.build(fixture.chain().tip().hash);
    chain::BlockChecker checker{fixture.chain().id(), fixture.spec, *fixture.engine, 3};
    auto longer = good->bytes();
    longer.push_back(0);
    const auto malformed = checker.check(std::move(longer));
    REQUIRE_FALSE(malformed.has_value());
    CHECK(malformed.error().rule == BlockRule::malformed);
    CHECK(chain::rule_name(malformed.error()) == "codec.trailing_bytes");
    auto sealed = good->block();
    sealed.head.seal = {1};
    const auto refused = checker.check(codec::encode(sealed));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().rule == BlockRule::header);
    CHECK(chain::rule_name(refused.error()) == "consensus.malformed_seal");
}

TEST_CASE("Chain: an unknown header version is valid", "[chain][K8]") {
    ChainFixture fixture;
    auto block = fixture.build(fixture.chain().tip().hash)->block();
    block.head.header.version = 0x20000000;
    CHECK(fixture.chain().submit(fixture.seal(block), fixture.now()).has_value());
}

TEST_CASE("Chain: the same transaction is not mined twice", "[chain][K1]") {
    ChainFixture fixture;
    const auto transfer = make_transfer(fixture.chain().id(), {});
    const auto genesis = fixture.chain().tip().hash;
    const auto first = fixture.build(genesis, {.transactions = {transfer}});
    REQUIRE(fixture.chain().submit(first, fixture.now()));
    const auto again = fixture.build(first->hash(), {.transactions = {transfer}});
    const auto refused = fixture.chain().submit(again, fixture.now());
    CHECK(chain::rule_name(refused.error()) == "execution.nonce_too_low");
    auto twice = fixture.build(first->hash())->block();
    twice.transactions.insert(twice.transactions.end(), {transfer, transfer});
    twice.head.header.tx_root = ledger::tx_root(twice.transactions);
    chain::BlockChecker checker{fixture.chain().id(), fixture.spec, *fixture.engine, 3};
    CHECK(checker.check(codec::encode(twice)).error().rule == BlockRule::duplicate_transaction);
}

TEST_CASE("Chain: a signature that was checked before is matched whole", "[chain][K7]") {
    ChainFixture fixture;
    const auto transfer = make_transfer(fixture.chain().id(), {});
    auto block = fixture.build(fixture.chain().tip().hash, {.transactions = {transfer}});
    auto forged = block->block();
    forged.transactions[1].signature.bytes[5] ^= 1;
    forged.head.header.tx_root = ledger::tx_root(forged.transactions);
    chain::BlockChecker checker{fixture.chain().id(), fixture.spec, *fixture.engine, 3};
    const std::vector<chain::KnownSignature> known{{block->ids()[1], transfer.signature}};
    CHECK(checker.check(block->bytes(), known).has_value());
    const auto refused = checker.check(codec::encode(forged), known);
    CHECK(refused.error().rule == BlockRule::transaction);
    CHECK(refused.error().transaction == execution::TransactionError::bad_signature);
}

TEST_CASE("Chain: locators thin out towards genesis and find the fork", "[chain][S7]") {
    ChainFixture fixture;
    const auto tip = fixture.extend(fixture.chain().tip().hash, 100);
    const auto locator = fixture.chain().locator(fixture.chain().tip());
    CHECK(locator.front() == tip);
    CHECK(locator.back() == fixture.chain().at(Height{0})->hash);
    CHECK(locator.size() < 20);
    for (std::size_t i = 0; i < 11; ++i)
        CHECK(locator[i] == fixture.chain().at(Height{100 - i})->hash);
    CHECK(fixture.chain().fork_point(locator).hash == tip);
    CHECK(fixture.chain().fork_point({locator.rbegin(), locator.rend()}).hash == tip);
    CHECK(fixture.chain().fork_point({BlockHash{}}).height() == Height{0});
}

TEST_CASE("Chain: headers come before bodies, and missing bodies are told in order", "[chain]") {
    ChainFixture source;
    source.extend(source.chain().tip().hash, 5);
    ChainFixture fixture;
    std::vector<BlockHash> expected;
    for (std::uint64_t height = 1; height <= 5; ++height) {
        const auto& entry = *source.chain().at(Height{height});
        REQUIRE(fixture.chain().add_header(entry.head, entry.hash, fixture.now()));
        expected.push_back(entry.hash);
    }
    const auto& best = fixture.chain().best_header();
    CHECK(best.height() == Height{5});
    CHECK(best.status == BlockStatus::header_only);
    CHECK(fixture.chain().missing_bodies(best, 10) == expected);
    CHECK(fixture.chain().missing_bodies(best, 2).size() == 2);
    CHECK(fixture.chain().ancestor(best, Height{2})->hash == expected[1]);
    CHECK(fixture.chain().tip().height() == Height{0});
}

TEST_CASE("Validation: every block is checked again, a damaged one is named", "[chain]") {
    ChainFixture fixture;
    fixture.extend(fixture.chain().tip().hash, 20);
    REQUIRE(fixture.chain().commit());
    chain::Validator validator{fixture.chain(), Height{0}, 5};
    CHECK_FALSE(validator.step(7).has_value());
    const auto sound = validator.step(100);
    REQUIRE(sound.has_value());
    CHECK(sound->valid);
    CHECK(sound->checked == 21);

    fixture.store.bodies.at(fixture.chain().at(Height{13})->hash).back() ^= 1;
    chain::Validator again{fixture.chain(), Height{0}, 5};
    const auto damaged = again.step(100);
    REQUIRE(damaged.has_value());
    CHECK_FALSE(damaged->valid);
    CHECK(damaged->reason.find("at height 13") != std::string::npos);
}

}  // namespace cairn::test
