#include "tests/unit/codec/sample.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/codec/json.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <limits>

namespace cairn::codec {

// RC_ASSERT takes its condition in parentheses of its own: rapidcheck would otherwise take the
// comparison apart, and its pieces do not compare with tl::expected in C++20.

namespace {

/// Text of `characters` characters out of every length that UTF-8 has.
rc::Gen<std::string> gen_text(int characters) {
    const auto character = rc::gen::element<std::string>("a", "\"", "\n", "é", "€", "😀", "\x7f");
    return rc::gen::map(
        rc::gen::container<std::vector<std::string>>(
            static_cast<std::size_t>(characters), character
        ),
        [](const std::vector<std::string>& parts) {
            std::string text;
            for (const auto& part : parts)
                text += part;
            return text;
        }
    );
}

std::uint64_t any_quantity() {
    return *rc::gen::inRange<std::uint64_t>(0, quantity_max + 1);
}

Bytes any_bytes(int size_max) {
    const auto size = static_cast<std::size_t>(*rc::gen::inRange(0, size_max + 1));
    return *rc::gen::container<Bytes>(size, rc::gen::arbitrary<std::uint8_t>());
}

Sample any_sample() {
    Sample value;
    value.small = *rc::gen::arbitrary<std::uint8_t>();
    value.number = *rc::gen::arbitrary<std::uint32_t>();
    value.amount = Amount{any_quantity()};
    for (auto& byte : value.key.bytes)
        byte = *rc::gen::arbitrary<std::uint8_t>();
    value.bytes = any_bytes(4);
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        value.list.push_back({Nonce{any_quantity()}, *gen_text(*rc::gen::inRange(0, 3))});
    if (*rc::gen::arbitrary<bool>())
        value.maybe = *rc::gen::arbitrary<std::uint16_t>();
    if (*rc::gen::arbitrary<bool>())
        value.note = *gen_text(1);
    value.flag = *rc::gen::arbitrary<bool>();
    for (auto& limb : value.work.limbs)
        limb = *rc::gen::arbitrary<std::uint64_t>();
    value.count = any_quantity();
    value.tail.seal = *rc::gen::arbitrary<std::uint64_t>();
    value.tail.colour = *rc::gen::element(Colour::red, Colour::green);
    return value;
}

// NOLINTNEXTLINE(misc-no-recursion)
Json any_json(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 8 : 6)) {
        case 0:
            return Json{};
        case 1:
            return Json{*rc::gen::arbitrary<bool>()};
        case 2:
            return Json{any_quantity()};
        case 3:
            return Json{-static_cast<std::int64_t>(any_quantity())};
        case 4:
            return Json{static_cast<double>(*rc::gen::inRange(-1'000'000, 1'000'000)) / 1024.0};
        case 5:
            return Json{*gen_text(*rc::gen::inRange(0, 6))};
        case 6: {
            auto array = Json::array();
            for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
                array.push_back(any_json(depth - 1));
            return array;
        }
        default: {
            auto object = Json::object();
            for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
                object.set(*gen_text(*rc::gen::inRange(0, 3)), any_json(depth - 1));
            return object;
        }
    }
}

}  // namespace

TEST_CASE("Codec: every value survives both forms", "[codec][C6]") {
    rc::prop("binary and JSON give the value back, and one another", [] {
        const auto value = any_sample();
        const auto bytes = encode(value);
        const auto json = to_json(value);
        RC_ASSERT((decode<Sample>(bytes) == value));
        RC_ASSERT((from_json_text<Sample>(json) == value));
        RC_ASSERT((to_json(*decode<Sample>(bytes)) == json));
        RC_ASSERT((encode(*from_json_text<Sample>(json)) == bytes));
    });
}

TEST_CASE("Codec: flipped bits are an error or another value's canonical bytes", "[codec][C5]") {
    rc::prop("what decodes encodes to the same bytes", [] {
        auto bytes = encode(any_sample());
        for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
            const auto bit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
            bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        }
        const auto decoded = decode<Sample>(bytes);
        RC_ASSERT((!decoded || encode(*decoded) == bytes));
    });
    rc::prop("so do bytes without any plan", [] {
        const auto bytes = any_bytes(200);
        const auto decoded = decode<Sample>(bytes);
        RC_ASSERT((!decoded || encode(*decoded) == bytes));
    });
}

TEST_CASE("Codec: every bit of one value's bytes may flip", "[codec][C5]") {
    rc::prop("each single flip is an error or encodes to the same bytes", [] {
        auto bytes = encode(any_sample());
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
            bytes[bit / 8] ^= mask;
            const auto decoded = decode<Sample>(bytes);
            RC_ASSERT((!decoded || encode(*decoded) == bytes));
            bytes[bit / 8] ^= mask;
        }
    });
}

TEST_CASE("Codec: every document survives its text and has one canonical text", "[codec][C6]") {
    rc::prop("parsing undoes printing", [] {
        const auto document = any_json(4);
        RC_ASSERT((parse_json(to_text(document)) == document));
    });
    rc::prop("canonical text is a fixed point", [] {
        const auto text = canonical_text(any_json(4));
        RC_ASSERT((is_canonical_json(as_bytes(text))));
        RC_ASSERT((canonical_text(*parse_json(text)) == text));
    });
}

TEST_CASE("Codec: damaged JSON is an error or a whole value", "[codec][C5]") {
    rc::prop("what a reader accepts prints as JSON that it accepts again", [] {
        auto text = to_json(any_sample());
        const auto place = *rc::gen::inRange<std::size_t>(0, text.size());
        text[place] = *rc::gen::element('0', '1', '9', '"', '{', '}', ',', 'a', '.', '-', '\0');
        const auto value = from_json_text<Sample>(text);
        RC_ASSERT((!value || from_json_text<Sample>(to_json(*value)) == value));
    });
}

}  // namespace cairn::codec
