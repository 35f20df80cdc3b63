// A gateway without sockets: which node is asked what, and what other machines may ask.
#include "cairn/http/gateway.hpp"

#include "src/http/ports.hpp"
#include "tests/unit/http/http_fixture.hpp"

#include "cairn/node/limits.hpp"

using namespace cairn;
using namespace cairn::http;
using namespace cairn::http::test;

namespace {

struct GatewayFixture {
    Gateway gateway{
        {.hosts = {},
         .cors = {"https://good.example"},
         .version = "0.1.0",
         .nodes = {5001, 5002},
         .open_probe = true}};

    Decision decide(
        std::string_view method,
        std::string_view target,
        Headers headers = host_only(),
        std::string_view body = {}
    ) const {
        return gateway.gate().decide(
            {.method = method,
             .target = target,
             .headers = std::move(headers),
             .body = body,
             .is_loopback = true}
        );
    }

    HttpReply reply(std::string_view method, std::string_view target) const {
        return std::get<HttpReply>(decide(method, target));
    }

    /// The first question, and the reply when all are answered with `answer`.
    std::pair<Question, HttpReply> play(
        Decision decision, const std::string& answer = R"({"type":"x"})"
    ) const {
        auto& exchange = *std::get<std::unique_ptr<Exchange>>(decision);
        std::optional<Question> first;
        while (auto question = exchange.next()) {
            first = first ? first : question;
            exchange.take(answer);
        }
        REQUIRE(first.has_value());
        return {*first, exchange.reply()};
    }
};

}  // namespace

TEST_CASE_METHOD(GatewayFixture, "Gateway: paths below a port ask that node", "[http][gateway]") {
    const auto [status, ignored] = play(decide("GET", "/node/5001/api/v1/status"));
    CHECK(status.text == R"({"type":"status"})");
    CHECK(status.node == 5001);
    const auto headers = json({{"Authorization", "Bearer abc"}});
    const auto mine = play(decide("POST", "/node/65535/api/v1/mine_block", headers, "{}")).first;
    CHECK(mine.text == R"({"type":"mine_block","auth":"abc"})");
    CHECK(mine.node == 65535);
    const auto call =
        play(decide("POST", "/node/5002/rpc", json(), R"({"jsonrpc":"2.0","method":"ping","id":1})")
        )
            .first;
    CHECK(call.node == 5002);
    CHECK(play(decide("GET", "/n%6fde/5001/running")).first.node == 5001);
    CHECK(play(decide("GET", "/node/5001/leap")).first.text == R"({"type":"mine_block"})");
}

TEST_CASE_METHOD(GatewayFixture, "Gateway: links lead back through it", "[http][gateway]") {
    const auto page = play(
        decide("GET", "/node/5001/api/v1/headers?count=2"),
        R"({"type":"get_headers","headers":[],"next":2})"
    );
    CHECK(
        page.second.body.find(
            R"("next":"http://localhost:8080/node/5001/api/v1/headers?from=2&count=2")"
        ) != std::string::npos
    );
    const auto moved = reply("GET", "/node/5001");
    CHECK(moved.status == 308);
    CHECK(moved.headers.front() == std::pair<std::string, std::string>{"Location", "/node/5001/"});
    CHECK(reply("GET", "/node/5001/").content_type == "text/html; charset=utf-8");
    CHECK(reply("GET", "/node/5001/explorer/app.js").status == 200);
}

TEST_CASE_METHOD(
    GatewayFixture, "Gateway: a port is one where nodes are", "[http][gateway][limits]"
) {
    for (const char* port :
         {"1023", "0", "65536", "05001", "+5001", "5001x", "x", "-1", "6000", ""}) {
        INFO(port);
        CHECK(reply("GET", "/node/" + std::string{port} + "/running").status == 400);
        const auto direct = decide("GET", "/get_chain/" + std::string{port});
        CHECK(std::get<HttpReply>(direct).status == (*port == '\0' ? 404 : 400));
    }
    CHECK(play(decide("GET", "/get_chain/1024")).first.node == 1024);
    CHECK(play(decide("GET", "/get_chain/65535")).first.node == 65535);
}

