// What requests mean: routes, statuses, names and origins.
#include "tests/unit/http/http_fixture.hpp"

#include "cairn/rpc/command.hpp"

using namespace cairn;
using namespace cairn::http;
using namespace cairn::http::test;

using Fixture = GateFixture;

TEST_CASE_METHOD(Fixture, "Gate: every command has its path and its one method", "[http][P6]") {
    for (const auto& command : rpc::command_table()) {
        auto name = std::string{command.name};
        if (name.starts_with("get_"))
            name.erase(0, 4);
        INFO(name);
        CHECK(status(command.changes ? "GET" : "POST", "/api/v1/" + name) == 405);
        CHECK(status(command.changes ? "POST" : "GET", "/api/v1/" + name) == 0);
        CHECK(status("DELETE", "/api/v1/" + name) == 405);
    }
    CHECK(status("GET", "/api/v1/nothing") == 404);
    CHECK(status("GET", "/api/v1") == 404);
    CHECK(status("GET", "/") == 404);
}

TEST_CASE_METHOD(Fixture, "Gate: words of a target become arguments of their kind", "[http]") {
    const std::string hash(64, '7');
    const std::vector<std::pair<std::string, std::string>> rows{
        {"/api/v1/status", R"({"type":"status"})"},
        {"/api/v1/block/7", R"({"type":"get_block","height":7})"},
        {"/api/v1/block/" + hash, R"({"type":"get_block","hash":")" + hash + R"("})"},
        {"/api/v1/block/007", R"({"type":"get_block","height":"007"})"},
        {"/api/v1/chain?from=2&count=3", R"({"type":"get_chain","from":2,"count":3})"},
        {"/api/v1/balance/12?confirmations=0",
         R"({"type":"balance","address":"12","confirmations":0})"},
        {"/api/v1/records/a%20b/k%C3%A9", R"({"type":"records","stream":"a b","key":"k\u00e9"})"},
        {"/api/v1/history/x?from=3.1&newest_first=true",
         R"({"type":"history","address":"x","from":"3.1","newest_first":true})"},
        {"/api/v1/chain?what%22=1", R"({"type":"get_chain","what\"":"1"})"},
        {"/api/v1/chain?from=9007199254740991", R"({"type":"get_chain","from":9007199254740991})"},
        {"/api/v1/chain?from=9007199254740992",
         R"({"type":"get_chain","from":"9007199254740992"})"},
        {"/api/v1/block?from=9007199254740992",
         R"({"type":"get_chain","from":"9007199254740992"})"},
        {"/api/v1/block?from=99999999999999999999",
         R"({"type":"get_chain","from":"99999999999999999999"})"},
        {"/api/v1/block", R"({"type":"get_chain"})"},
        {"/api/v1/block/?count=2", R"({"type":"get_chain","count":2})"},
    };
    for (const auto& [target, expected] : rows) {
        INFO(target);
        CHECK(question(target) == expected);
    }
}

TEST_CASE_METHOD(Fixture, "Gate: what does not belong into a target is refused", "[http][P1]") {
    for (const char* target :
         {"/%00",
          "/a/../b",
          "/%2e%2e/b",
          "/a/%2E",
          "/%zz",
          "/%4",
          "/%ff",
          "/a%2fb",
          "/a\\b",
          "a",
          "",
          "*",
          "/api/v1/chain?from=%0a",
          "/api/v1/chain?from=1&from=2",
          "/api/v1/status?auth=1",
          "/api/v1/status?type=ping",
          "/api/v1/status?id=1"}) {
        INFO(target);
        CHECK(status("GET", target) == 400);
    }
    CHECK(status("GET", "/api/v1/block/1/2/3") == 404);
    CHECK(status("get", "/") == 400);
    CHECK(status("", "/") == 400);
    CHECK(status("GET", "/api/v1/ping", host_only(), "body") == 400);
}

TEST_CASE_METHOD(Fixture, "Gate: a query has at most 32 parameters", "[http][limits]") {
    std::string target = "/api/v1/chain?a0=";
    for (std::size_t i = 1; i < query_parameters_max; ++i)
        target += "&a" + std::to_string(i) + "=";
    CHECK(status("GET", target) == 0);
    CHECK(status("GET", target + "&b=") == 400);
}

