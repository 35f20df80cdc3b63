// JSON-RPC without sockets, and the descriptions.
#include "src/http/json_rpc.hpp"

#include "src/http/describe.hpp"
#include "src/http/schema.hpp"
#include "tests/unit/http/http_fixture.hpp"

#include "cairn/rpc/command.hpp"
#include "cairn/rpc/shapes.hpp"

using namespace cairn;
using namespace cairn::http;
using namespace cairn::http::test;

namespace {

struct RpcGate : GateFixture {
    Played call(std::string_view body, const std::string& answer = "{}", Headers more = {}) const {
        return play(decide("POST", "/rpc", json(std::move(more)), body), answer);
    }

    /// The reply to a body that nothing is asked for.
    std::string body_of(std::string_view body) const {
        return std::get<HttpReply>(decide("POST", "/rpc", json(), body)).body;
    }
};

}  // namespace

TEST_CASE_METHOD(RpcGate, "JsonRpc: parameters come by name and by place", "[http][rpc]") {
    const auto asked = [this](const std::string& params) {
        return call(R"({"jsonrpc":"2.0","method":"get_chain","id":1,"params":)" + params + '}')
            .questions.front();
    };
    CHECK(asked(R"({"from":1})") == R"({"type":"get_chain","from":1})");
    CHECK(asked("[1,2]") == R"({"type":"get_chain","from":1,"count":2})");
    CHECK(asked("[null,2]") == R"({"type":"get_chain","count":2})");
    CHECK(asked("[]") == R"({"type":"get_chain"})");
}

TEST_CASE_METHOD(RpcGate, "JsonRpc: an answer becomes a result with the call's id", "[http][rpc]") {
    const auto played =
        call(R"({"jsonrpc":"2.0","method":"ping","id":"a"})", R"({"type":"ping","pong":true})");
    CHECK(
        played.reply.body == R"({"jsonrpc":"2.0","result":{"type":"ping","pong":true},"id":"a"})"
    );
    CHECK(played.reply.status == 200);
}

TEST_CASE_METHOD(RpcGate, "JsonRpc: an error keeps its code's name and details", "[http][rpc]") {
    const auto played = call(
        R"({"jsonrpc":"2.0","method":"get_block","id":1})",
        R"({"type":"error","code":"not_found","message":"No \"x\".","data":{"hint":"h"}})"
    );
    CHECK(played.reply.status == 200);
    CHECK(
        played.reply.body == R"({"jsonrpc":"2.0","error":{"code":-32001,"message":"No \"x\".",)"
                             R"("data":{"code":"not_found","hint":"h"}},"id":1})"
    );
}

TEST_CASE("JsonRpc: each error code has its number", "[http][rpc]") {
    const std::vector<std::pair<std::string, int>> rows{
        {"not_json", -32602},
        {"bad_field", -32602},
        {"unknown_command", -32601},
        {"not_found", -32001},
        {"busy", -32002},
        {"rejected", -32003},
        {"forbidden", -32004},
        {"too_large", -32005},
        {"wrong_chain", -32006},
        {"auth_required", -32007},
        {"internal", -32603},
        {"another", -32603}};
    for (const auto& [code, number] : rows) {
        INFO(code);
        CHECK(rpc_code_of(code) == number);
    }
}

TEST_CASE_METHOD(RpcGate, "JsonRpc: what is no call is told so", "[http][rpc]") {
    const auto code_of = [this](std::string_view body) {
        const auto body_text = call(body).reply.body;
        const auto document = codec::parse_json(body_text);
        REQUIRE(document.has_value());
        return *document->find("error")->find("code")->if_negative();
    };
    const auto rule_of = [this](std::string_view body) {
        return refusal_of(call(body).reply.body);
    };
    CHECK(rule_of("1") == "http.not_a_call");
    CHECK(rule_of(R"({"jsonrpc":"2.0","method":"nothing","id":1})") == "http.no_such_method");
    CHECK(
        rule_of(R"({"jsonrpc":"2.0","method":"ping","params":1,"id":1})") == "http.wrong_parameters"
    );
    CHECK(code_of("1") == -32600);
    CHECK(code_of(R"({"method":"ping","id":1})") == -32600);
    CHECK(code_of(R"({"jsonrpc":"1.0","method":"ping","id":1})") == -32600);
    CHECK(code_of(R"({"jsonrpc":"2.0","method":"ping","id":{}})") == -32600);
    CHECK(code_of(R"({"jsonrpc":"2.0","method":"nothing","id":1})") == -32601);
    CHECK(code_of(R"({"jsonrpc":"2.0","method":"ping","params":[1],"id":1})") == -32602);
    CHECK(code_of(R"({"jsonrpc":"2.0","method":"ping","params":1,"id":1})") == -32602);
    CHECK(code_of(R"({"jsonrpc":"2.0","method":"ping","params":{"auth":"x"},"id":1})") == -32602);
    CHECK(status("POST", "/rpc", json(), "{") == 400);
    CHECK(call("1").reply.status == 200);
    CHECK(call("[]").reply.status == 200);
    CHECK(code_of("[]") == -32600);
    CHECK(rule_of("[]") == "http.empty_batch");
    CHECK(status("POST", "/rpc", host_only(), "{}") == 415);
    CHECK(body_of("{").find(R"("code":-32700)") != std::string::npos);
    CHECK(refusal_of(body_of("{")) == "codec.bad_json");
}

