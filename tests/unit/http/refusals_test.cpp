// What the door refuses by itself: each rule with its code, its status and all that a refusal
// tells.
#include "tests/unit/http/http_fixture.hpp"

#include "cairn/http/error_reply.hpp"

using namespace cairn;
using namespace cairn::http;
using namespace cairn::http::test;

namespace {

/// "405 wrong_method http.wrong_method"
std::string summary_of(const HttpReply& reply) {
    const auto document = codec::parse_json(reply.body);
    REQUIRE(document.has_value());
    REQUIRE(document->find("code") != nullptr);
    return std::to_string(reply.status) + ' ' + *document->find("code")->if_text() + ' ' +
           refusal_of(reply.body);
}

struct RefusalGate : GateFixture {
    std::string told(
        std::string_view method,
        std::string_view target,
        Headers headers = host_only(),
        std::string_view body = {}
    ) const {
        return summary_of(std::get<HttpReply>(decide(method, target, std::move(headers), body)));
    }

    std::string post(std::string_view target, std::string_view body) const {
        return told("POST", target, json(), body);
    }
};

}  // namespace

TEST_CASE_METHOD(RefusalGate, "Refusals: a request that is none is told why", "[http][refusal]") {
    const auto ping = "/api/v1/ping";
    CHECK(told("get", ping) == "400 bad_request http.bad_method");
    CHECK(told("", ping) == "400 bad_request http.bad_method");
    CHECK(told("GET", ping, host_only(), "x") == "400 bad_request http.body_with_get");
    const std::string long_value(header_bytes_max, 'x');
    CHECK(told("GET", ping, with({{"X", long_value}})) == "431 too_large http.headers_too_large");
    const std::string long_body(body_bytes_max + 1, ' ');
    CHECK(post("/api/v1/mine_block", long_body) == "413 too_large http.body_too_large");
    CHECK(
        told("POST", "/api/v1/mine_block", host_only(), "{}") ==
        "415 wrong_content_type http.wrong_content_type"
    );
    CHECK(post("/api/v1/mine_block", "[]") == "400 not_json http.not_an_object");
    CHECK(post("/api/v1/mine_block", "{") == "400 not_json codec.bad_json");
}

TEST_CASE_METHOD(RefusalGate, "Refusals: who may not ask is told why", "[http][refusal][P2]") {
    const auto ping = "/api/v1/ping";
    CHECK(told("GET", ping, {}) == "400 bad_request http.bad_host");
    CHECK(told("GET", ping, {{"Host", ""}}) == "400 bad_request http.bad_host");
    CHECK(told("GET", ping, {{"Host", "evil.example"}}) == "403 forbidden http.unknown_host");
    for (const auto* header : {"Origin", "Sec-Fetch-Site"})
        CHECK(
            told("POST", "/api/v1/mine_block", json({{header, "cross-site"}}), "{}") ==
            "403 forbidden http.other_site"
        );
    gate.add(Route{
        .method = "GET", .path = "/metrics", .decide = [](const HttpRequest&, std::string_view) {
            return Decision{error_reply(stranger("For this machine alone.", "Ask there."))};
        }});
    CHECK(told("GET", "/metrics") == "403 forbidden http.stranger");
}

TEST_CASE_METHOD(
    RefusalGate, "Refusals: a target that does not fit is told why", "[http][refusal]"
) {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"a", "400 bad_field http.no_path"},
        {"/%zz", "400 bad_field http.bad_escape"},
        {"/a%2fb", "400 bad_field http.bad_character"},
        {"/a/../b", "400 bad_field http.dot_segment"},
        {"/nothing", "404 not_found http.no_such_path"},
        {"/api/v1/nothing", "404 not_found http.no_such_path"},
        {"/api/v1/block/1/2/3", "404 not_found http.no_such_path"},
        {"/api/v1/mine_block", "405 wrong_method http.wrong_method"},
        {"/api/v1/ping?=", "400 bad_field http.wrong_query"},
        {"/api/v1/chain?from=1&from=2", "400 bad_field http.wrong_query"},
        {"/api/v1/status?auth=1", "400 bad_field http.reserved_field"},
        {"/readiness?minPeers=x", "400 bad_field http.wrong_query"},
        {"/balance", "400 bad_field http.wrong_query"}};
    for (const auto& [target, expected] : rows) {
        INFO(target);
        CHECK(told("GET", target) == expected);
    }
    std::string many = "/api/v1/chain?a=";
    for (std::size_t i = 0; i < query_parameters_max; ++i)
        many += "&a" + std::to_string(i) + "=";
    CHECK(told("GET", many) == "400 bad_field http.too_many_parameters");
    CHECK(told("DELETE", "/running") == "405 wrong_method http.wrong_method");
    CHECK(post("/api/v1/mine_block?count=1", "{}") == "400 bad_field http.arguments_in_target");
    CHECK(post("/api/v1/shutdown", R"({"auth":"abc"})") == "400 bad_field http.reserved_field");
    CHECK(post("/discover", R"({"nodes":[]})") == "400 bad_field http.bad_nodes");
}

TEST_CASE_METHOD(RefusalGate, "Refusals: what came is told, escaped and cut", "[http][refusal]") {
    const auto reply = std::get<HttpReply>(decide("DELETE", "/api/v1/ping"));
    CHECK(
        reply.body ==
        R"({"type":"error","code":"wrong_method","message":"This path does not take that method.",)"
        R"("data":{"rule":"http.wrong_method","expected":"GET, HEAD","actual":"DELETE",)"
        R"("hint":"/openapi.json tells the methods of each path."}})"
    );
    const std::string name = "a\"\x01\xff" + std::string(1000, 'b');
    const auto refused = std::get<HttpReply>(decide("GET", "/api/v1/ping", {{"Host", name}}));
    CHECK(refusal_of(refused.body) == "http.unknown_host");
    CHECK(refused.body.size() < 400);
    CHECK(refused.body.find(R"("actual":"a\\\"\\u0001)") != std::string::npos);
}

TEST_CASE("Refusals: every rule of the door has a name, a code and a sentence", "[http][refusal]") {
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(rpc::door_rule_last); ++i) {
        const auto rule = static_cast<rpc::DoorRule>(i);
        const auto reply =
            error_reply({.rule = rule, .message = "m", .expected = "e", .actual = "", .hint = "h"});
        INFO(reply.body);
        CHECK(refusal_of(reply.body) == "http." + std::string{rpc::to_string(rule)});
        CHECK(rpc::meaning_of(rule).ends_with('.'));
        CHECK((reply.status >= 400 && reply.status != 500 && reply.status < 505));
    }
}