TEST_CASE_METHOD(Fixture, "Gate: headers and bodies have limits", "[http][limits][P1][P4]") {
    const auto headers_with = [](std::size_t padding) {
        const std::string value(padding, 'x');
        GateFixture fixture;
        return fixture.status("GET", "/api/v1/ping", with({{"X", value}}));
    };
    // "GET /api/v1/ping HTTP/1.1", "Host: localhost:8080", "X: " and the empty line, with ends.
    constexpr std::size_t others = 27 + 22 + 5 + 2;
    CHECK(headers_with(header_bytes_max - others) == 0);
    CHECK(headers_with(header_bytes_max - others + 1) == 431);
    Headers many(header_fields_max - 1, {"X", ""});
    CHECK(status("GET", "/api/v1/ping", with(many)) == 0);
    many.push_back({"X", ""});
    CHECK(status("GET", "/api/v1/ping", with(many)) == 431);
    const auto trailers_with = [this](Headers headers, Headers trailers) {
        const auto decision = gate.decide(
            {.method = "GET",
             .target = "/api/v1/ping",
             .headers = with(std::move(headers)),
             .body = {},
             .trailers = std::move(trailers)}
        );
        const auto* reply = std::get_if<HttpReply>(&decision);
        return reply == nullptr ? 0 : reply->status;
    };
    const std::string half(header_bytes_max / 2, 'x');
    const std::string rest(header_bytes_max / 2 - others - 5 + 1, 'x');
    CHECK(trailers_with({{"X", half}}, {{"Y", std::string_view{rest}.substr(1)}}) == 0);
    CHECK(trailers_with({{"X", half}}, {{"Y", rest}}) == 431);
    many.pop_back();
    CHECK(trailers_with(many, {}) == 0);
    CHECK(trailers_with(many, {{"X", ""}}) == 431);
    std::string body(body_bytes_max - 2, ' ');
    body = '{' + body + '}';
    CHECK(status("POST", "/api/v1/mine_block", json(), body) == 0);
    CHECK(status("POST", "/api/v1/mine_block", json(), body + ' ') == 413);
}

TEST_CASE_METHOD(Fixture, "Gate: only the machine's own names are answered", "[http][P2]") {
    const auto by = [this](std::string_view host) {
        return status("GET", "/api/v1/ping", {{"Host", host}});
    };
    for (const char* host :
         {"localhost",
          "LOCALHOST:1",
          "127.0.0.1:8080",
          "10.0.0.1",
          "[::1]",
          "[::1]:8080",
          "node.example",
          "node.example:80"}) {
        INFO(host);
        CHECK(by(host) == 0);
    }
    for (const char* host : {"evil.example", "localhost.evil.example", "1.2.3.4.evil.example:80"}) {
        INFO(host);
        CHECK(by(host) == 403);
    }
    for (const char* host : {"", "[::1", ":80", "localhost:x"}) {
        INFO(host);
        CHECK(by(host) == 400);
    }
    CHECK(status("GET", "/api/v1/ping", {}) == 400);
    CHECK(status("GET", "/api/v1/ping", with({{"Host", "localhost"}})) == 400);
}

TEST_CASE_METHOD(Fixture, "Gate: a page of another site changes nothing", "[http][P2]") {
    const auto from = [this](Headers headers) {
        return status("POST", "/api/v1/mine_block", json(std::move(headers)), "{}");
    };
    CHECK(from({}) == 0);
    CHECK(from({{"Origin", "http://localhost:8080"}}) == 0);
    CHECK(from({{"Sec-Fetch-Site", "same-origin"}}) == 0);
    CHECK(from({{"Sec-Fetch-Site", "none"}}) == 0);
    for (const char* origin : {"http://evil.example", "null", "http://localhost", ""}) {
        INFO(origin);
        CHECK(from({{"Origin", origin}}) == 403);
    }
    CHECK(from({{"Sec-Fetch-Site", "cross-site"}}) == 403);
    CHECK(from({{"Sec-Fetch-Site", "same-site"}}) == 403);
    CHECK(status("OPTIONS", "/api/v1/mine_block") == 405);
}

TEST_CASE("Gate: a trusted origin gets its headers, others none", "[http][P2]") {
    GateFixture fixture;
    const Gate gate{{.hosts = {}, .cors = {"https://good.example"}, .version = {}}};
    const auto decide = [&](std::string_view method, std::string_view origin) {
        return gate.decide(
            {.method = method,
             .target = method == "POST" ? "/api/v1/mine_block" : "/api/v1/ping",
             .headers = json({{"Origin", origin}}),
             .body = {},
             .is_loopback = true}
        );
    };
    const auto has_header = [](const HttpReply& reply) {
        for (const auto& [name, value] : reply.headers)
            if (name == "Access-Control-Allow-Origin")
                return value == "https://good.example";
        return false;
    };
    CHECK(has_header(fixture.play(decide("GET", "https://good.example"), R"({"type":"ping"})").reply
    ));
    CHECK_FALSE(
        has_header(fixture.play(decide("GET", "https://evil.example"), R"({"type":"ping"})").reply)
    );
    CHECK(has_header(
        fixture.play(decide("POST", "https://good.example"), R"({"type":"mine_block"})").reply
    ));
    CHECK(std::get<HttpReply>(decide("POST", "https://evil.example")).status == 403);
    CHECK(std::get<HttpReply>(decide("OPTIONS", "https://good.example")).status == 204);
    CHECK(std::get<HttpReply>(decide("OPTIONS", "https://evil.example")).status == 403);
}

