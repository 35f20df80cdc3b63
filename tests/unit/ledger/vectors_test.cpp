/// Holds proto_spec/vectors/ledger against the code. `UPDATE=1` in the environment rewrites the
/// files from the samples; the change is then reviewed like any other.
#include "tests/unit/ledger/samples.hpp"

#include "cairn/crypto/sha256.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace cairn::ledger {

namespace {

using Document = nlohmann::ordered_json;

/// The vectors in file `name`, which must be what `expected` says; written first when updating.
Document load(const std::string& name, const Document& expected) {
    const auto path = std::string{CAIRN_VECTORS_DIR "/ledger/"} + name;
    const auto text = expected.dump(1) + "\n";
    if (std::getenv("UPDATE") != nullptr)
        std::ofstream{path} << text;
    std::ostringstream content;
    content << std::ifstream{path}.rdbuf();
    CHECK(content.str() == text);
    return Document::parse(content.str());
}

Document invalid_cases(const std::vector<InvalidSample>& samples, const char* input_name) {
    auto cases = Document::array();
    for (const auto& sample : samples) {
        cases.push_back(
            {{"name", sample.name},
             {"why", sample.why},
             {input_name, sample.input},
             {"error", to_string(sample.error)}}
        );
    }
    return cases;
}

std::string text_of(const Document& value) {
    return value.get<std::string>();
}

Bytes bytes_of(const Document& value) {
    return from_hex(text_of(value)).value();
}

Document transaction_vectors() {
    auto valid = Document::array();
    for (const auto& sample : valid_transactions()) {
        const auto& transaction = sample.transaction;
        valid.push_back(
            {{"name", sample.name},
             {"why", sample.why},
             {"json", to_json(sample_chain(), transaction)},
             {"hex", to_hex(codec::encode(transaction))},
             {"id", to_hex(transaction_id(sample_chain(), transaction))}}
        );
    }
    return {
        {"chain", to_hex(sample_chain())},
        {"valid", valid},
        {"invalid", invalid_cases(invalid_transactions(), "hex")},
        {"invalid_json", invalid_cases(invalid_transactions_json(), "json")}};
}

Document block_vectors() {
    const auto block = sample_block();
    const BlockJsonContext context{
        .chain = sample_chain(),
        .prefix = "crn",
        .hash = block_hash(block.head),
        .difficulty = "4"};
    auto ids = Document::array();
    for (const auto& transaction : block.transactions)
        ids.push_back(to_hex(transaction_id(sample_chain(), transaction)));
    const Document valid = {
        {"name", "three_transactions"},
        {"why", "a coinbase, a transfer and a record"},
        {"json", to_json(context, block)},
        {"hex", to_hex(codec::encode(block))},
        {"header", to_hex(encode_header(block.head.header))},
        {"hash", to_hex(block_hash(block.head))},
        {"tx_root", to_hex(tx_root(block.transactions))},
        {"ids", ids}};
    return {
        {"chain", to_hex(sample_chain())},
        {"prefix", "crn"},
        {"valid", Document::array({valid})},
        {"invalid", invalid_cases(invalid_blocks(), "hex")}};
}

Document address_vectors() {
    const auto account = account_of(development_key(0).public_key());
    const auto right = to_address(account, "crn");
    auto typo = right;
    typo.back() = typo.back() == 'q' ? 'p' : 'q';
    const auto contract = to_address(account, "crn", AccountKind::contract);
    const auto other = to_address(account, "lab");
    return {
        {"prefix", "crn"},
        {"valid",
         {{{"name", "key"},
           {"why", "the account dev0"},
           {"account", to_hex(account)},
           {"address", right}}}},
        {"invalid",
         {{{"name", "typo"},
           {"why", "the last character differs"},
           {"address", typo},
           {"error", "mistyped"}},
          {{"name", "chain"},
           {"why", "the prefix of lab"},
           {"address", other},
           {"error", "wrong_chain"}},
          {{"name", "kind"},
           {"why", "a contract where a key is expected"},
           {"address", contract},
           {"error", "wrong_kind"}}}}};
}

Document chain_spec_vectors() {
    auto valid = Document::array();
    for (const auto name : built_in_chain_names()) {
        const auto text = canonical_text(built_in_chain(name).value());
        valid.push_back(
            {{"name", name},
             {"why", "built in"},
             {"json", text},
             {"sha256", to_hex(crypto::sha256(as_bytes(text)))}}
        );
    }
    return {{"valid", valid}};
}

}  // namespace

