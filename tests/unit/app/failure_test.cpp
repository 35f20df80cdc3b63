#include "src/app/failure.hpp"

#include "src/app/client_commands.hpp"
#include "src/app/development_accounts.hpp"
#include "src/app/receipt_command.hpp"
#include "src/app/text_client.hpp"
#include "src/app/wallet_access.hpp"
#include "src/app/wallet_report.hpp"
#include "tests/support/temporary_directory.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/receipt/receipt.hpp"
#include "cairn/rpc/rules.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace cairn::app {

namespace {

using codec::Json;

std::string json_of(const Failure& failure) {
    return codec::to_text(to_json(failure));
}

/// A refusal of the program itself: a rule that `explain` knows, and all that people may ask.
void check_told(const Failure& failure) {
    INFO(to_text(failure));
    CHECK(rpc::find_rules(failure.rule).size() == 1);
    CHECK_FALSE(failure.message.empty());
    CHECK_FALSE(failure.expected.empty());
    CHECK_FALSE(failure.actual.empty());
    CHECK_FALSE(failure.hint.empty());
}

std::string text_in(const Json& object, std::string_view name) {
    const auto* field = object.find(name);
    return field == nullptr ? std::string{} : *field->if_text();
}

}  // namespace

TEST_CASE("Failure: a node's error and one of our own have one shape", "[app]") {
    const auto reply = codec::parse_json(
        R"({"type":"error","code":"rejected","message":"No.","data":{"rule":"mempool.known",)"
        R"("expected":"x","actual":"y","hint":"Wait."}})"
    );
    const auto theirs = failure_of(*reply);
    CHECK(
        to_text(theirs) ==
        "No. (rejected)\n  rule: mempool.known\n  expected: x\n  actual: y\n"
        "  hint: Wait."
    );
    CHECK(json_of(theirs) == codec::to_text(*reply));
    const Failure ours{
        .code = ExitCode::data,
        .message = "No.",
        .rule = "mempool.known",
        .expected = "x",
        .actual = "y",
        .hint = "Wait."};
    CHECK(to_text(ours) == "No.\n  rule: mempool.known\n  expected: x\n  actual: y\n  hint: Wait.");
    CHECK(json_of(ours) == codec::to_text(*reply));
}

TEST_CASE("Failure: a rule that says no more than the code is told to people, too", "[app]") {
    const auto reply =
        codec::parse_json(R"({"code":"not_found","message":"No.","data":{"rule":"rpc.not_found"}})"
        );
    CHECK(to_text(failure_of(*reply)) == "No. (not_found)\n  rule: rpc.not_found");
}

TEST_CASE("Failure: JSON that is wrong in its own way is called by its rule", "[app]") {
    const std::vector<std::pair<std::string, std::string>> rows{
        {R"({"b":1,"b":2})", "--json names a key twice in one object|codec.duplicate_key"},
        {"9007199254740993",
         "--json has a number that readers of JSON do not share|codec.number_too_large"},
        {"{", "--json is not JSON|codec.bad_json"},
        {"\"\xff\"", "--json is not valid Unicode|codec.bad_text"},
        {std::string(33, '['), "--json exceeds a limit of JSON documents|codec.too_deep"}};
    for (const auto& [text, told] : rows) {
        const auto failure = describe_json(codec::parse_json(text).error(), "--json");
        check_told(failure);
        CHECK(failure.message + "|" + failure.rule == told);
        CHECK_THAT(failure.actual, Catch::Contains(", at byte "));
    }
}

TEST_CASE("Failure: where no rule refuses, the code is the exit status's name", "[app]") {
    CHECK(
        json_of({ExitCode::unavailable, "nobody there"}) ==
        R"({"type":"error","code":"unavailable","message":"nobody there","data":{}})"
    );
    std::set<std::string> codes;
    for (const auto code :
         {ExitCode::ok,
          ExitCode::failure,
          ExitCode::usage,
          ExitCode::data,
          ExitCode::unavailable,
          ExitCode::io,
          ExitCode::timeout,
          ExitCode::config})
        codes.insert(text_in(to_json({code, ""}), "code"));
    CHECK(codes.size() == 8);
}

TEST_CASE("Failure: what a stranger writes shows no control characters", "[app][C8]") {
    const auto reply = codec::parse_json(
        R"({"code":"x\u001b","message":"a\u0007b\u00e9","data":{"hint":"c\nd","rule":7}})"
    );
    const auto failure = failure_of(*reply);
    CHECK(failure.error_code == "x?");
    CHECK(failure.message == "a?b??");
    CHECK(failure.hint == "c?d");
    CHECK(failure.rule.empty());
    CHECK(failure_of(Json::object({})).message == "no reason given");
    CHECK(failure_of(Json::object({})).error_code == "error");
}

