#include "tests/unit/execution/samples.hpp"

#include <catch2/catch.hpp>

namespace cairn::execution {

namespace {

using state::AccountState;

AccountState account(std::uint64_t balance, std::uint64_t nonce) {
    return {.balance = Amount{balance}, .nonce = Nonce{nonce}};
}

/// Executes `transaction` alone: "accepted" or the error's name. Refusal must leave no trace.
std::string outcome(const state::StateView& base, const ledger::Transaction& transaction) {
    state::Overlay overlay{base};
    const auto executed = execute_transaction(overlay, transaction);
    if (executed)
        return "accepted";
    CHECK(overlay.diff().changes.empty());
    CHECK_FALSE(executed.error().expected.empty());
    CHECK_FALSE(executed.error().actual.empty());
    return std::string{to_string(executed.error().rule)};
}

/// Executes a block at height 7: "accepted", or the rule's name with the place it points to.
std::string block_outcome(
    const state::StateView& base, const std::vector<ledger::Transaction>& transactions
) {
    const auto diff = execute_block(base, sample_spec(), Height{7}, transactions);
    if (diff)
        return "accepted";
    const auto& error = diff.error();
    CHECK(error.transaction.has_value() == (error.rule == ExecutionRule::transaction));
    CHECK_FALSE(error.expected.empty());
    CHECK_FALSE(error.actual.empty());
    const auto name = error.transaction ? to_string(*error.transaction) : to_string(error.rule);
    return std::string{name} + " at " + std::to_string(error.index);
}

}  // namespace

TEST_CASE("execute_transaction: a transfer moves the amount and takes the fee", "[execution]") {
    const auto base = state_of({{0, account(100, 5)}});
    state::Overlay overlay{base};
    const auto transfer = make_transfer({.amount = 60, .fee = 7, .nonce = 5});
    REQUIRE(execute_transaction(overlay, transfer).has_value());
    CHECK(read_account(overlay, account_number(0)) == account(33, 6));
    CHECK(read_account(overlay, account_number(1)) == account(60, 0));
}

TEST_CASE("execute_transaction: a record takes the fee alone", "[execution]") {
    const auto base = state_of({{0, account(100, 0)}});
    state::Overlay overlay{base};
    auto transaction = make_transfer({.fee = 100});
    transaction.payload = ledger::Record{"stream", "key", ledger::RecordFormat::bytes, {}};
    REQUIRE(execute_transaction(overlay, transaction).has_value());
    CHECK(read_account(overlay, account_number(0)) == account(0, 1));
}

TEST_CASE("execute_transaction: a transfer to oneself costs the fee", "[execution]") {
    const auto base = state_of({{0, account(100, 0)}});
    state::Overlay overlay{base};
    const auto transfer = make_transfer({.to = 0, .amount = 99, .fee = 1});
    REQUIRE(execute_transaction(overlay, transfer).has_value());
    CHECK(read_account(overlay, account_number(0)) == account(99, 1));
    CHECK(outcome(base, make_transfer({.to = 0, .amount = 100})) == "insufficient_balance");
}

TEST_CASE("execute_transaction: nonces are consecutive", "[execution][K1]") {
    const auto base = state_of({{0, account(100, 5)}, {2, account(100, quantity_max)}});
    CHECK(outcome(base, make_transfer({.nonce = 4})) == "nonce_too_low");
    CHECK(outcome(base, make_transfer({.nonce = 5})) == "accepted");
    CHECK(outcome(base, make_transfer({.nonce = 6})) == "nonce_too_high");
    // After the last nonce comes nothing.
    CHECK(outcome(base, make_transfer({.from = 2, .nonce = quantity_max})) == "nonce_too_high");
}

TEST_CASE("execute_transaction: nobody pays what he does not have", "[execution][K2]") {
    const auto base = state_of({{0, account(100, 0)}});
    CHECK(outcome(base, make_transfer({.amount = 99, .fee = 1})) == "accepted");
    CHECK(outcome(base, make_transfer({.amount = 100, .fee = 1})) == "insufficient_balance");
    CHECK(outcome(base, make_transfer({.amount = 0, .fee = 101})) == "insufficient_balance");
    CHECK(
        outcome(base, make_transfer({.from = 5, .amount = 0, .fee = 1})) == "insufficient_balance"
    );
    CHECK(outcome(base, make_transfer({.from = 5, .amount = 0, .fee = 0})) == "accepted");
    const auto everything = std::uint64_t{0} - 1;
    CHECK(outcome(base, make_transfer({.amount = everything, .fee = 2})) == "amount_overflow");
    CHECK(outcome(base, make_transfer({.amount = quantity_max})) == "amount_overflow");
}

TEST_CASE("execute_transaction: no balance passes 2^53-1", "[execution][K2]") {
    const auto base = state_of({{0, account(100, 0)}, {1, account(quantity_max - 10, 0)}});
    CHECK(outcome(base, make_transfer({.amount = 10})) == "accepted");
    CHECK(outcome(base, make_transfer({.amount = 11})) == "balance_overflow");
}

TEST_CASE("execute_transaction: a coinbase is none", "[execution]") {
    const auto base = state_of({});
    CHECK(outcome(base, make_coinbase(7, 50)) == "misplaced_coinbase");
}

TEST_CASE("execute_block: the coinbase is paid subsidy and fees", "[execution][K3]") {
    const auto base = state_of({{0, account(100, 0)}});
    const auto first = make_transfer({.amount = 10, .fee = 3});
    const auto second = make_transfer({.amount = 10, .fee = 4, .nonce = 1});
    auto diff =
        execute_block(base, sample_spec(), Height{7}, {make_coinbase(7, 57), first, second});
    REQUIRE(diff.has_value());
    auto after = state_of({{0, account(100, 0)}});
    after.apply(*diff);
    CHECK(read_account(after, account_number(0)) == account(73, 2));
    CHECK(read_account(after, account_number(1)) == account(20, 0));
    CHECK(read_account(after, account_number(9)) == account(57, 0));
    CHECK(after.size() == 3);
}

TEST_CASE("execute_block: no other reward is right", "[execution][K3]") {
    const auto base = state_of({{0, account(100, 0)}});
    const auto transfer = make_transfer({.fee = 3});
    CHECK(block_outcome(base, {make_coinbase(7, 53), transfer}) == "accepted");
    CHECK(block_outcome(base, {make_coinbase(7, 54), transfer}) == "coinbase_amount at 0");
    CHECK(block_outcome(base, {make_coinbase(7, 52), transfer}) == "coinbase_amount at 0");
    CHECK(block_outcome(base, {make_coinbase(7, 56), transfer}) == "coinbase_amount at 0");
    CHECK(block_outcome(base, {make_coinbase(7, 0), transfer}) == "coinbase_amount at 0");
    CHECK(block_outcome(base, {make_coinbase(8, 53), transfer}) == "coinbase_height at 0");
    CHECK(block_outcome(base, {make_coinbase(6, 53), transfer}) == "coinbase_height at 0");
    CHECK(block_outcome(base, {}) == "coinbase_missing at 0");
    CHECK(block_outcome(base, {transfer}) == "coinbase_missing at 0");
    CHECK(block_outcome(base, {transfer, make_coinbase(7, 53)}) == "coinbase_missing at 0");
    CHECK(
        block_outcome(base, {make_coinbase(7, 53), transfer, make_coinbase(7, 53)}) ==
        "coinbase_misplaced at 2"
    );
}

TEST_CASE("execute_block: a coinbase is not spent in its own block", "[execution][K3]") {
    const auto base = state_of({});
    const auto spend = make_transfer({.from = 9, .amount = 10, .fee = 0});
    CHECK(block_outcome(base, {make_coinbase(7, 50), spend}) == "insufficient_balance at 1");
}

TEST_CASE("execute_block: what a transaction receives the next can spend", "[execution]") {
    const auto base = state_of({{0, account(100, 0)}});
    const auto receive = make_transfer({.to = 1, .amount = 50, .fee = 0});
    const auto spend = make_transfer({.from = 1, .to = 2, .amount = 50, .fee = 0});
    CHECK(block_outcome(base, {make_coinbase(7, 50), receive, spend}) == "accepted");
    CHECK(
        block_outcome(base, {make_coinbase(7, 50), spend, receive}) == "insufficient_balance at 1"
    );
}

TEST_CASE("execute_block: a transaction counts once", "[execution][K1]") {
    auto base = state_of({{0, account(100, 0)}});
    const auto transfer = make_transfer({});
    const std::vector<ledger::Transaction> block{make_coinbase(7, 51), transfer};
    CHECK(block_outcome(base, {make_coinbase(7, 52), transfer, transfer}) == "nonce_too_low at 2");
    base.apply(execute_block(base, sample_spec(), Height{7}, block).value());
    CHECK(block_outcome(base, block) == "nonce_too_low at 1");
}

TEST_CASE("execute_block: sums of fees and rewards are checked", "[execution][K2][K3]") {
    const auto rich = account(quantity_max, 0);
    const auto base = state_of({{0, rich}, {1, rich}, {9, account(quantity_max - 49, 0)}});
    const auto all = make_transfer({.to = 5, .amount = 0, .fee = quantity_max});
    const auto one = make_transfer({.from = 1, .to = 5, .amount = 0, .fee = 1});
    CHECK(block_outcome(base, {make_coinbase(7, 50), all, one}) == "fee_overflow at 2");
    CHECK(block_outcome(base, {make_coinbase(7, 50), all}) == "coinbase_amount at 0");
    CHECK(
        block_outcome(base, {make_coinbase(7, quantity_max + 50), all}) == "coinbase_amount at 0"
    );
    CHECK(block_outcome(base, {make_coinbase(7, 50)}) == "balance_overflow at 0");
}

TEST_CASE("ExecutionRule: every rule has its own name", "[execution]") {
    std::vector<std::string_view> names;
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(ExecutionRule::fee_overflow); ++i)
        names.push_back(to_string(static_cast<ExecutionRule>(i)));
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    CHECK(std::find(names.begin(), names.end(), "unknown") == names.end());
}

}  // namespace cairn::execution
