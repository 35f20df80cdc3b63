// Routes by the names of small teaching chains: which command each is, and what it gives.
#include "src/http/well_known.hpp"

#include "tests/unit/http/http_fixture.hpp"

#include "cairn/http/gateway.hpp"
#include "cairn/rpc/command.hpp"

#include <algorithm>
#include <array>

using namespace cairn;
using namespace cairn::http;
using namespace cairn::http::test;

namespace {

using Fixture = GateFixture;

const std::string no_auth =
    R"({"type":"error","code":"auth_required","message":"m","data":{"rule":"rpc.auth_required"}})";

/// A part of a chain of small blocks, as `get_chain` gives it; `next` when more follows.
std::string part_of_chain(int from, int count, bool has_more, std::string_view fork = "") {
    std::string text = R"({"type":"get_chain","length":99,"from":)" + std::to_string(from);
    text += R"(,"chain":[)";
    for (int i = from; i < from + count; ++i)
        text += (i == from ? "" : ",") + std::string{R"({"index":)"} + std::to_string(i) +
                R"(,"hash":"h)" + std::string{fork} + std::to_string(i) + R"(","prev_hash":"h)" +
                std::string{fork} + std::to_string(i - 1) + R"("})";
    return text + ']' + (has_more ? R"(,"next":)" + std::to_string(from + count) : "") + '}';
}

/// The questions of `exchange` when they are answered in order, and its reply.
struct Told {
    std::vector<std::string> questions;
    HttpReply reply;
};

Told tell(Decision decision, std::vector<std::string> answers) {
    REQUIRE(std::holds_alternative<std::unique_ptr<Exchange>>(decision));
    auto& exchange = *std::get<std::unique_ptr<Exchange>>(decision);
    Told told;
    while (auto question = exchange.next()) {
        REQUIRE(told.questions.size() < answers.size());
        exchange.take(answers[told.questions.size()]);
        told.questions.push_back(question->text);
    }
    told.reply = exchange.reply();
    return told;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "Well-known: errors name the route's own parameter", "[http]") {
    const auto error = [](std::string_view field) {
        return R"({"type":"error","code":"bad_field","message":"The field is wrong.",)"
               R"("data":{"field":")" +
               std::string{field} + R"(","rule":"codec.wrong_type","expected":"e","actual":"a"}})";
    };
    const std::vector<std::array<std::string, 3>> rows{
        {"/block?index=x", "height", "index"},
        {"/register?url=x", "address", "url"},
        {"/confirmations?transaction_id=x", "transaction", "transaction_id"}};
    for (const auto& [target, field, name] : rows) {
        INFO(target);
        const auto reply = tell(decide("GET", target), {error(field)}).reply;
        CHECK(reply.status == 400);
        CHECK(refusal_of(reply.body) == "codec.wrong_type");
        CHECK(reply.body.find(R"("field":")" + name + '"') != std::string::npos);
        CHECK(reply.body.find("The parameter " + name + " is not") != std::string::npos);
        CHECK(tell(decide("GET", target), {error("chain")}).reply.body == error("chain"));
    }
}

TEST_CASE_METHOD(Fixture, "Well-known: a change by GET says that it takes GET alone", "[http]") {
    for (const auto* method : {"POST", "HEAD"}) {
        const auto decision = decide(method, "/leap");
        const auto& reply = std::get<HttpReply>(decision);
        CHECK(reply.status == 405);
        const auto allow =
            std::find_if(reply.headers.begin(), reply.headers.end(), [](const auto& one) {
                return one.first == "Allow";
            });
        REQUIRE(allow != reply.headers.end());
        CHECK(allow->second == "GET");
    }
}

TEST_CASE_METHOD(Fixture, "Well-known: a GET asks its command and gives its part", "[http]") {
    struct Row {
        std::string target;
        std::string question;
        std::string answer;
        std::string body;
    };

    const std::vector<Row> rows{
        {"/running", R"({"type":"ping"})", R"({"type":"ping","pong":true})", "running"},
        {"/nodes",
         R"({"type":"nodes","count":10000})",
         R"({"type":"nodes","nodes":["a:1"]})",
         R"(["a:1"])"},
        {"/discover",
         R"({"type":"nodes","count":10000})",
         R"({"type":"nodes","nodes":[]})",
         R"({"type":"nodes","nodes":[]})"},
        {"/register?url=http%3A%2F%2Flocalhost:5002/",
         R"({"type":"add_peer","address":"localhost:5002"})",
         R"({"type":"add_peer","accepted":true})",
         R"({"type":"add_peer","accepted":true})"},
        {"/block?index=7",
         R"({"type":"get_block","height":7})",
         R"({"type":"get_block","block":{"index":7},"confirmations":1})",
         R"({"index":7})"},
        {"/block?index=x",
         R"({"type":"get_block","height":"x"})",
         R"({"type":"error","code":"bad_field","message":"m","data":{}})",
         R"({"type":"error","code":"bad_field","message":"m","data":{}})"},
        {"/blockchain?from=1&count=2",
         R"({"type":"get_chain","from":1,"count":2})",
         part_of_chain(1, 1, false),
         R"([{"index":1,"hash":"h1","prev_hash":"h0"}])"},
        {"/chainlength", R"({"type":"get_chain","count":1})", part_of_chain(0, 1, true), "99"},
        {"/unprocessed",
         R"({"type":"mempool","count":10000})",
         R"({"type":"mempool","size":0,"bytes":0,"transactions":[]})",
         "[]"},
        {"/balance?address=x&confirmations=0",
         R"({"type":"balance","address":"x","confirmations":0})",
         R"({"type":"balance","address":"x","balance":5,"nonce":0})",
         "5"},
        {"/confirmations?transaction_id=aa",
         R"({"type":"confirmations","transaction":"aa"})",
         R"({"type":"confirmations","confirmations":3})",
         "3"},
    };
    for (const auto& row : rows) {
        INFO(row.target);
        const auto played = play(decide("GET", row.target), row.answer);
        CHECK(played.questions == std::vector<std::string>{row.question});
        CHECK(played.reply.body == row.body);
        CHECK(played.reply.status == (row.body.find("error") == std::string::npos ? 200 : 400));
    }
}

