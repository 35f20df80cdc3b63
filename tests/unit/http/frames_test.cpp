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

TEST_CASE("Frames: a gateway's strangers read in both forms, and no more", "[http][R25][R30]") {
    const Gateway gateway{
        {.hosts = {}, .cors = {}, .version = "0.1.0", .nodes = {5001}, .open_probe = true}};
    const auto rule = [&gateway](std::string text) -> std::string {
        const auto refused = gateway.refuse_stranger({.text = std::move(text), .node = 5001});
        return refused ? test::refusal_of(*refused) : std::string{};
    };
    for (const auto* text :
         {"status",
          "GET CHAIN from=0 count=10",
          " get_block  height=1",
          R"({"type":"status"})",
          R"({"ty\u0070e":"Get_Chain"})"}) {
        INFO(text);
        CHECK(rule(text).empty());
    }
    for (const auto* text :
         {"mine_block",
          "MINE BLOCK count=1",
          "shutdown auth=abc",
          R"("mine"_block)",
          "nothing",
          R"({"type":"mine_block"})",
          R"({"ty\u0070e":"mine_block"})",
          R"({"type":"MINE_BLOCK"})"}) {
        INFO(text);
        CHECK(rule(text) == "http.stranger_control");
    }
    // What is no request of either form is told as the node would tell it.
    CHECK(rule(R"({"type":"status","type":"shutdown"})") == "codec.duplicate_key");
    CHECK(rule("status from=1 from=2") == "rpc.bad_field");
}

}  // namespace cairn::http
