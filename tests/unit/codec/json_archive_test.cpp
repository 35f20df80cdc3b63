#include "cairn/codec/binary.hpp"
#include "cairn/codec/json.hpp"

#include <catch2/catch.hpp>

namespace cairn::codec {

namespace {

enum class Colour : std::uint8_t { red, green };

struct Inner {
    Nonce nonce;
    std::string name;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("nonce", varint(nonce)), field("name", bounded<8>(name)));
    }

    friend bool operator==(const Inner&, const Inner&) = default;
};

struct Tail {
    std::uint64_t seal = 0;
    Colour colour = Colour::red;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("seal", hex64(seal)), field("colour", enumerator<Colour::green>(colour)));
    }

    friend bool operator==(const Tail&, const Tail&) = default;
};

struct Nothing {
    friend bool operator==(const Nothing&, const Nothing&) = default;
};

struct Sample {
    std::uint8_t small = 0;
    std::uint32_t number = 0;
    Amount amount;
    FixedBytes<4, struct SampleTag> key;
    Bytes bytes;
    std::vector<Inner> list;
    std::optional<std::uint16_t> maybe;
    std::optional<std::string> note;
    bool flag = false;
    Uint256 work;
    std::uint64_t count = 100;
    Nothing nothing;
    Tail tail;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            field("small", small),
            field("number", number),
            field("amount", amount),
            field("key", key),
            field("bytes", bounded<4>(bytes)),
            field("list", bounded<3, 2>(list)),
            field("maybe", maybe),
            field("note", bounded<4>(note)),
            field("flag", flag),
            field("work", work),
            field("count", defaulted(varint(count))),
            field("nothing", nothing),
            flat(tail)
        );
    }

    friend bool operator==(const Sample&, const Sample&) = default;
};

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
