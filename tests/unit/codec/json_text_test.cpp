#include "cairn/codec/json_text.hpp"

#include <catch2/catch.hpp>

namespace cairn::codec {

namespace {

std::string repeated(std::string_view part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += part;
    return text;
}

/// An array of `count` elements, which makes `count + 1` values.
std::string list_of_zeros(std::size_t count) {
    return "[0" + repeated(",0", count - 1) + "]";
}

DecodeError error_of(std::string_view text, JsonLimits limits = {}) {
    const auto parsed = parse_json(text, limits);
    REQUIRE_FALSE(parsed);
    return parsed.error().code;
}

constexpr JsonLimits wide{std::size_t{1} << 24U, 32, 10'000'000};

}  // namespace

TEST_CASE("Json value: replies are built by hand and keep their order", "[codec]") {
    auto reply = Json::object({{"type", Json{"status"}}, {"height", Json{Height{7}}}});
    reply.set("peers", Json::array({Json{1}, Json{-2}, Json{true}, Json{}}));
    reply.set("height", Json{8});
    CHECK(to_text(reply) == R"({"type":"status","height":8,"peers":[1,-2,true,null]})");
    CHECK(parse_json(to_text(reply)) == reply);
    CHECK(reply.find("peers")->if_array()->size() == 4);
    CHECK(reply.find("none") == nullptr);
    CHECK(Json{1}.find("a") == nullptr);
    CHECK(to_text(Json{}.push_back(Json{1.0})) == "[1.0]");
    CHECK_FALSE(Json{1} == Json{1.0});
}

TEST_CASE("Json text: output is ASCII on one line whatever the text holds", "[codec][C8]") {
    CHECK(to_text(Json{"é😀\n\t\"\\\x7f"}) == R"("\u00e9\ud83d\ude00\n\t\"\\\u007f")");
    CHECK(to_text(Json{std::string{"\0\x1f", 2}}) == R"("\u0000\u001f")");
    CHECK(to_text(Json{"a\xff\xc3"}) == R"("a\ufffd\ufffd")");
    CHECK(parse_json(R"("\u0000")") == Json{std::string(1, '\0')});
}

TEST_CASE("Json text: deep nesting is refused without recursion", "[codec][C3]") {
    constexpr std::size_t million = 1'000'000;
    CHECK(error_of(repeated("[", million)) == DecodeError::too_deep);
    CHECK(error_of(repeated("{\"a\":", million), wide) == DecodeError::too_deep);
    CHECK(parse_json(repeated("[", 32) + repeated("]", 32)));
    CHECK(error_of(repeated("[", 33) + repeated("]", 33)) == DecodeError::too_deep);
    CHECK(parse_json(repeated("{\"a\":", 32) + "1" + repeated("}", 32)));
    CHECK(error_of(repeated("{\"a\":", 33) + "1" + repeated("}", 33)) == DecodeError::too_deep);
    CHECK(parse_json("[]", {2, 1, 1}));
    CHECK(error_of("[[]]", {4, 1, 2}) == DecodeError::too_deep);
}

TEST_CASE("Json text: a document ends at 50,000 values and at 1 MiB", "[codec][C3]") {
    CHECK(parse_json(list_of_zeros(49'999)));
    CHECK(error_of(list_of_zeros(50'000)) == DecodeError::too_many_values);
    const auto largest = "\"" + std::string((std::size_t{1} << 20U) - 2, 'a') + "\"";
    CHECK(parse_json(largest));
    CHECK(error_of(largest + " ") == DecodeError::too_long);
    CHECK(parse_json("\"" + repeated("\\u0041", 170'000) + "\"")->if_text()->size() == 170'000);
}

TEST_CASE("Json text: a key stands once in an object, however it is spelled", "[codec][C3]") {
    CHECK(error_of(R"({"a":1,"b":2,"a":3})") == DecodeError::duplicate_key);
    CHECK(error_of(R"([{"a":1,"\u0061":1}])") == DecodeError::duplicate_key);
    CHECK(parse_json(R"({"a":{"a":1},"b":{"a":1}})"));
}

TEST_CASE("Json text: integers beyond 2^53-1 are refused in every notation", "[codec][C7]") {
    CHECK(parse_json("9007199254740991") == Json{quantity_max});
    CHECK(parse_json("-9007199254740991") == Json{-9'007'199'254'740'991});
    for (const auto* text :
         {"9007199254740992",
          "-9007199254740992",
          "18446744073709551615",
          "18446744073709551616",
          "-9223372036854775809",
          "9007199254740992.0",
          "1e20"})
        CHECK(error_of(text) == DecodeError::number_too_large);
    CHECK(parse_json("1e21")->if_double() != nullptr);
    CHECK(parse_json("-0")->if_double() != nullptr);
}

TEST_CASE("Json text: numbers outside the range of doubles are no JSON", "[codec][C3][C7]") {
    for (const auto* text :
         {"1e999999", "-1e999999", "NaN", "Infinity", "-Infinity", "0x10", "01", "+1", ".5", "1."})
        CHECK(error_of(text) == DecodeError::bad_json);
}

TEST_CASE("Json text: ill-formed UTF-8 and lone surrogates are refused", "[codec][C8]") {
    for (const auto* text :
         {"\"\xff\"",
          "\"\xc0\x80\"",
          "\"\xed\xa0\x80\"",
          R"("\ud800")",
          R"("\ud800x")",
          R"("\ud800\u0041")",
          R"("\udc00")",
          R"({"\ud83d":1})"})
        CHECK(error_of(text) == DecodeError::bad_text);
    CHECK(parse_json(R"("\ud83d\ude00")") == Json{"😀"});
}

TEST_CASE("Json text: what is not one JSON value is refused", "[codec][C4]") {
    for (const auto* text :
         {"",
          " ",
          "{} {}",
          "{}x",
          "[1,]",
          "{\"a\":1,}",
          "{a:1}",
          "'a'",
          "[1",
          "{\"a\"",
          "\"a",
          "\"a\nb\"",
          "// comment\n1",
          "\xef\xbb\xbf{}",
          "nul",
          "True"})
        CHECK(error_of(text) == DecodeError::bad_json);
    CHECK(error_of(std::string_view{"{}\0x", 4}) == DecodeError::bad_json);
    CHECK(error_of(std::string_view{"{}\0", 3}) == DecodeError::bad_json);
}

TEST_CASE("Json text: an error tells its place and never repeats the input", "[codec][C8]") {
    const auto error = parse_json("{\"a\":<script>}").error();
    CHECK(error == JsonError{DecodeError::bad_json, "byte 6", "JSON", "something else"});
    CHECK(
        parse_json("[[1]]", {9, 1, 9}).error() ==
        JsonError{DecodeError::too_deep, "byte 2", "at most 1 levels", "more"}
    );
}

}  // namespace cairn::codec