TEST_CASE_METHOD(Fixture, "Well-known: a query that does not fit is refused", "[http]") {
    for (const char* target :
         {"/block",
          "/block?height=1",
          "/block?index=1&index=2",
          "/block?=1",
          "/register",
          "/balance?confirmations=1",
          "/confirmations",
          "/running?x=1",
          "/leap?count=100"}) {
        INFO(target);
        CHECK(status("GET", target) == 400);
    }
    CHECK(status("POST", "/pushtx?x=1", json(), "{}") == 400);
    CHECK(status("POST", "/discover?x=1", json(), "{}") == 400);
}

TEST_CASE_METHOD(Fixture, "Well-known: the whole chain is read part by part", "[http]") {
    const auto told =
        tell(decide("GET", "/blockchain"), {part_of_chain(0, 2, true), part_of_chain(2, 1, false)});
    CHECK(told.questions.back() == R"({"type":"get_chain","from":2,"count":500})");
    CHECK(
        told.reply.body ==
        R"([{"index":0,"hash":"h0","prev_hash":"h-1"},{"index":1,"hash":"h1","prev_hash":"h0"},)"
        R"({"index":2,"hash":"h2","prev_hash":"h1"}])"
    );
    const auto counted = tell(decide("GET", "/chain"), {part_of_chain(0, 1, false)});
    CHECK(
        counted.reply.body == R"({"type":"get_chain","length":1,"from":0,)"
                              R"("chain":[{"index":0,"hash":"h0","prev_hash":"h-1"}]})"
    );
}

TEST_CASE_METHOD(Fixture, "Well-known: blocks of two tips are never mixed", "[http][limits]") {
    const auto first = part_of_chain(0, 2, true);
    const auto other = part_of_chain(2, 1, false, "other");
    const auto shorter = part_of_chain(2, 0, false);
    const auto told =
        tell(decide("GET", "/blockchain"), {first, other, part_of_chain(0, 1, false, "other")});
    CHECK(told.reply.body == R"([{"index":0,"hash":"hother0","prev_hash":"hother-1"}])");
    const auto twice = tell(
        decide("GET", "/blockchain"), {first, other, first, shorter, part_of_chain(0, 1, false)}
    );
    CHECK(twice.reply.status == 200);
    const auto thrice =
        tell(decide("GET", "/blockchain"), {first, other, first, shorter, first, other});
    CHECK(thrice.reply.status == 429);
    CHECK(refusal_of(thrice.reply.body) == "http.chain_moves");
}

TEST_CASE_METHOD(
    Fixture, "Well-known: a chain too large for a reply is refused", "[http][limits]"
) {
    const auto ask = [this](std::size_t excess) {
        const std::string first = R"({"index":0,"hash":"h0","prev_hash":"","data":")";
        std::string second = R"({"index":1,"hash":"h1","prev_hash":"h0","data":")";
        const auto padding = batch_bytes_max - (first.size() + 2) - (second.size() + 4);
        second += std::string(padding + excess, 'x');
        return tell(
                   decide("GET", "/blockchain"),
                   {R"({"type":"get_chain","chain":[)" + first + R"("}],"next":1})",
                    R"({"type":"get_chain","chain":[)" + second + R"("}]})"}
        )
            .reply;
    };
    CHECK(ask(0).status == 200);
    CHECK(ask(1).status == 413);
    CHECK(refusal_of(ask(1).body) == "http.reply_too_large");
    const auto endless =
        tell(decide("GET", "/chain"), {R"({"type":"get_chain","chain":[],"next":1})"}).reply;
    CHECK(endless.body == R"({"type":"get_chain","length":0,"from":0,"chain":[]})");
    const auto failed = tell(decide("GET", "/chain"), {no_auth}).reply;
    CHECK(failed.status == 401);
}

