#include "tests/unit/execution/samples.hpp"

#include <catch2/catch.hpp>

namespace cairn::execution {

namespace {

using ledger::Record;
using ledger::RecordFormat;
using ledger::Transaction;

/// The outcome of the check on chain 0: "accepted" or the error's name.
std::string outcome(const Transaction& transaction) {
    static const auto spec = sample_spec();
    TransactionChecker checker{chain_number(0), spec, 1};
    const auto checked = checker.check(transaction);
    if (checked)
        return "accepted";
    CHECK_FALSE(checked.error().expected.empty());
    CHECK_FALSE(checked.error().actual.empty());
    return std::string{to_string(checked.error().rule)};
}

/// A signed record of account 0.
Transaction make_record(RecordFormat format, std::string_view body) {
    Transaction transaction;
    transaction.fee = Amount{1};
    transaction.payload = Record{"stream", "key", format, to_bytes(body)};
    ledger::sign_transaction(key_number(0), chain_number(0), transaction);
    return transaction;
}

/// Checks `transaction` as part of a block, with or without its signature.
Result<void, TransactionRefusal> check_in_block(const Transaction& transaction, bool is_known) {
    static const auto spec = sample_spec();
    TransactionChecker checker{chain_number(0), spec, 1};
    const auto bytes = codec::encode(transaction);
    const auto id = ledger::transaction_id(chain_number(0), transaction);
    return checker.check_in_block(transaction, id, bytes.size(), is_known);
}

}  // namespace

TEST_CASE("TransactionChecker: a good transfer gets its id and size", "[execution]") {
    const auto spec = sample_spec();
    TransactionChecker checker{chain_number(0), spec, 1};
    const auto transaction = make_signed_transfer({});
    const auto checked = checker.check(transaction);
    REQUIRE(checked.has_value());
    CHECK(checked->transaction() == transaction);
    CHECK(checked->id() == ledger::transaction_id(chain_number(0), transaction));
    CHECK(checked->size() == codec::encode(transaction).size());
}

TEST_CASE(
    "CheckedTransaction: one out of a checked block equals one that came alone", "[execution]"
) {
    const auto spec = sample_spec();
    TransactionChecker checker{chain_number(0), spec, 1};
    const auto transaction = make_signed_transfer({});
    const auto alone = checker.check(transaction).value();
    const auto returned = CheckedTransaction::from_checked_block(transaction, alone.id());
    CHECK(returned.transaction() == alone.transaction());
    CHECK(returned.id() == alone.id());
    CHECK(returned.size() == alone.size());
}

TEST_CASE("TransactionChecker: the chain's size limit holds to the byte", "[execution]") {
    const auto body_of = [](std::size_t size) { return std::string(size, 'x'); };
    const auto empty = codec::encode(make_record(RecordFormat::bytes, body_of(200))).size() - 200;
    const auto most = sample_spec().limits.transaction_bytes - empty;
    CHECK(outcome(make_record(RecordFormat::bytes, body_of(most))) == "accepted");
    CHECK(outcome(make_record(RecordFormat::bytes, body_of(most + 1))) == "too_large");
}

TEST_CASE("TransactionChecker: a record's JSON must be canonical", "[execution]") {
    struct Row {
        RecordFormat format;
        std::string_view body;
        std::string_view expect;
    };

    const std::vector<Row> rows{
        {RecordFormat::json, R"({"a":1,"b":[true]})", "accepted"},
        {RecordFormat::json, R"({"b":[true],"a":1})", "body_not_canonical"},
        {RecordFormat::json, R"({"a": 1})", "body_not_canonical"},
        {RecordFormat::json, R"({"a":1,"a":1})", "body_not_canonical"},
        {RecordFormat::json, "", "body_not_canonical"},
        {RecordFormat::json, "\xff", "body_not_canonical"},
        {RecordFormat::bytes, R"({"a": 1})", "accepted"},
        {RecordFormat::bytes, "", "accepted"},
    };
    for (const auto& row : rows) {
        INFO(row.body);
        CHECK(outcome(make_record(row.format, row.body)) == row.expect);
    }
}

TEST_CASE("TransactionChecker: a record's JSON is nested 24 deep at most", "[execution]") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    const auto most = ledger::document_depth_max;
    CHECK(outcome(make_record(RecordFormat::json, nested(most))) == "accepted");
    CHECK(outcome(make_record(RecordFormat::json, nested(most + 1))) == "body_not_canonical");
}

TEST_CASE("TransactionChecker: amount and fee together stay within 2^53-1", "[execution][K2]") {
    const auto everything = std::uint64_t{0} - 1;
    CHECK(outcome(make_signed_transfer({.amount = quantity_max - 1})) == "accepted");
    CHECK(outcome(make_signed_transfer({.amount = quantity_max})) == "amount_overflow");
    CHECK(outcome(make_signed_transfer({.amount = 1, .fee = quantity_max})) == "amount_overflow");
    // In memory any 64-bit number can stand; sums must not wrap around.
    CHECK(outcome(make_signed_transfer({.amount = everything})) == "amount_overflow");
    CHECK(outcome(make_signed_transfer({.amount = 2, .fee = everything})) == "amount_overflow");
}