TEST_CASE_METHOD(Fixture, "Gate: the cookie goes from the header to control alone", "[http][P2]") {
    const Headers bearer{{"Authorization", "Bearer abc"}};
    const auto asked = [&](std::string_view name) {
        return play(decide("POST", name, json(bearer), "{}"), "{}").questions.front();
    };
    CHECK(asked("/api/v1/shutdown") == R"({"type":"shutdown","auth":"abc"})");
    CHECK(asked("/api/v1/push_transaction") == R"({"type":"push_transaction"})");
    CHECK(status("POST", "/api/v1/shutdown", json(), R"({"auth":"abc"})") == 400);
    CHECK(status("POST", "/api/v1/shutdown?auth=abc", json(), "{}") == 400);
    const auto reply = play(
                           decide("POST", "/api/v1/shutdown"),
                           R"({"type":"error","code":"auth_required","message":"x","data":{}})"
    )
                           .reply;
    CHECK(reply.status == 401);
    CHECK(reply.headers.front().first == "WWW-Authenticate");
}

TEST_CASE_METHOD(Fixture, "Gate: bodies must be JSON objects and say so", "[http][P4]") {
    const auto post = [this](Headers headers, std::string_view body) {
        return status("POST", "/api/v1/mine_block", std::move(headers), body);
    };
    CHECK(post(host_only(), "") == 0);
    CHECK(post(host_only(), "{}") == 415);
    CHECK(post(with({{"Content-Type", "text/plain"}}), "{}") == 415);
    CHECK(post(with({{"Content-Type", "application/json; charset=utf-8"}}), "{}") == 0);
    CHECK(post(json(), "[]") == 400);
    CHECK(post(json(), "{") == 400);
    CHECK(post(json(), R"({"a":1,"a":2})") == 400);
    std::string many = R"({"data":[0)";
    for (std::size_t i = 1; i < codec::json_values_max; ++i)
        many += ",0";
    CHECK(post(json(), many + "]}") == 413);
}

TEST_CASE_METHOD(Fixture, "Gate: each error code has its status", "[http]") {
    const std::vector<std::pair<std::string, unsigned>> rows{
        {"not_json", 400},
        {"bad_field", 400},
        {"unknown_command", 404},
        {"not_found", 404},
        {"wrong_chain", 409},
        {"auth_required", 401},
        {"forbidden", 403},
        {"rejected", 422},
        {"busy", 429},
        {"too_large", 413},
        {"internal", 500}};
    for (const auto& [code, expected] : rows) {
        INFO(code);
        const auto answer = R"({"type":"error","code":")" + code + R"(","message":"m","data":{}})";
        const auto reply = play(decide("GET", "/api/v1/ping"), answer).reply;
        CHECK(reply.status == expected);
        CHECK(reply.body == answer);
    }
}

TEST_CASE_METHOD(Fixture, "Gate: HEAD is a GET whose body is counted only", "[http]") {
    const auto reply = play(decide("HEAD", "/api/v1/ping"), R"({"type":"ping"})").reply;
    CHECK(reply.is_head);
    CHECK_FALSE(reply.body.empty());
    CHECK(std::get<HttpReply>(decide("HEAD", "/nothing")).is_head);
}

TEST_CASE("Gate: assets and routes of others are served", "[http]") {
    GateFixture fixture;
    fixture.gate.add(Asset{.path = "/", .content_type = "text/html", .content = "<p>hello"});
    fixture.gate.add(Route{
        .method = "POST",
        .path = "/mine/*",
        .decide = [](const HttpRequest&, std::string_view rest) {
            return Decision{HttpReply{.body = std::string{rest}}};
        }});
    const auto page = std::get<HttpReply>(fixture.decide("GET", "/"));
    CHECK(page.body == "<p>hello");
    const auto finished = fixture.gate.finish(page);
    CHECK(finished.headers.size() == 5);
    CHECK(fixture.status("POST", "/") == 405);
    CHECK(std::get<HttpReply>(fixture.decide("POST", "/mine/5001")).body == "5001");
    CHECK(fixture.status("GET", "/mine/5001") == 405);
    CHECK(fixture.status("POST", "/mine/") == 404);
}
