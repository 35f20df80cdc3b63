#include "src/rpc/access.hpp"

#include "tests/unit/rpc/rpc_fixture.hpp"

namespace cairn::rpc {

TEST_CASE("Access: strangers are answered only by an open node", "[rpc]") {
    RpcFixture fixture;
    CHECK(fixture.code_of("ping", false) == "forbidden");
    fixture.view.node_config.open_probe = true;
    CHECK(fixture.code_of("ping", false) == "ping");
}

TEST_CASE("Access: a stranger's cookie is never looked at", "[rpc][A2]") {
    RpcFixture fixture;
    fixture.view.node_config.open_probe = true;
    CHECK(fixture.code_of(fixture.fill_in("shutdown auth=$AUTH"), false) == "forbidden");
}

TEST_CASE("Access: a wrong cookie is told late, a missing one at once", "[rpc][A2]") {
    RpcFixture fixture;
    CHECK(fixture.code_of("shutdown") == "auth_required");
    fixture.send("shutdown auth=00112233445566778899aabbccddeefe");
    CHECK(fixture.take_replies().empty());
    fixture.pass(wrong_cookie_delay - Duration{1});
    CHECK(fixture.take_replies().empty());
    fixture.pass(Duration{1});
    const auto replies = fixture.take_replies();
    REQUIRE(replies.size() == 1);
    CHECK(replies.front().find("auth_required") != std::string::npos);
    CHECK(fixture.commands.empty());
}

TEST_CASE("Access: open control counts on development chains only", "[rpc]") {
    RpcFixture fixture;
    ControlRules rules{.cookie = "", .is_open = false, .is_loopback = true};
    const auto request = codec::Json::object();
    CHECK(check_control(request, rules)->error.code == ErrorCode::forbidden);
    rules.is_open = true;
    CHECK_FALSE(check_control(request, rules).has_value());

    Server open{{.open_control = true}, fixture.view, 1};
    const auto ask = [&] {
        open.on_text(
            fixture.time, {.link = RpcFixture::link, .text = "shutdown", .is_loopback = true}
        );
        return open.take_actions();
    };
    const auto actions = ask();
    REQUIRE(actions.size() == 1);
    CHECK(std::holds_alternative<RunCommand>(actions.front()));
}

TEST_CASE("Access: secrets are equal when every character is", "[rpc][A2]") {
    CHECK(is_same_secret("abc", "abc"));
    CHECK_FALSE(is_same_secret("abc", "abd"));
    CHECK_FALSE(is_same_secret("abc", "xbc"));
    CHECK_FALSE(is_same_secret("abc", "ab"));
    CHECK_FALSE(is_same_secret("abc", ""));
}

}  // namespace cairn::rpc