TEST_CASE(
    "TransactionChecker: only the sender's signature over this id counts", "[execution][K7]"
) {
    auto transaction = make_signed_transfer({});
    CHECK(outcome(transaction) == "accepted");

    SECTION("none at all") {
        transaction.signature = {};
    }

    SECTION("another transaction's") {
        transaction.signature = make_signed_transfer({.nonce = 1}).signature;
    }

    SECTION("another account's") {
        transaction.from = account_number(1);
    }

    SECTION("a changed field") {
        transaction.fee = Amount{2};
    }

    SECTION("r not below the field's order") {
        std::fill_n(transaction.signature.bytes.begin(), 32, std::uint8_t{0xff});
    }

    SECTION("s not below the group's order") {
        std::fill_n(transaction.signature.bytes.begin() + 32, 32, std::uint8_t{0xff});
    }

    SECTION("s zero") {
        std::fill_n(transaction.signature.bytes.begin() + 32, 32, std::uint8_t{0});
    }

    SECTION("a sender that is no point of the curve") {
        transaction.from.bytes.fill(0xff);
    }

    SECTION("a sender of zeros") {
        transaction.from = {};
    }

    SECTION("one flipped bit") {
        transaction.signature.bytes[40] ^= 1;
    }

    CHECK(outcome(transaction) == "bad_signature");
    CHECK(check_in_block(transaction, false).error() == TransactionError::bad_signature);
}

TEST_CASE("TransactionChecker: a transaction of another chain is refused", "[execution][K1][K12]") {
    const auto spec = sample_spec();
    TransactionChecker here{chain_number(0), spec, 1};
    TransactionChecker elsewhere{chain_number(1), spec, 1};
    const auto transaction = make_signed_transfer({});
    CHECK(here.check(transaction).has_value());
    CHECK(elsewhere.check(transaction).error() == TransactionError::bad_signature);
}

TEST_CASE("TransactionChecker: a chain that is known and fits is named", "[execution][K1][K12]") {
    const auto spec = sample_spec();
    TransactionChecker elsewhere{chain_number(1), spec, 1};
    const ledger::NamedChain third{.name = "third", .id = chain_number(3)};
    const ledger::NamedChain home{.name = "home", .id = chain_number(0)};
    const auto refusal = [&](const ledger::Transaction& transaction,
                             const std::vector<ledger::NamedChain>& others) {
        return elsewhere.check(transaction, others).error();
    };
    const auto transaction = make_signed_transfer({});
    CHECK(refusal(transaction, {third}) == TransactionError::bad_signature);
    CHECK(refusal(make_record(RecordFormat::bytes, ""), {home}) == TransactionError::wrong_chain);

    const auto wrong = refusal(transaction, {third, home});
    CHECK(wrong == TransactionError::wrong_chain);
    const std::string_view expected{"the sender's BIP340 signature for the chain "};
    CHECK(wrong.expected == std::string{expected} + "test (" + to_hex(chain_number(1)) + ")");
    CHECK(wrong.actual == std::string{expected} + "home (" + to_hex(home.id) + ")");

    SECTION("the sender must be the signer there, too") {
        auto forged = transaction;
        forged.from = account_number(1);
        CHECK(refusal(forged, {home}) == TransactionError::bad_signature);
    }
    SECTION("what is wrong for ever is told first") {
        const auto overflow = make_signed_transfer({.amount = quantity_max});
        CHECK(refusal(overflow, {home}) == TransactionError::amount_overflow);
    }
    SECTION("what is good here is accepted, whatever chains are known") {
        TransactionChecker here{chain_number(0), spec, 1};
        CHECK(here.check(transaction, std::vector{third}).has_value());
    }
}

TEST_CASE("TransactionChecker: a known signature saves only the signature", "[execution]") {
    auto transaction = make_signed_transfer({});
    transaction.signature = {};
    CHECK(check_in_block(transaction, true).has_value());
    transaction.fee = Amount{quantity_max};
    CHECK(check_in_block(transaction, true).error() == TransactionError::amount_overflow);
    const auto record = make_record(RecordFormat::json, "{ }");
    CHECK(check_in_block(record, true).error() == TransactionError::body_not_canonical);
    const auto large = make_record(RecordFormat::bytes, std::string(3'000, 'x'));
    CHECK(check_in_block(large, true).error() == TransactionError::too_large);
}

TEST_CASE("TransactionChecker: a coinbase stands only in a block", "[execution]") {
    auto coinbase = make_coinbase(1, 50);
    CHECK(outcome(coinbase) == "misplaced_coinbase");
    CHECK(check_in_block(coinbase, false).has_value());
    std::get<ledger::Coinbase>(coinbase.payload).body = to_bytes(R"({"data":"hello"})");
    CHECK(check_in_block(coinbase, false).has_value());
    std::get<ledger::Coinbase>(coinbase.payload).body = to_bytes(R"({"data" : "hello"})");
    CHECK(check_in_block(coinbase, false).error() == TransactionError::body_not_canonical);
    std::get<ledger::Coinbase>(coinbase.payload).body = to_bytes(std::string(3'000, '1'));
    CHECK(check_in_block(coinbase, false).error() == TransactionError::too_large);
}

TEST_CASE("TransactionError: every error has its own name", "[execution]") {
    std::vector<std::string_view> names;
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(TransactionError::balance_overflow);
         ++i)
        names.push_back(to_string(static_cast<TransactionError>(i)));
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    CHECK(std::find(names.begin(), names.end(), "unknown") == names.end());
}

}  // namespace cairn::execution
