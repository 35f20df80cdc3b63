#include "tests/unit/ledger/samples.hpp"

#include <catch2/catch.hpp>

namespace cairn::ledger {

namespace {

Result<Transaction, codec::JsonError> read(std::string_view text) {
    const auto document = codec::parse_json(text);
    if (!document)
        return tl::unexpected{document.error()};
    return transaction_from_json(sample_chain(), *document);
}

}  // namespace

TEST_CASE("Transaction JSON: the id comes first and must be right", "[ledger][C6]") {
    const auto transfer = sample_transfer();
    const auto id = to_hex(transaction_id(sample_chain(), transfer));
    const auto text = to_json(sample_chain(), transfer);
    CHECK(text.substr(0, 84) == R"({"transaction":")" + id + R"(","k)");
    CHECK(read(text) == transfer);
    CHECK(read(codec::to_json(transfer)) == transfer);

    const auto other_chain = to_json(ChainId{}, transfer);
    REQUIRE_FALSE(read(other_chain));
    CHECK(read(other_chain).error().where == "transaction");
    CHECK(read(other_chain).error().code == codec::DecodeError::not_canonical);
}

TEST_CASE("Transaction JSON: a document stands as itself, other bodies as digits", "[ledger][C6]") {
    const auto has = [](const Transaction& transaction, std::string_view part) {
        return codec::to_json(transaction).find(part) != std::string::npos;
    };
    CHECK(
        has(sample_record(RecordFormat::json, "{\"z\":\"\u00e9\"}"),
            R"("format":"json","body":{"z":"\u00e9"},"signature")")
    );
    CHECK(has(sample_record(RecordFormat::bytes, "{}"), R"("format":"bytes","body_hex":"7b7d")"));
    CHECK(has(sample_record(RecordFormat::json, "{ }"), R"("format":"json","body_hex":"7b207d")"));
    CHECK_FALSE(has(sample_coinbase(""), "body"));
    CHECK(has(sample_coinbase("null"), R"("body":null})"));
    CHECK(has(sample_coinbase("\xff"), R"("body_hex":"ff"})"));
}

TEST_CASE("Transaction JSON: a document may be given in any notation", "[ledger][C6]") {
    const auto canonical = sample_coinbase(R"({"a":1,"b":[1e+21]})");
    auto text = codec::to_json(canonical);
    const std::string_view body = R"({"a":1,"b":[1e+21]})";
    text.replace(text.find(body), body.size(), R"({ "b" : [1000e18], "a" : 1 })");
    CHECK(codec::from_json_text<Transaction>(text) == canonical);
}

TEST_CASE("Transaction JSON: fields may come in any order", "[ledger][C6]") {
    const auto coinbase = sample_coinbase("");
    const auto to = to_hex(std::get<Coinbase>(coinbase.payload).to);
    const auto text = R"({"amount":50001010,"to":")" + to + R"(","height":7,"kind":"coinbase"})";
    CHECK(codec::from_json_text<Transaction>(text) == coinbase);
}

TEST_CASE("Transaction JSON: the greatest document is read back", "[ledger][C6]") {
    // Every character takes six in ASCII JSON.
    std::string text(body_bytes_max - 2, '\x7f');
    const auto greatest = sample_coinbase('"' + text + '"');
    CHECK(codec::from_json_text<Transaction>(codec::to_json(greatest)) == greatest);
    const auto beyond = sample_coinbase('"' + text + "x\"");
    CHECK_FALSE(is_document(std::get<Coinbase>(beyond.payload).body));

    std::string many = "[0";
    while (many.size() + 3 <= body_bytes_max)
        many += ",0";
    many += "]";
    const auto longest = sample_coinbase(many);
    CHECK(is_document(std::get<Coinbase>(longest.payload).body));
    CHECK(codec::from_json_text<Transaction>(codec::to_json(longest)) == longest);
}

TEST_CASE("Transaction JSON: each mistake has its error", "[ledger][C3][C7]") {
    for (const auto& sample : invalid_transactions_json()) {
        INFO(sample.name << ": " << sample.input);
        const auto result = read(sample.input);
        REQUIRE_FALSE(result);
        CHECK(to_string(result.error().code) == to_string(sample.error));
    }
}

TEST_CASE("Document: canonical JSON within the depth, nothing else", "[ledger]") {
    const auto is = [](std::string_view text) { return is_document(as_bytes(text)); };
    CHECK(is("null"));
    CHECK(is(R"({"a":1,"b":[]})"));
    CHECK_FALSE(is(""));
    CHECK_FALSE(is(" 1"));
    CHECK_FALSE(is("1.0"));
    CHECK_FALSE(is(R"({"b":1,"a":2})"));
    CHECK_FALSE(is(R"({"a":1,"a":1})"));
    CHECK_FALSE(is("\"\\u00e9\""));
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(is(nested(document_depth_max)));
    CHECK_FALSE(is(nested(document_depth_max + 1)));
}

}  // namespace cairn::ledger