TEST_CASE_METHOD(GatewayFixture, "Gateway: its own paths need a port", "[http][gateway]") {
    for (const char* target : {"/api/v1/status", "/events", "/readiness", "/leap", "/nothing"})
        CHECK(reply("GET", target).status == 404);
    CHECK(reply("GET", "/node/5001/events").status == 404);
    CHECK(refusal_of(reply("GET", "/node/5001/events").body) == "http.no_events");
    CHECK(refusal_of(reply("GET", "/nothing").body) == "http.no_such_path");
    CHECK(refusal_of(reply("GET", "/node/80/running").body) == "http.bad_port");
    CHECK(reply("GET", "/node/5001/nothing").status == 404);
    CHECK(reply("GET", "/node/5001/../x").status == 400);
    CHECK(reply("DELETE", "/node/5001/api/v1/status").status == 405);
    CHECK(reply("GET", "/node/5001/api/v1/mine_block").status == 405);
    CHECK(reply("GET", "/ports").body == R"({"version":"0.1.0","ports":[5001,5002]})");
    CHECK(reply("GET", "/healthz").status == 200);
    CHECK(reply("GET", "/node/5001/healthz").status == 200);
    CHECK(reply("GET", "/openapi.json").body.find("/mine_block/{port}") != std::string::npos);
}

TEST_CASE_METHOD(GatewayFixture, "Gateway: any JSON becomes a block's data", "[http][gateway]") {
    const auto headers = json({{"Authorization", "Bearer abc"}});
    const std::vector<std::pair<std::string, std::string>> rows{
        {R"({"b":1,"a":[true,null]})", R"({"b":1,"a":[true,null]})"},
        {R"("text")", R"("text")"},
        {" 7 ", "7"}};
    for (const auto& [body, data] : rows)
        CHECK(
            play(decide("POST", "/mine_block/5001", headers, body)).first.text ==
            R"({"type":"mine_block","count":1,"data":)" + data + R"(,"auth":"abc"})"
        );
    const auto bare = play(decide("POST", "/mine_block/5001")).first;
    CHECK(bare.text == R"({"type":"mine_block","count":1})");
    CHECK(bare.node == 5001);
    const auto status = [&](Headers more, std::string_view body) {
        return std::get<HttpReply>(decide("POST", "/mine_block/5001", std::move(more), body))
            .status;
    };
    CHECK(status(headers, "{") == 400);
    CHECK(status(host_only(), "{}") == 415);
    CHECK(status(json({{"Origin", "http://evil.example"}}), "{}") == 403);
    std::string many = "[0";
    for (std::size_t i = 1; i < codec::json_values_max; ++i)
        many += ",0";
    CHECK(status(headers, many + "]") == 413);
    const auto nested = [&](std::size_t depth) {
        const auto body = std::string(depth, '[') + std::string(depth, ']');
        const auto decision = decide("POST", "/mine_block/5001", headers, body);
        const auto* reply_now = std::get_if<HttpReply>(&decision);
        return reply_now == nullptr ? 0 : reply_now->status;
    };
    CHECK(nested(codec::json_depth_max - 1) == 0);
    CHECK(nested(codec::json_depth_max) == 400);
}

TEST_CASE_METHOD(GatewayFixture, "Gateway: shutdown by GET is guarded", "[http][gateway][P2]") {
    const auto get = [&](Headers more) {
        return std::get<HttpReply>(decide("GET", "/shutdown/5001", with(std::move(more)))).status;
    };
    CHECK(get({{"Origin", "http://evil.example"}}) == 403);
    CHECK(get({{"Sec-Fetch-Site", "cross-site"}}) == 403);
    CHECK(reply("HEAD", "/shutdown/5001").status == 405);
    const auto [question, refused] = play(
        decide("GET", "/shutdown/5001", with({{"Authorization", "Bearer abc"}})),
        R"({"type":"error","code":"auth_required","message":"m","data":{}})"
    );
    CHECK(question.text == R"({"type":"shutdown"})");
    CHECK(refused.status == 403);
    CHECK(refusal_of(refused.body) == "http.change_by_get");
    CHECK(refused.body.find("POST /node/5001/api/v1/shutdown") != std::string::npos);
    CHECK(play(decide("GET", "/validate/5001")).first.text == R"({"type":"validate"})");
}

