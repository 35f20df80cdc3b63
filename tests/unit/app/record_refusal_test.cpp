// What commands about records and receipts refuse, and by which rules.
#include "src/app/client_commands.hpp"
#include "src/app/receipt_command.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/app/fake_node.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/ledger/transaction.hpp"
#include "cairn/receipt/receipt.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>

namespace cairn::app {

namespace {

using test::FakeNode;

/// Headers of a whole page: more may follow.
constexpr std::size_t page_headers = 2'000;
const std::string spec_reply = R"({"type":"get_block","block":{"data":[{"body":{}}]}})";

std::string headers_reply(std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += i == 0 ? R"("00")" : R"(,"00")";
    return R"({"type":"get_headers","headers":[)" + list + "]}";
}

/// A proof that `payload` stands in block 1.
std::string proof_reply(ledger::Payload payload) {
    const ledger::Transaction transaction{
        .from = {}, .nonce = {}, .fee = {}, .payload = std::move(payload), .signature = {}};
    return R"({"type":"get_proof","bytes":")" + to_hex(codec::encode(transaction)) +
           R"(","path":[],"height":1,"index":0,"count":1})";
}

const ledger::Record sample_record{.stream = "s", .key = "k", .format = {}, .body = to_bytes("1")};

/// What a node says up to the headers behind genesis, to be asked for a proof.
std::vector<std::string> replies_with(const std::string& proof) {
    return {
        R"({"type":"status","chain":"dev","chain_id":")" + std::string(64, 'a') + R"("})",
        spec_reply,
        headers_reply(1),
        proof};
}

/// The rule of the error in `out`; all about it is told.
std::string rule_in(const std::ostringstream& out) {
    INFO(out.str());
    const auto told = codec::parse_json(out.str());
    REQUIRE(told);
    const auto* data = told->find("data");
    REQUIRE(data != nullptr);
    for (const auto* name : {"rule", "expected", "actual", "hint"})
        REQUIRE(data->find(name) != nullptr);
    return *data->find("rule")->if_text();
}

/// By which rule a receipt is refused where a node gives `replies`; no file is written.
std::string rule_of(std::vector<std::string> replies, const std::string& checkpoint = {}) {
    replies.insert(replies.begin(), R"({"type":"get_transaction","status":"confirmed"})");
    FakeNode node{std::move(replies)};
    const test::TemporaryDirectory directory;
    const ReceiptGetOptions options{
        .node = node.address(),
        .transaction = std::string(64, 'b'),
        .output = (directory.path() / "receipt").string(),
        .checkpoint = checkpoint,
        .json = true};
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(run_receipt_get(options, out, errors) == 65);
    CHECK(errors.str().empty());
    CHECK(std::filesystem::is_empty(directory.path()));
    return rule_in(out);
}

}  // namespace

TEST_CASE("Record: a file that is too long is not read to its end", "[app]") {
    RecordPutOptions options{.stream = "s", .key = "k", .file = "/dev/zero"};
    options.signing.json = true;
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(run_record_put(options, out, errors) == 65);
    CHECK(rule_in(out) == "codec.too_long");
}

TEST_CASE("Record: what is no record is not shown as one", "[app]") {
    FakeNode node{{R"({"type":"get_transaction","transaction":{"kind":"transfer"}})"}};
    std::ostringstream out;
    std::ostringstream errors;
    const RecordGetOptions options{
        .node = node.address(), .transaction = std::string(64, 'b'), .json = true};
    CHECK(run_record_get(options, out, errors) == 65);
    CHECK(rule_in(out) == "app.not_a_record");
}

TEST_CASE("Receipt: a node's answer that lacks something is refused", "[app]") {
    auto replies = replies_with(proof_reply(sample_record));
    CHECK(rule_of({replies[0], R"({"type":"get_block"})"}) == "app.bad_answer");
    CHECK(rule_of({replies[0], replies[1], "[]"}) == "app.bad_answer");
    CHECK(rule_of({R"({"type":"status"})"}) == "app.bad_answer");
    replies[3] = R"({"type":"get_proof","bytes":"xyz"})";
    CHECK(rule_of(replies) == "app.bad_answer");
}

TEST_CASE("Receipt: a file that is there already is left as it is", "[app]") {
    const ReceiptGetOptions options{
        .transaction = std::string(64, 'b'), .output = "/dev/null", .json = true};
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(run_receipt_get(options, out, errors) == 64);
    CHECK(rule_in(out) == "wallet.exists");
}

TEST_CASE("Receipt: what is no record has none", "[app]") {
    CHECK(rule_of(replies_with(proof_reply(ledger::Transfer{}))) == "app.not_a_record");
}

TEST_CASE("Receipt: a record below its checkpoint has none", "[app]") {
    const auto replies = replies_with(proof_reply(sample_record));
    CHECK(rule_of(replies, "1000") == "receipt.wrong_checkpoint");
}

TEST_CASE("Receipt: more headers than it holds are refused", "[app]") {
    auto replies = replies_with(proof_reply(sample_record));
    replies.insert(
        replies.end(), receipt::headers_max / page_headers + 1, headers_reply(page_headers)
    );
    CHECK(rule_of(replies) == "codec.too_many");
}

TEST_CASE("Receipt: answers that do not fit together are asked for three times", "[app]") {
    const auto once = [] {
        auto replies = replies_with(proof_reply(sample_record));
        replies.push_back(headers_reply(1));
        return replies;
    }();
    std::vector<std::string> replies;
    for (int attempt = 0; attempt < 3; ++attempt)
        replies.insert(replies.end(), once.begin(), once.end());
    CHECK(rule_of(replies).starts_with("receipt.wrong_"));
}

}  // namespace cairn::app
