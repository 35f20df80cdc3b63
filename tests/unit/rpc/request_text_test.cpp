#include "cairn/rpc/request_text.hpp"

#include "cairn/rpc/limits.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace cairn::rpc {

namespace {

std::string parsed(std::string_view text) {
    const auto request = parse_request(text);
    return request ? codec::to_text(*request) : std::string{to_string(request.error().code)};
}

}  // namespace

TEST_CASE("Command line: words make the name, pairs the arguments", "[rpc]") {
    CHECK(parsed("GET CHAIN from=0 count=10\r\n") == R"({"type":"get_chain","from":0,"count":10})");
    CHECK(parsed("get_chain From=0") == R"({"type":"get_chain","from":0})");
    CHECK(parsed("Valid message") == R"({"type":"valid_message"})");
    CHECK(
        parsed("x a=true b=false c=truth d=") ==
        R"({"type":"x","a":true,"b":false,"c":"truth","d":""})"
    );
}

TEST_CASE("Command line: only what every reader holds is a number", "[rpc][C7]") {
    CHECK(parsed("x a=9007199254740991") == R"({"type":"x","a":9007199254740991})");
    CHECK(parsed("x a=9007199254740992") == R"({"type":"x","a":"9007199254740992"})");
    CHECK(
        parsed("x a=-1 b=1.0 c=0x1 d=01 e=1e3") ==
        R"({"type":"x","a":"-1","b":"1.0","c":"0x1","d":"01","e":"1e3"})"
    );
}

TEST_CASE("Command line: quotes keep spaces and make text", "[rpc]") {
    CHECK(
        parsed(R"(x a="two words" b="5" c="q\"q\\")") ==
        R"({"type":"x","a":"two words","b":"5","c":"q\"q\\"})"
    );
    CHECK(parsed(R"(x a="open)") == "bad_field");
}

TEST_CASE("Command line: what has no meaning is refused", "[rpc]") {
    CHECK(parsed("x a=1 word") == "bad_field");
    CHECK(parsed("x a=1 A=2") == "bad_field");
    CHECK(parsed("x type=y") == "bad_field");
    CHECK(parsed("a=1") == "bad_field");
    CHECK(parsed("") == "bad_field");
    std::string many = "x";
    for (std::size_t i = 0; i < line_arguments_max; ++i)
        many += " a" + std::to_string(i) + "=1";
    CHECK(parse_request(many).has_value());
    CHECK(parsed(many + " b=1") == "bad_field");
}

TEST_CASE("Text: control characters and bad UTF-8 are refused and not repeated", "[rpc][C8]") {
    using namespace std::string_literals;
    for (const auto& text :
         {"x\x01"s, "x a=\0"s, "x \xff"s, "{\"type\":\"\xc3\"}"s, "{\"type\":\"\\ud800\"}"s}) {
        const auto request = parse_request(text);
        REQUIRE_FALSE(request.has_value());
        CHECK(request.error().code == ErrorCode::bad_field);
        for (const auto character : to_json(request.error(), ""))
            CHECK((character >= ' ' && character <= '~'));
    }
}

TEST_CASE("JSON: a length counted in characters gives an error with a hint", "[rpc][F2]") {
    const std::string whole = "{\"type\":\"ping\",\"id\":\"\xc3\xa9\xc3\xa9\"}";
    REQUIRE(parse_request(whole).has_value());
    for (std::size_t cut = 1; cut <= 3; ++cut) {
        const auto request = parse_request(std::string_view{whole}.substr(0, whole.size() - cut));
        REQUIRE_FALSE(request.has_value());
        CHECK(request.error().hint.find("bytes") != std::string::npos);
    }
}

TEST_CASE("JSON: deep, repeated and huge values are refused", "[rpc][C3]") {
    CHECK(parsed("{\"type\":" + std::string(1'000'000, '[')) == "not_json");
    CHECK(parsed(R"({"type":"ping","type":"ping"})") == "not_json");
    CHECK(parsed(R"({"type":"ping","id":1e999999})") == "not_json");
    CHECK(parsed(R"({"id":1})") == "bad_field");
    CHECK(parsed(R"({"type":[]})") == "bad_field");
}

TEST_CASE("Vectors: every text request means what the specification says", "[rpc][vectors]") {
    std::ifstream file{CAIRN_VECTORS_DIR "/text/requests.json"};
    std::stringstream content;
    content << file.rdbuf();
    const auto vectors = codec::parse_json(content.str());
    REQUIRE(vectors.has_value());
    for (const auto& vector : *vectors->if_array()) {
        INFO(*vector.find("name")->if_text());
        const auto* error = vector.find("error");
        const auto expected =
            error != nullptr ? *error->if_text() : codec::to_text(*vector.find("json"));
        CHECK(parsed(*vector.find("text")->if_text()) == expected);
    }
}

}  // namespace cairn::rpc
