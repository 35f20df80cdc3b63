// `POST /frames` (spec 12 R30).
#include "tests/unit/http/http_fixture.hpp"

#include "cairn/http/gateway.hpp"

#include <memory>

namespace cairn::http {

namespace {

using test::GateFixture;

/// The reply to the request `text` when the command table answers `answer`.
HttpReply frames_of(const GateFixture& fixture, std::string_view body, std::string answer) {
    auto decision = fixture.decide("POST", "/frames", test::json(), body);
    auto* exchange = std::get_if<std::unique_ptr<Exchange>>(&decision);
    REQUIRE(exchange != nullptr);
    REQUIRE((*exchange)->next().has_value());
    CHECK_FALSE((*exchange)->next().has_value());
    (*exchange)->take(std::move(answer));
    return (*exchange)->reply();
}

}  // namespace

TEST_CASE_METHOD(GateFixture, "Frames: the text is asked as it is", "[http][R30]") {
    auto decision = decide("POST", "/frames", test::json(), R"({"request":" PING  id=\"a\\b\" "})");
    auto& exchange = std::get<std::unique_ptr<Exchange>>(decision);
    CHECK(exchange->next()->text == R"( PING  id="a\b" )");
}

TEST_CASE_METHOD(GateFixture, "Frames: both have their header and their bytes", "[http][R30]") {
    const auto reply = frames_of(*this, R"({"request":"ping"})", R"({"type":"ping"})");
    CHECK(reply.status == 200);
    CHECK(
        reply.body == R"({"request":{"header":"4         ","payload":"ping"},)"
                      R"("reply":{"header":"15        ","payload":"{\"type\":\"ping\"}"}})"
    );
}

TEST_CASE_METHOD(GateFixture, "Frames: a node's error is one, the door's is none", "[http][R30]") {
    const auto of_node = frames_of(
        *this,
        R"({"request":"x"})",
        R"({"type":"error","code":"unknown_command","data":{"rule":"rpc.unknown_command"}})"
    );
    CHECK(of_node.status == 200);
    const auto of_gateway = frames_of(
        *this,
        R"({"request":"x"})",
        R"({"type":"error","code":"no_node","data":{"rule":"http.no_node"}})"
    );
    CHECK(of_gateway.status == 404);
    CHECK(of_gateway.body.starts_with(R"({"type":"error")"));
}

TEST_CASE_METHOD(GateFixture, "Frames: what TCP takes for no request is refused", "[http][R30]") {
    for (const auto* body :
         {"",
          "{}",
          R"({"request":1})",
          R"({"request":""})",
          R"({"request":"\u0001"})",
          R"({"request":"\u00e9"})",
          R"({"request":"ping","more":1})"}) {
        INFO(body);
        const auto decision = decide("POST", "/frames", test::json(), body);
        const auto* reply = std::get_if<HttpReply>(&decision);
        REQUIRE(reply != nullptr);
        CHECK(reply->status == 400);
        CHECK(test::refusal_of(reply->body) == "http.wrong_parameters");
    }
    CHECK(status("POST", "/frames", test::host_only(), R"({"request":"ping"})") == 415);
    CHECK(status("POST", "/frames", test::json(), "[]") == 400);
    CHECK(status("GET", "/frames") == 405);
}

TEST_CASE("Frames: strangers ask a gateway's nodes by JSON that reads alone", "[http][R25][R30]") {
    const Gateway gateway{
        {.hosts = {}, .cors = {}, .version = "0.1.0", .nodes = {5001}, .open_probe = true}};
    const auto is_refused = [&gateway](std::string text) {
        return gateway.refuse_stranger({.text = std::move(text), .node = 5001}).has_value();
    };
    CHECK_FALSE(is_refused(R"({"type":"status"})"));
    CHECK(is_refused("status"));
    CHECK(is_refused("mine_block"));
    CHECK(is_refused(R"({"type":"mine_block"})"));
    CHECK(is_refused(R"({"ty\u0070e":"mine_block"})"));
    CHECK(is_refused(R"({"type":"MINE_BLOCK"})"));
}

}  // namespace cairn::http
