#include "cairn/codec/json_text.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <charconv>
#include <fstream>
#include <iterator>

namespace cairn::codec {

namespace {

Json vectors() {
    std::ifstream file{CAIRN_VECTORS_DIR "/codec/rfc8785.json"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto parsed = parse_json(text);
    REQUIRE(parsed);
    return *parsed;
}

const std::string& text_of(const Json& object, std::string_view key) {
    return *object.find(key)->if_text();
}

double number_from_bits(std::string_view hex) {
    std::uint64_t bits = 0;
    std::from_chars(hex.data(), hex.data() + hex.size(), bits, 16);
    return std::bit_cast<double>(bits);
}

bool is_canonical(std::string_view text) {
    return is_canonical_json(as_bytes(text));
}

}  // namespace

TEST_CASE("Canonical JSON: numbers stand as in RFC 8785 appendix B", "[codec]") {
    const auto all = vectors();
    const auto& rows = *all.find("numbers")->if_array();
    CHECK(rows.size() == 24);
    for (const auto& row : rows)
        CHECK(
            canonical_text(Json{number_from_bits(text_of(row, "ieee754"))}) == text_of(row, "text")
        );
}

TEST_CASE("Canonical JSON: documents become those of RFC 8785 and its test data", "[codec]") {
    const auto all = vectors();
    for (const auto& row : *all.find("documents")->if_array()) {
        INFO(text_of(row, "name"));
        const auto document = parse_json(text_of(row, "json"));
        REQUIRE(document);
        CHECK(canonical_text(*document) == text_of(row, "canonical"));
        CHECK(is_canonical(text_of(row, "canonical")));
        CHECK_FALSE(is_canonical(text_of(row, "json")));
        CHECK(parse_json(to_text(*document)) == *document);
    }
}

TEST_CASE(
    "Canonical JSON: an integer that doubles cannot hold is printed as its double", "[codec]"
) {
    CHECK(canonical_text(Json{quantity_max}) == "9007199254740991");
    CHECK(canonical_text(Json{quantity_max + 2}) == "9007199254740992");
    CHECK(canonical_text(Json{-5}) == "-5");
}

TEST_CASE("Canonical JSON: a second form of a document is not canonical", "[codec][C4]") {
    CHECK(is_canonical(R"({"a":1,"b":[null,"é"]})"));
    CHECK_FALSE(is_canonical(R"({"b":1,"a":2})"));
    CHECK_FALSE(is_canonical(R"({"a": 1})"));
    CHECK_FALSE(is_canonical(R"({"a":"\u00e9"})"));
    CHECK_FALSE(is_canonical(R"({"a":1.0})"));
    CHECK_FALSE(is_canonical(R"({"a":1E3})"));
    CHECK_FALSE(is_canonical(R"({"a":-0})"));
    CHECK_FALSE(is_canonical(R"({"a":"\/"})"));
    CHECK_FALSE(is_canonical("{} "));
    CHECK_FALSE(is_canonical(""));
    CHECK_FALSE(is_canonical("\xff"));
}

}  // namespace cairn::codec