TEST_CASE_METHOD(Fixture, "Well-known: leap gives the block that it mined", "[http]") {
    const auto told = tell(
        decide("GET", "/leap"),
        {R"({"type":"mine_block","blocks":[{"height":1,"hash":"aa","prev_hash":"bb"}]})",
         R"({"type":"get_block","block":{"index":1},"confirmations":1})"}
    );
    CHECK(told.questions.front() == R"({"type":"mine_block"})");
    CHECK(told.questions.back() == R"({"type":"get_block","hash":"aa"})");
    CHECK(told.reply.body == R"({"index":1})");
    const std::string mined = R"({"type":"mine_block","blocks":[{"hash":"aa"}]})";
    CHECK(tell(decide("GET", "/leap"), {mined, mined}).questions.size() == 2);
}

TEST_CASE_METHOD(Fixture, "Well-known: changes by GET are guarded", "[http][P2]") {
    std::size_t changes = 0;
    for (const auto& row : well_known_table()) {
        if (!row.changes_by_get() || row.is_of_gateway)
            continue;
        ++changes;
        INFO(row.path);
        const auto target =
            std::string{row.path} + (row.path == "/register" ? "?url=localhost:5001" : "");
        CHECK(status("HEAD", target) == 405);
        CHECK(status("GET", target, with({{"Origin", "http://evil.example"}})) == 403);
        CHECK(status("GET", target, with({{"Origin", "null"}})) == 403);
        CHECK(status("GET", target, with({{"Sec-Fetch-Site", "cross-site"}})) == 403);
        CHECK(status("GET", target, with({{"Sec-Fetch-Site", "same-site"}})) == 403);
        CHECK(status("GET", target, with({{"Sec-Fetch-Site", "same-origin"}})) == 0);
        const auto told =
            tell(decide("GET", target, with({{"Authorization", "Bearer abc"}})), {no_auth});
        CHECK(told.questions.front().find("auth") == std::string::npos);
        CHECK(told.reply.status == 403);
        CHECK(told.reply.body.find("/api/v1/" + std::string{row.command}) != std::string::npos);
    }
    CHECK(changes == 2);
}

TEST_CASE_METHOD(Fixture, "Well-known: transactions come in two forms", "[http]") {
    const auto asked = [this](std::string_view path, std::string_view body) {
        return play(decide("POST", path, json(), body), "{}").questions.front();
    };
    CHECK(
        asked("/inject", R"({"kind":"transfer","type":1})") ==
        R"({"type":"push_transaction","transaction":{"kind":"transfer","type":1}})"
    );
    CHECK(asked("/pushtx", R"({"hex":"00"})") == R"({"type":"push_transaction","hex":"00"})");
    CHECK(status("PUT", "/pushtx", json(), R"({"hex":"00"})") == 0);
    CHECK(status("PUT", "/inject", json(), "{}") == 405);
    CHECK(status("POST", "/inject", host_only(), "{}") == 415);
    CHECK(status("POST", "/inject", json(), "[]") == 400);
    CHECK(status("POST", "/inject", json(), "{") == 400);
}

TEST_CASE_METHOD(Fixture, "Well-known: discover dials at most so many nodes", "[http][limits]") {
    const auto body = [](std::size_t count) {
        std::string text = R"({"nodes":["http://a:1/")";
        for (std::size_t i = 1; i < count; ++i)
            text += R"(,"a:)" + std::to_string(i) + '"';
        return text + "]}";
    };
    const auto headers = json({{"Authorization", "Bearer abc"}});
    const auto played = play(
        decide("POST", "/discover", headers, body(discovered_nodes_max)),
        R"({"type":"add_peer","accepted":true})"
    );
    CHECK(played.questions.size() == discovered_nodes_max);
    CHECK(played.questions.front() == R"({"type":"add_peer","address":"a:1","auth":"abc"})");
    CHECK(played.reply.body.starts_with(R"({"accepted":true,"nodes":["a:1","a:1","a:2")"));
    CHECK(status("POST", "/discover", headers, body(discovered_nodes_max + 1)) == 400);
    for (const char* wrong :
         {"",
          "{}",
          R"({"nodes":[]})",
          R"({"nodes":[1]})",
          R"({"nodes":"a"})",
          R"({"url":1})",
          R"({"url":"a:1","address":"a:1"})"})
        CHECK(status("POST", "/discover", headers, wrong) == 400);
    const auto refused =
        tell(decide("POST", "/discover", json(), R"({"nodes":["a:1","b:2"]})"), {no_auth});
    CHECK(refused.questions.size() == 1);
    CHECK(refused.reply.status == 401);
}

TEST_CASE("Well-known: every route has its command and a shape", "[http]") {
    for (const auto& row : well_known_table()) {
        INFO(row.path);
        const auto* command = rpc::find_command(row.command);
        REQUIRE(command != nullptr);
        for (const auto& parameter : row.parameters) {
            const bool is_known = std::any_of(
                command->arguments.begin(),
                command->arguments.end(),
                [&](const auto& one) { return one.name == parameter.argument; }
            );
            CHECK((parameter.name.empty() || is_known));
        }
    }
}