TEST_CASE("Failure: a report goes to people, or as JSON where the result stands", "[app]") {
    std::ostringstream out;
    std::ostringstream errors;
    const Failure failure{ExitCode::io, "no disk"};
    CHECK(report(failure, false, out, errors) == 74);
    CHECK(out.str().empty());
    CHECK(errors.str() == "cairn: no disk\n");
    errors.str("");
    CHECK(report(failure, true, out, errors) == 74);
    CHECK(errors.str().empty());
    CHECK(out.str() == json_of(failure) + "\n");
}

TEST_CASE("Failure: each refusal about a wallet has all its fields", "[app]") {
    using wallet::FolderError;
    using wallet::KeystoreError;
    using wallet::MnemonicError;
    for (unsigned i = 0; i <= static_cast<unsigned>(KeystoreError::no_randomness); ++i)
        check_told(describe(static_cast<KeystoreError>(i), "wallet 'a'"));
    for (unsigned i = 0; i <= static_cast<unsigned>(FolderError::not_verified); ++i)
        check_told(describe(wallet::FolderFault{static_cast<FolderError>(i), "file", "no place"}));
    for (unsigned i = 0; i <= static_cast<unsigned>(MnemonicError::bad_passphrase); ++i)
        check_told(describe(wallet::MnemonicFault{static_cast<MnemonicError>(i), 3}));
}

TEST_CASE("Failure: what is wrong with an answer or a request has all its fields", "[app]") {
    for (const auto& failure :
         {no_development_accounts("cairn", "use another"),
          not_a_record(std::string(64, 'a')),
          describe(ClientError::bad_frame, Endpoint{}),
          describe(ClientError::too_long, Endpoint{})}) {
        check_told(failure);
        CHECK(failure.code == ExitCode::data);
    }
}

TEST_CASE("Failure: each mistake in an address has all its fields", "[app][W6]") {
    using ledger::AddressError;
    for (const auto error :
         {AddressError::mistyped, AddressError::wrong_chain, AddressError::wrong_kind}) {
        const auto failure = describe_address(error, "--to", "crn1qq", {"dev", "dev"});
        check_told(failure);
        CHECK(failure.code == ExitCode::data);
        CHECK(failure.message.starts_with("--to 'crn1qq' "));
        CHECK(failure.expected == "an address of chain dev, like dev1...");
    }
}

TEST_CASE("Receipt: each refusal tells rule, expected, actual and hint", "[app]") {
    const test::TemporaryDirectory directory;
    std::ifstream stream{std::string{CAIRN_VECTORS_DIR} + "/receipt/receipts.json"};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const auto vectors = codec::parse_json(text, {.bytes = 10'000'000, .values = 100'000});
    REQUIRE(vectors);
    std::set<std::string> rules;
    for (const auto& vector : *vectors->if_array()) {
        INFO(text_in(vector, "name"));
        const auto path = (directory.path() / "receipt.json").string();
        std::ofstream{path} << text_in(vector, "text");
        ReceiptVerifyOptions options{.file = path, .chain = text_in(vector, "chain"), .json = true};
        options.checkpoint = text_in(vector, "checkpoint");
        if (const auto* wanted = vector.find("confirmations"))
            options.confirmations = *wanted->if_unsigned();
        if (const auto document = text_in(vector, "document"); !document.empty()) {
            options.document = (directory.path() / "document").string();
            std::ofstream{options.document} << document;
        }
        std::ostringstream out;
        std::ostringstream errors;
        const auto status = run_receipt_verify(options, out, errors);
        const auto error = text_in(vector, "error");
        CHECK((status == 0) == error.empty());
        if (error.empty())
            continue;
        const auto told = codec::parse_json(out.str());
        REQUIRE(told);
        CHECK(text_in(*told, "code") == "rejected");
        CHECK(text_in(*told->find("data"), "rule") == "receipt." + error);
        for (const auto* name : {"expected", "actual", "hint"})
            CHECK_FALSE(text_in(*told->find("data"), name).empty());
        rules.insert(error);
        options.json = false;
        CHECK(run_receipt_verify(options, out, errors) == status);
        CHECK(
            errors.str().find("\n  rule: receipt." + error + "\n  expected: ") != std::string::npos
        );
    }
    CHECK(rules.size() >= 6);
}

TEST_CASE("Receipt: another chain than the built-in ones is to be named", "[app]") {
    const test::TemporaryDirectory directory;
    const auto path = (directory.path() / "receipt.json").string();
    std::ifstream stream{std::string{CAIRN_VECTORS_DIR} + "/receipt/receipts.json"};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const auto vectors = codec::parse_json(text, {.bytes = 10'000'000, .values = 100'000});
    std::ofstream{path} << text_in(vectors->if_array()->front(), "text");
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(run_receipt_verify({.file = path}, out, errors) == 65);
    CHECK_THAT(
        errors.str(), Catch::Contains("\n  rule: receipt.wrong_chain\n  expected: a receipt of a")
    );
}

}  // namespace cairn::app