TEST_CASE_METHOD(RpcGate, "JsonRpc: notifications are run and not answered", "[http][rpc]") {
    const auto played = call(R"({"jsonrpc":"2.0","method":"ping"})");
    CHECK(played.questions.size() == 1);
    CHECK(played.reply.status == 204);
    CHECK(played.reply.body.empty());
}

TEST_CASE_METHOD(RpcGate, "JsonRpc: a batch has at most 1000 calls", "[http][rpc][limits][P4]") {
    const auto batch = [](std::size_t count) {
        std::string body = "[";
        for (std::size_t i = 0; i < count; ++i)
            body += std::string{i == 0 ? "" : ","} + R"({"jsonrpc":"2.0","method":"ping","id":1})";
        return body + ']';
    };
    CHECK(call(batch(batch_max)).questions.size() == batch_max);
    CHECK(status("POST", "/rpc", json(), batch(batch_max + 1)) == 413);
    const auto refused = body_of(batch(batch_max + 1));
    CHECK(refusal_of(refused) == "http.batch_too_long");
    CHECK(refused.find(R"("code":-32005)") != std::string::npos);
}

TEST_CASE_METHOD(RpcGate, "JsonRpc: a batch's replies end at a size", "[http][rpc][limits]") {
    const std::string answer = R"({"type":"x","v":")" + std::string(batch_bytes_max, 'v') + "\"}";
    const auto played = call(
        R"([{"jsonrpc":"2.0","method":"ping","id":1},)"
        R"({"jsonrpc":"2.0","method":"ping","id":2}])",
        answer
    );
    CHECK(played.questions.size() == 1);
    CHECK(played.reply.body.find("-32005") != std::string::npos);
    CHECK(played.reply.body.find(R"("rule":"http.reply_too_large")") != std::string::npos);
}

TEST_CASE_METHOD(RpcGate, "JsonRpc: the cookie comes from the header", "[http][rpc][P2]") {
    const auto played = call(
        R"({"jsonrpc":"2.0","method":"shutdown","id":1})", "{}", {{"Authorization", "Bearer abc"}}
    );
    CHECK(played.questions.front() == R"({"type":"shutdown","auth":"abc"})");
}

TEST_CASE("Shapes: every command's reply has one that is understood", "[http][P6]") {
    for (const auto& command : rpc::command_table()) {
        INFO(command.name);
        CHECK(reply_schema(command.name, command.reply).has_value());
    }
    for (const auto& [name, shape] : rpc::named_shapes()) {
        INFO(name);
        CHECK(to_schema(shape).has_value());
    }
    for (const char* wrong : {"", "{", "{a}", "{a: b}", "[number", "'x", "number]", "{a: number"}) {
        INFO(wrong);
        CHECK_FALSE(to_schema(wrong).has_value());
    }
    CHECK(
        *to_schema("{a: number, b?: 'x'|null}") ==
        R"({"type":"object","properties":{"a":{"type":"integer","minimum":0},)"
        R"("b":{"anyOf":[{"const":"x"},{"type":"null"}]}},"required":["a"],)"
        R"("additionalProperties":false})"
    );
}

TEST_CASE("Describe: the documents are JSON and name every command", "[http][P6]") {
    for (const auto& text : {describe_open_api("1"), describe_open_rpc("1")}) {
        CHECK(codec::parse_json(text).has_value());
        for (const auto& command : rpc::command_table())
            CHECK(text.find('"' + std::string{command.name} + '"') != std::string::npos);
    }
}