TEST_CASE_METHOD(GatewayFixture, "Gateway: other sites are told of once", "[http][gateway][P2]") {
    const auto headers = with({{"Origin", "https://good.example"}});
    const auto answer = play(decide("GET", "/node/5001/api/v1/ping", headers)).second;
    const auto count =
        std::count_if(answer.headers.begin(), answer.headers.end(), [](const auto& one) {
            return one.first == "Access-Control-Allow-Origin";
        });
    CHECK(count == 1);
    CHECK(play(decide("HEAD", "/node/5001/api/v1/ping")).second.is_head);
    CHECK(std::get<HttpReply>(decide("GET", "/ports", {{"Host", "evil.example"}})).status == 403);
}

TEST_CASE_METHOD(
    GatewayFixture, "Gateway: strangers read what is shown, and no more", "[http][gateway][A1]"
) {
    const auto is_refused = [](const Gateway& one, std::string text, std::uint16_t port) {
        return one.refuse_stranger({.text = std::move(text), .node = port}).has_value();
    };
    CHECK_FALSE(is_refused(gateway, R"({"type":"status"})", 5001));
    CHECK_FALSE(is_refused(gateway, R"({"type":"unprocessed"})", 5002));
    CHECK_FALSE(is_refused(gateway, R"({"type":"push_transaction","hex":"00"})", 5001));
    CHECK(is_refused(gateway, R"({"type":"status"})", 5003));
    CHECK(is_refused(gateway, R"({"type":"mine_block","auth":"abc"})", 5001));
    CHECK(is_refused(gateway, R"({"type":"shutdown"})", 5001));
    CHECK(is_refused(gateway, R"({"type":"nothing"})", 5001));
    CHECK_FALSE(is_refused(gateway, "status", 5001));
    CHECK(is_refused(gateway, "status", 5003));
    CHECK(is_refused(gateway, "shutdown", 5001));
    const Gateway closed{{.hosts = {}, .cors = {}, .version = {}, .nodes = {5001}}};
    CHECK(is_refused(closed, R"({"type":"status"})", 5001));
    const auto sized = [](std::size_t size) {
        const std::string begin = R"({"type":"balance","address":")";
        return begin + std::string(size - begin.size() - 2, 'x') + "\"}";
    };
    CHECK_FALSE(is_refused(gateway, sized(node::foreign_text_request_bytes_max), 5001));
    CHECK(is_refused(gateway, sized(node::foreign_text_request_bytes_max + 1), 5001));
    const auto rule = [](const Gateway& one, std::string text, std::uint16_t port) {
        return refusal_of(*one.refuse_stranger({.text = std::move(text), .node = port}));
    };
    CHECK(rule(closed, R"({"type":"status"})", 5001) == "http.stranger");
    CHECK(rule(gateway, R"({"type":"shutdown"})", 5001) == "http.stranger_control");
    CHECK(rule(gateway, "shutdown", 5001) == "http.stranger_control");
    CHECK(rule(gateway, "{", 5001) == "codec.bad_json");
    CHECK(rule(gateway, R"({"type":"status"})", 5003) == "http.node_not_shown");
    const auto large = sized(node::foreign_text_request_bytes_max + 1);
    CHECK(rule(gateway, large, 5001) == "http.question_too_large");
}

TEST_CASE_METHOD(
    GatewayFixture, "Gateway: a node that does not answer has its status", "[http][gateway]"
) {
    const auto dead = play(decide("GET", "/node/5001/api/v1/ping"), no_node_answer(5001)).second;
    CHECK(dead.status == 404);
    CHECK(dead.body.find("cairn node 5001") != std::string::npos);
    const auto slow =
        play(decide("GET", "/node/5001/api/v1/ping"), no_answer(5001, "sleeps.")).second;
    CHECK(slow.status == 504);
    const auto call = [this](const std::string& answer) {
        const auto body = R"({"jsonrpc":"2.0","method":"ping","id":1})";
        return play(decide("POST", "/node/5001/rpc", json(), body), answer).second.body;
    };
    CHECK(call(no_node_answer(5001)).find("-32008") != std::string::npos);
    CHECK(call(no_answer(5001, "sleeps.")).find("-32009") != std::string::npos);
}
