#include "cairn/codec/binary.hpp"

#include <catch2/catch.hpp>

namespace cairn::codec {

namespace {

struct Named {
    Nonce nonce;
    std::string name;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("nonce", varint(nonce)), field("name", bounded<8>(name)));
    }

    friend bool operator==(const Named&, const Named&) = default;
};

struct Packet {
    std::uint8_t small = 0;
    std::uint32_t number = 0;
    Amount amount;
    Hash256 hash;
    Bytes bytes;
    std::vector<Named> list;
    std::optional<std::uint16_t> maybe;
    bool flag = false;
    Uint256 work;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            field("small", small),
            field("number", number),
            field("amount", amount),
            field("hash", hash),
            field("bytes", bounded<4>(bytes)),
            field("list", bounded<3, 2>(list)),
            field("maybe", maybe),
            field("flag", flag),
            field("work", work)
        );
    }

    friend bool operator==(const Packet&, const Packet&) = default;
};

Packet packet() {
    Packet value;
    value.small = 7;
    value.number = 0x01020304;
    value.amount = Amount{quantity_max};
    value.hash.bytes.fill(0xab);
    value.bytes = {1, 2, 3};
    value.list = {{Nonce{300}, "é"}, {Nonce{0}, ""}};
    value.maybe = 5;
    value.flag = true;
    value.work = Uint256::from_u64(9);
    return value;
}

struct Count {
    std::vector<Named> list;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("list", bounded<1000, 2>(list)));
    }
};

struct Number {
    std::uint64_t value = 0;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("value", varint(value)));
    }
};

DecodeError error_of(const Bytes& input) {
    return decode<Number>(input).error();
}

}  // namespace

TEST_CASE("Binary: a value survives the round trip and has a fixed layout", "[codec][C6]") {
    const auto bytes = encode(packet());
    CHECK(decode<Packet>(bytes) == packet());
    CHECK(
        to_hex(ByteView{bytes}.subspan(0, 13)) ==
        "07"
        "04030201"
        "ffffffffffff1f00"
    );
}

TEST_CASE("Binary: every proper prefix is an error", "[codec][C1]") {
    const auto bytes = encode(packet());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_FALSE(decode<Packet>(ByteView{bytes}.subspan(0, size)));
}

TEST_CASE("Binary: trailing bytes, second forms and unknown flags are refused", "[codec][C4]") {
    CHECK(error_of({0x00, 0x00}) == DecodeError::trailing_bytes);
    CHECK(error_of({0x80, 0x00}) == DecodeError::varint_not_minimal);
    CHECK(
        error_of({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}) ==
        DecodeError::varint_too_long
    );
    CHECK(
        decode<Number>(Bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})->value ==
        ~std::uint64_t{0}
    );
    auto bytes = encode(packet());
    bytes[bytes.size() - 33] = 2;
    CHECK(decode<Packet>(bytes).error() == DecodeError::unknown_tag);
}

TEST_CASE("Binary: a count beyond its maximum or its bytes allocates nothing", "[codec][C2]") {
    Bytes bomb{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
    CHECK(decode<Count>(bomb).error() == DecodeError::too_many);
    CHECK(decode<Count>(Bytes{0xe8, 0x07, 0, 0}).error() == DecodeError::truncated);
    CHECK(decode<Count>(Bytes{0xe9, 0x07, 0, 0}).error() == DecodeError::too_many);
}

TEST_CASE("Binary: text must be UTF-8 and within its maximum", "[codec][C8]") {
    CHECK(decode<Named>(Bytes{0, 2, 0xc3, 0xa9})->name == "é");
    CHECK(decode<Named>(Bytes{0, 2, 0xc0, 0x80}).error() == DecodeError::bad_text);
    CHECK(decode<Named>(Bytes{0, 3, 0xed, 0xa0, 0x80}).error() == DecodeError::bad_text);
    CHECK(decode<Named>(Bytes{0, 8, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}));
    CHECK(
        decode<Named>(Bytes{0, 9, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'}).error() ==
        DecodeError::too_long
    );
}

TEST_CASE("Binary: quantities end at 2^53-1", "[codec][C7]") {
    auto bytes = encode(Amount{quantity_max});
    CHECK(decode<Amount>(bytes));
    CHECK(
        decode<Amount>(encode(Amount{quantity_max + 1})).error() == DecodeError::number_too_large
    );
}

}  // namespace cairn::codec
