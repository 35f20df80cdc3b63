#include "src/app/client_commands.hpp"
#include "src/app/history_command.hpp"
#include "src/app/node_session.hpp"
#include "src/app/signing.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/app/fake_node.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/ledger/chain_spec.hpp"
#include "cairn/ledger/transaction.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace cairn::app {

namespace {

using test::FakeNode;

const std::string chain_id(64, 'a');
const std::string record_id(64, 'b');

std::string status_of_chain(const std::string& name) {
    return R"({"type":"status","chain":")" + name + R"(","chain_id":")" + chain_id + R"("})";
}

const std::string rich = R"({"type":"balance","balance":5000000,"nonce":3})";

struct Streams {
    std::ostringstream out;
    std::ostringstream errors;
};

/// The error object that a command with `--json` has written instead of its result.
codec::Json error_in(const Streams& streams) {
    const auto error = codec::parse_json(streams.out.str());
    REQUIRE(error);
    CHECK(streams.errors.str().empty());
    CHECK(*error->find("type")->if_text() == "error");
    return *error;
}

std::string detail_of(const codec::Json& error, std::string_view name) {
    const auto* detail = error.find("data")->find(name);
    return detail == nullptr ? std::string{} : *detail->if_text();
}

/// The id of the transfer of 1.5 CRN from dev0 to dev1 that the tests send.
TxId expected_id(Amount fee) {
    ledger::Transaction transaction;
    transaction.nonce = Nonce{3};
    transaction.fee = fee;
    transaction.payload = ledger::Transfer{
        ledger::account_of(ledger::development_key(1).public_key()), Amount{1'500'000}, ""};
    const auto chain = *fixed_from_hex<ChainId>(chain_id);
    ledger::sign_transaction(ledger::development_key(0), chain, transaction);
    return ledger::transaction_id(chain, transaction);
}

SendOptions transfer(const FakeNode& node) {
    SendOptions options{.to = "dev1", .amount = "1.5"};
    options.signing.node = node.address();
    options.signing.from = "dev0";
    options.signing.fee = "0.001";
    options.signing.json = true;
    return options;
}

}  // namespace

TEST_CASE("Probe: an answer is status 0 and its JSON is kept", "[app]") {
    FakeNode node{{R"({"type":"ping","pong":true})"}};
    Streams streams;
    CHECK(
        run_probe(
            {.node = node.address(), .words = {"ping"}, .json = true}, streams.out, streams.errors
        ) == 0
    );
    CHECK(streams.out.str() == "{\"type\":\"ping\",\"pong\":true}\n");
    CHECK(node.requests() == std::vector<std::string>{R"({"type":"ping"})"});
}

TEST_CASE("Probe: the raw form marks both headers", "[app]") {
    FakeNode node{{R"({"type":"ping","pong":true})"}};
    Streams streams;
    CHECK(
        run_probe(
            {.node = node.address(), .words = {"ping"}, .raw = true}, streams.out, streams.errors
        ) == 0
    );
    CHECK(
        streams.out.str() ==
        "-> [15        ]{\"type\":\"ping\"}\n"
        "<- [27        ]{\"type\":\"ping\",\"pong\":true}\n"
    );
}