TEST_CASE("Vectors: transactions", "[ledger][C1][C4][C6][C7]") {
    const auto vectors = load("transactions.json", transaction_vectors());
    const auto chain = fixed_from_hex<ChainId>(text_of(vectors.at("chain"))).value();
    for (const auto& row : vectors.at("valid")) {
        INFO(row.at("name"));
        const auto decoded = codec::decode<Transaction>(bytes_of(row.at("hex")));
        REQUIRE(decoded);
        CHECK(to_json(chain, *decoded) == text_of(row.at("json")));
        CHECK(to_hex(transaction_id(chain, *decoded)) == text_of(row.at("id")));
        const auto document = codec::parse_json(text_of(row.at("json")));
        REQUIRE(document);
        CHECK(transaction_from_json(chain, *document) == *decoded);
    }
    for (const auto& row : vectors.at("invalid")) {
        INFO(row.at("name"));
        const auto decoded = codec::decode<Transaction>(bytes_of(row.at("hex")));
        REQUIRE_FALSE(decoded);
        CHECK(to_string(decoded.error()) == text_of(row.at("error")));
    }
    for (const auto& row : vectors.at("invalid_json")) {
        INFO(row.at("name"));
        const auto decoded = codec::from_json_text<Transaction>(text_of(row.at("json")));
        REQUIRE_FALSE(decoded);
        CHECK(to_string(decoded.error().code) == text_of(row.at("error")));
    }
}

TEST_CASE("Vectors: blocks", "[ledger][C1][C4][C6]") {
    const auto vectors = load("blocks.json", block_vectors());
    const auto chain = fixed_from_hex<ChainId>(text_of(vectors.at("chain"))).value();
    for (const auto& row : vectors.at("valid")) {
        INFO(row.at("name"));
        const auto decoded = decode_block(chain, bytes_of(row.at("hex")));
        REQUIRE(decoded);
        CHECK(to_hex(decoded->hash) == text_of(row.at("hash")));
        CHECK(to_hex(decoded->tx_root) == text_of(row.at("tx_root")));
        CHECK(to_hex(encode_header(decoded->block.head.header)) == text_of(row.at("header")));
    }
    for (const auto& row : vectors.at("invalid")) {
        INFO(row.at("name"));
        const auto decoded = decode_block(chain, bytes_of(row.at("hex")));
        REQUIRE_FALSE(decoded);
        CHECK(to_string(decoded.error()) == text_of(row.at("error")));
    }
}

TEST_CASE("Vectors: addresses", "[ledger][W6]") {
    const auto vectors = load("addresses.json", address_vectors());
    const auto prefix = text_of(vectors.at("prefix"));
    for (const auto& row : vectors.at("valid")) {
        const auto account = from_address(text_of(row.at("address")), prefix);
        REQUIRE(account);
        CHECK(to_hex(*account) == text_of(row.at("account")));
    }
    for (const auto& row : vectors.at("invalid")) {
        const auto account = from_address(text_of(row.at("address")), prefix);
        REQUIRE_FALSE(account);
        CHECK(to_string(account.error()) == text_of(row.at("error")));
    }
}

TEST_CASE("Vectors: chain specs", "[ledger][C6]") {
    const auto vectors = load("chain_specs.json", chain_spec_vectors());
    for (const auto& row : vectors.at("valid")) {
        INFO(row.at("name"));
        const auto text = text_of(row.at("json"));
        const auto spec = parse_chain_spec(text);
        REQUIRE(spec);
        CHECK(canonical_text(*spec) == text);
        CHECK(to_hex(crypto::sha256(as_bytes(text))) == text_of(row.at("sha256")));
    }
}

}  // namespace cairn::ledger
