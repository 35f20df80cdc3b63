#include "tests/unit/codec/sample.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/codec/json.hpp"

#include <catch2/catch.hpp>

namespace cairn::codec {

namespace {

Sample sample() {
    Sample value;
    value.small = 7;
    value.number = 0x01020304;
    value.amount = Amount{quantity_max};
    value.key.bytes = {0xde, 0xad, 0xbe, 0xef};
    value.bytes = {1, 2, 3};
    value.list = {{Nonce{300}, "é\n"}, {Nonce{0}, ""}};
    value.note = "hi";
    value.flag = true;
    value.work = Uint256::from_u64(9);
    value.tail = {~std::uint64_t{0}, Colour::green};
    return value;
}

}  // namespace

TEST_CASE("Json: a structure is one object with its fields in order", "[codec][C6]") {
    CHECK(
        to_json(sample()) ==
        R"({"small":7,"number":16909060,"amount":9007199254740991,"key":"deadbeef",)"
        R"("bytes":"010203","list":[{"nonce":300,"name":"\u00e9\n"},{"nonce":0,"name":""}],)"
        R"("note":"hi","flag":true,)"
        R"("work":"0000000000000000000000000000000000000000000000000000000000000009",)"
        R"("count":100,"nothing":{},"seal":"ffffffffffffffff","colour":1})"
    );
}

TEST_CASE("Json: JSON to binary to JSON is a fixed point", "[codec][C6]") {
    const auto json = to_json(sample());
    const auto value = from_json_text<Sample>(json);
    REQUIRE(value);
    CHECK(*value == sample());
    const auto decoded = decode<Sample>(encode(*value));
    REQUIRE(decoded);
    CHECK(to_json(*decoded) == json);
}

}  // namespace cairn::codec