TEST_CASE("Probe: a refusal within an answer has a line for each field", "[app]") {
    FakeNode node{
        {R"({"type":"explain","status":"refused","refusal":{"rule":"node.set_aside","height":7},)"
         R"("rules":[{"a":1}],"story":["left #7"],"block":{"data":[]}})"}};
    Streams streams;
    CHECK(run_probe({.node = node.address(), .words = {"x"}}, streams.out, streams.errors) == 0);
    CHECK(
        streams.out.str() ==
        "status   refused\nrefusal\n  rule: node.set_aside\n  height: 7\nrules    1\n"
        "  {\"a\":1}\nstory    1\n  left #7\nblock    {\"data\":[]}\n"
    );
}

TEST_CASE("Probe: an error answer is status 65", "[app]") {
    FakeNode node{
        {R"({"type":"error","code":"not_found","message":"No.","data":{"hint":"Look."}})"}};
    Streams streams;
    CHECK(run_probe({.node = node.address(), .words = {"x"}}, streams.out, streams.errors) == 65);
    CHECK(streams.errors.str() == "cairn: No. (not_found)\n  hint: Look.\n");
}

TEST_CASE("Probe: the cookie goes to the node that asks for it", "[app]") {
    const test::TemporaryDirectory directory;
    std::ofstream{directory.path() / "control.cookie"} << "c00c1e\n";
    FakeNode node{
        {R"({"type":"error","code":"auth_required","message":"No."})",
         R"({"type":"mine_block","blocks":[]})"}};
    Streams streams;
    CHECK(
        run_probe(
            {.node = node.address(), .words = {"mine_block"}, .datadir = directory.path().string()},
            streams.out,
            streams.errors
        ) == 0
    );
    REQUIRE(node.requests().size() == 2);
    CHECK(node.requests()[1] == R"({"type":"mine_block","auth":"c00c1e"})");
}

TEST_CASE("Probe: nobody there is status 69, silence 75", "[app]") {
    Streams streams;
    // Port 1 of loopback: nothing listens on tcpmux.
    CHECK(run_probe({.node = "1", .words = {"ping"}}, streams.out, streams.errors) == 69);
    CHECK(streams.errors.str() == "cairn: no node at 127.0.0.1:1 - start one with: cairn node 1\n");
    FakeNode closing{{}};
    CHECK(
        run_probe({.node = closing.address(), .words = {"ping"}}, streams.out, streams.errors) == 69
    );
    FakeNode silent{{}, FakeNode::AtEnd::keep};
    CHECK(
        run_probe(
            {.node = silent.address(), .words = {"ping"}, .timeout_seconds = 1},
            streams.out,
            streams.errors
        ) == 75
    );
}

TEST_CASE("Send: a transfer is signed with the node's nonce and waited for", "[app]") {
    const auto id = to_hex(expected_id(Amount{1'000}));
    FakeNode node{
        {status_of_chain("dev"),
         rich,
         R"({"type":"push_transaction","transaction":")" + id + R"(","status":"accepted"})",
         R"({"type":"wait","reached":true,"height":7,"confirmations":1})",
         R"({"type":"get_transaction","status":"confirmed","block":"bb","height":7})"}};
    auto options = transfer(node);
    options.signing.wait = 1;
    Streams streams;
    CHECK(run_send(options, streams.out, streams.errors) == 0);
    CHECK(streams.errors.str().empty());
    const auto reply = codec::parse_json(streams.out.str());
    REQUIRE(reply.has_value());
    CHECK(*reply->find("transaction")->if_text() == id);
    CHECK(*reply->find("status")->if_text() == "confirmed");
    CHECK(*reply->find("height")->if_unsigned() == 7);
}

TEST_CASE("Send: a transaction that stays unconfirmed is status 75, not lost", "[app]") {
    const auto id = to_hex(expected_id(Amount{1'000}));
    FakeNode node{
        {status_of_chain("dev"),
         rich,
         R"({"type":"push_transaction","transaction":")" + id + R"(","status":"accepted"})"},
        FakeNode::AtEnd::keep};
    auto options = transfer(node);
    options.signing.wait = 1;
    options.signing.timeout_seconds = 1;
    Streams streams;
    CHECK(run_send(options, streams.out, streams.errors) == 75);
    const auto error = error_in(streams);
    CHECK(*error.find("code")->if_text() == "timeout");
    CHECK(error.find("message")->if_text()->starts_with("transaction " + id + " was accepted"));
}

TEST_CASE("Send: when the time is over, the transaction's place is told all the same", "[app]") {
    FakeNode node{{R"({"type":"get_transaction","status":"confirmed","block":"bb","height":7,)"
                   R"("confirmations":2})"}};
    auto session =
        NodeSession::open(*parse_endpoint(node.address()), std::chrono::milliseconds{10'000});
    REQUIRE(session);
    // No time at all to wait.
    const auto found = session->wait_for(TxId{}, 100, {});
    REQUIRE(found);
    CHECK_FALSE(found->is_reached);
    CHECK(found->confirmations == 2);
    CHECK(found->height == 7U);
    CHECK(found->block == "bb");
}

TEST_CASE("Send: a nonce that another program used is asked for again", "[app][W4]") {
    const auto taken = R"({"type":"error","code":"rejected","message":"No.","data":{"rule":)"
                       R"("mempool.nonce_taken"}})";
    Streams streams;
    SECTION("until one is free") {
        FakeNode node{
            {status_of_chain("dev"),
             R"({"type":"balance","balance":5000000,"nonce":2})",
             taken,
             rich,
             R"({"type":"push_transaction","transaction":")" + to_hex(expected_id(Amount{1'000})) +
                 R"(","status":"accepted"})"}};
        CHECK(run_send(transfer(node), streams.out, streams.errors) == 0);
        CHECK(*codec::parse_json(streams.out.str())->find("nonce")->if_unsigned() == 3);
    }
    SECTION("but not for ever") {
        std::vector<std::string> replies{status_of_chain("dev")};
        for (int i = 0; i < sending_attempts_max; ++i) {
            replies.push_back(rich);
            replies.emplace_back(taken);
        }
        FakeNode node{replies};
        CHECK(run_send(transfer(node), streams.out, streams.errors) == 65);
        CHECK(node.requests().size() == replies.size());
        CHECK(detail_of(error_in(streams), "rule") == "mempool.nonce_taken");
    }
    SECTION("and no other refusal is tried again") {
        FakeNode node{
            {status_of_chain("dev"),
             rich,
             R"({"type":"error","code":"rejected","message":"No.",)"
             R"("data":{"rule":"mempool.fee_too_low"}})"}};
        CHECK(run_send(transfer(node), streams.out, streams.errors) == 65);
        CHECK(node.requests().size() == 3);
    }
}

TEST_CASE("Send: an automatic fee is the one that the node advises", "[app]") {
    const std::string pushed = R"({"type":"error","code":"busy"})";
    const auto fee_with = [&](const std::string& advice) {
        FakeNode node{{status_of_chain("dev"), advice, rich, pushed}};
        auto options = transfer(node);
        options.signing.fee = "auto";
        Streams streams;
        CHECK(run_send(options, streams.out, streams.errors) == 65);
        const auto push = *codec::parse_json(node.requests().at(3));
        const auto bytes = *from_hex(*push.find("hex")->if_text());
        return codec::decode<ledger::Transaction>(bytes)->fee.value;
    };
    const auto plain = fee_with(R"({"type":"error","code":"unknown_command"})");
    const auto double_rate = R"({"type":"estimate_fee","estimates":[{"blocks":1,"rate":9000},)"
                             R"({"blocks":3,"rate":2000}]})";
    CHECK(plain > 100);
    CHECK(fee_with(double_rate) == 2 * plain);
    CHECK(fee_with(R"({"type":"estimate_fee"})") == plain);
    CHECK(fee_with(R"({"type":"estimate_fee","estimates":[7]})") == plain);
}

TEST_CASE("Send: a fee beyond all reason is not taken from a node", "[app]") {
    FakeNode node{
        {status_of_chain("dev"),
         R"({"type":"estimate_fee","estimates":[{"blocks":3,"rate":9007199254740991}]})"}};
    auto options = transfer(node);
    options.signing.fee = "auto";
    Streams streams;
    CHECK(run_send(options, streams.out, streams.errors) == 65);
    CHECK(node.requests().size() == 2);
    CHECK(detail_of(error_in(streams), "rule") == "app.bad_answer");
}

TEST_CASE("Balance: an account is named by address, wallet or development name", "[app]") {
    const auto key = ledger::development_key(1).public_key();
    const auto address = ledger::to_address(ledger::account_of(key), "dev");
    for (const auto& account : {std::string{"dev1"}, address}) {
        FakeNode node{{status_of_chain("dev"), rich}};
        Streams streams;
        const BalanceOptions options{
            .node = node.address(), .account = account, .confirmations = 3, .json = true};
        CHECK(run_balance(options, streams.out, streams.errors) == 0);
        const auto reply = *codec::parse_json(streams.out.str());
        CHECK(*reply.find("address")->if_text() == address);
        CHECK(*reply.find("balance")->if_unsigned() == 5'000'000);
        CHECK(node.requests().at(1).find(R"("confirmations":3)") != std::string::npos);
    }
}

TEST_CASE("Balance: bad addresses get an error each before the node is asked", "[app][W6]") {
    const auto contract = ledger::to_address({}, "dev", ledger::AccountKind::contract);
    for (const auto& [account, rule] : std::vector<std::pair<std::string, std::string>>{
             {"dev1qqqq", "mistyped"},
             {ledger::to_address({}, "crn"), "wrong_chain"},
             {contract, "wrong_kind"}}) {
        FakeNode node{{status_of_chain("dev"), rich}};
        Streams streams;
        const BalanceOptions options{.node = node.address(), .account = account};
        CHECK(run_balance(options, streams.out, streams.errors) == 65);
        CHECK(streams.errors.str().find(rule) != std::string::npos);
        CHECK(node.requests().size() == 1);
    }
}

TEST_CASE("Balance: a name that nobody has leads to the list of wallets", "[app]") {
    const test::TemporaryDirectory directory;
    FakeNode node{{status_of_chain("dev"), rich}};
    Streams streams;
    BalanceOptions options{.node = node.address(), .account = "nobody"};
    options.wallets.directory = directory.path().string();
    CHECK(run_balance(options, streams.out, streams.errors) == 65);
    CHECK_THAT(streams.errors.str(), Catch::Contains("hint: cairn wallet list tells the names"));
}

TEST_CASE("Transaction: its place and fields are shown, amounts in CRN", "[app]") {
    const std::string id(64, 'a');
    FakeNode node{
        {R"({"type":"get_transaction","status":"confirmed","confirmations":2,"height":7,)"
         R"("block":"bb","transaction":{"kind":"transfer","amount":1500000,"memo":"a\nb"}})"}};
    Streams streams;
    CHECK(run_transaction({.node = node.address(), .id = id}, streams.out, streams.errors) == 0);
    CHECK(
        streams.out.str() ==
        "status         confirmed\n"
        "confirmations  2\n"
        "height         7\n"
        "block          bb\n"
        "kind           transfer\n"
        "amount         1.5 CRN\n"
        "memo           a\\nb\n"
    );
    CHECK(run_transaction({.id = "aa"}, streams.out, streams.errors) == 64);
}

TEST_CASE("Send: what cannot succeed is refused before it is sent", "[app]") {
    Streams streams;
    std::string rule;
    SECTION("a mistyped address") {
        FakeNode node{{status_of_chain("dev"), rich}};
        auto options = transfer(node);
        options.to = "crn1qqqq";
        CHECK(run_send(options, streams.out, streams.errors) == 65);
        rule = "ledger.mistyped";
        CHECK(node.requests().size() == 1);
    }
    SECTION("an address of another chain") {
        FakeNode node{{status_of_chain("dev"), rich}};
        auto options = transfer(node);
        options.to = ledger::to_address({}, "elsewhere");
        CHECK(run_send(options, streams.out, streams.errors) == 65);
        rule = "ledger.wrong_chain";
    }
    SECTION("a contract") {
        FakeNode node{{status_of_chain("dev"), rich}};
        auto options = transfer(node);
        options.to = ledger::to_address(
            {}, ledger::built_in_chain("dev")->prefix, ledger::AccountKind::contract
        );
        CHECK(run_send(options, streams.out, streams.errors) == 65);
        rule = "ledger.wrong_kind";
    }
    SECTION("more than the sender has") {
        FakeNode node{{status_of_chain("dev"), rich}};
        auto options = transfer(node);
        options.amount = "5";
        CHECK(run_send(options, streams.out, streams.errors) == 65);
        CHECK(detail_of(error_in(streams), "expected") == "a cost of at most 5 CRN");
        rule = "mempool.insufficient_balance";
    }
    SECTION("a node of another chain") {
        FakeNode node{{status_of_chain("lab")}};
        auto options = transfer(node);
        options.signing.chain = "dev";
        CHECK(run_send(options, streams.out, streams.errors) == 65);
        rule = "rpc.wrong_chain";
    }
    SECTION("a chain without development accounts") {
        FakeNode node{{status_of_chain("cairn")}};
        CHECK(run_send(transfer(node), streams.out, streams.errors) == 65);
        rule = "app.no_development_accounts";
    }
    SECTION("an amount that is none") {
        SendOptions options{.to = "dev1", .amount = "1e3"};
        CHECK(run_send(options, streams.out, streams.errors) == 64);
        CHECK(streams.out.str().empty());
    }
    if (rule.empty())
        return;
    const auto error = error_in(streams);
    CHECK(*error.find("code")->if_text() == "rejected");
    CHECK(detail_of(error, "rule") == rule);
    for (const auto* name : {"expected", "actual", "hint"})
        CHECK_FALSE(detail_of(error, name).empty());
}

TEST_CASE("Record: put canonicalises a document, list finds it by stream and key", "[app]") {
    Streams streams;
    SECTION("put") {
        FakeNode node{
            {status_of_chain("dev"),
             R"({"type":"error","code":"unknown_command"})",
             rich,
             R"({"type":"error","code":"busy"})"}};
        RecordPutOptions options{.stream = "s", .key = "k", .text = R"({ "b": 1, "a": 2 })"};
        options.signing.node = node.address();
        options.signing.from = "dev0";
        CHECK(run_record_put(options, streams.out, streams.errors) == 65);
        const auto& push = node.requests().at(3);
        CHECK(push.find(to_hex(as_bytes(R"({"a":2,"b":1})"))) != std::string::npos);
    }
    SECTION("a file that is not there") {
        RecordPutOptions options{.stream = "s", .key = "k", .file = "/nonexistent/file"};
        CHECK(run_record_put(options, streams.out, streams.errors) == 74);
    }
    SECTION("list") {
        FakeNode node{
            {R"({"type":"records","records":[{"height":1,"index":1,"time":2,"confirmations":4,)"
             R"("transaction":{"kind":"record","stream":"s","key":"k","body":7}}],"next":"1.2"})",
             R"({"type":"records","records":[{"height":1,"index":2,"time":2,"confirmations":4,)"
             R"("transaction":{"kind":"record","stream":"s","key":"k","body_hex":"ff"}}]})"}};
        RecordListOptions options{
            .node = node.address(), .stream = "s", .key = "k", .from_height = "1", .json = true};
        CHECK(run_record_list(options, streams.out, streams.errors) == 0);
        CHECK(
            streams.out.str() ==
            R"({"records":[)"
            R"({"height":1,"time":2,"confirmations":4,"stream":"s","key":"k","body":7},)"
            R"({"height":1,"time":2,"confirmations":4,"stream":"s","key":"k","body_hex":"ff"}],)"
            R"("next":null})"
            "\n"
        );
        CHECK(
            node.requests() ==
            std::vector<std::string>{
                R"({"type":"records","stream":"s","key":"k","from":1,"count":100})",
                R"({"type":"records","stream":"s","key":"k","from":"1.2","count":99})"}
        );
    }
    SECTION("list from a place that is none") {
        RecordListOptions options{.node = "1", .stream = "s", .from_height = "x"};
        CHECK(run_record_list(options, streams.out, streams.errors) == 64);
    }
    SECTION("get") {
        FakeNode node{
            {R"({"type":"get_transaction","transaction":{"kind":"record","body":{"b":1}}})"}};
        RecordGetOptions options{
            .node = node.address(), .transaction = record_id, .is_body_only = true};
        CHECK(run_record_get(options, streams.out, streams.errors) == 0);
        CHECK(streams.out.str() == R"({"b":1})");
    }
    SECTION("get of what is no id asks nobody") {
        CHECK(run_record_get({.transaction = "xyz"}, streams.out, streams.errors) == 64);
        CHECK_THAT(streams.errors.str(), Catch::Contains("rule: app.bad_value"));
    }
}

TEST_CASE("History: one line an entry, and where the rest begins", "[app]") {
    const auto account = ledger::account_of(ledger::development_key(1).public_key());
    const auto address = ledger::to_address(account, "dev");
    const auto named = GENERATE_COPY(std::string{"dev1"}, address, to_hex(account));
    FakeNode node{
        {status_of_chain("dev"),
         R"({"type":"history","transactions":[{"height":7,"index":1,"time":1700000001000,)"
         R"("confirmations":3,"received":0,"spent":1500000,"transaction":{"transaction":"ab",)"
         R"("kind":"transfer"}}],"next":"6.0"})"}};
    Streams streams;
    CHECK(
        run_history(
            {.node = node.address(), .address = named, .limit = 1}, streams.out, streams.errors
        ) == 0
    );
    CHECK(
        streams.out.str() ==
        "7.1  14/11/2023, 22:13:21  -1.5 CRN  transfer  ab  3 deep\n"
        "more from here: --from 6.0\n"
    );
    CHECK(
        node.requests().back() ==
        R"({"type":"history","address":")" + address + R"(","newest_first":true,"count":1})"
    );
}

}  // namespace cairn::app
