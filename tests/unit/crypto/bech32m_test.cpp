#include "cairn/crypto/bech32m.hpp"

#include "tests/unit/crypto/vector_file.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

namespace cairn::crypto {

namespace {

/// The bytes of a vector's text: each code point stands for one byte, and JSON writes those above
/// 0x7f as two bytes of UTF-8.
std::string text_of(const nlohmann::json& value) {
    const auto utf8 = value.get<std::string>();
    std::string text;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(utf8[i]);
        if (byte < 0x80) {
            text.push_back(utf8[i]);
            continue;
        }
        const auto next = static_cast<std::uint8_t>(utf8.at(++i));
        text.push_back(static_cast<char>(((byte & 0x03U) << 6U) | (next & 0x3fU)));
    }
    return text;
}

std::string upper(std::string text) {
    for (char& c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

Bytes random_bytes(Random& random, std::size_t length) {
    Bytes bytes(length);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random.below(256));
    return bytes;
}

}  // namespace

TEST_CASE("Bech32m: the valid vectors of BIP350 decode and encode back", "[crypto]") {
    for (const auto& row : load_cases("bech32m.json", "valid")) {
        const std::string text = text_of(row.at("text"));
        INFO(text);
        const auto decoded = bech32m_decode(text);
        REQUIRE(decoded);
        CHECK(decoded->prefix == row.at("prefix"));
        CHECK(to_hex(decoded->payload) == row.at("payload"));
        const std::string encoded = bech32m_encode(decoded->prefix, decoded->payload).value();
        CHECK((encoded == text || upper(encoded) == text));
    }
}

TEST_CASE("Bech32m: the invalid vectors of BIP350 and all Bech32 text are refused", "[crypto]") {
    for (const auto& row : load_cases("bech32m.json", "invalid")) {
        const std::string text = text_of(row.at("text"));
        INFO(text << ": " << row.at("why"));
        const auto decoded = bech32m_decode(text);
        REQUIRE_FALSE(decoded);
        CHECK(to_string(decoded.error()) == row.at("error"));
    }
}

TEST_CASE("Bech32m: any bytes survive the round trip in both cases", "[crypto]") {
    Random random{11};
    for (std::size_t length = 0; length <= 49; ++length) {
        const Bech32Text value{.prefix = "crn", .payload = random_bytes(random, length)};
        const std::string text = bech32m_encode(value.prefix, value.payload).value();
        REQUIRE(bech32m_decode(text) == value);
        REQUIRE(bech32m_decode(upper(text)) == value);
    }
}

TEST_CASE("Bech32m: every change of one character of an address is refused", "[crypto]") {
    Random random{12};
    const std::string address = bech32m_encode("crn", random_bytes(random, 33)).value();
    for (std::size_t place = 0; place < address.size(); ++place) {
        std::string changed = address;
        for (int byte = 0; byte < 256; ++byte) {
            changed[place] = static_cast<char>(byte);
            if (changed != address)
                REQUIRE_FALSE(bech32m_decode(changed));
        }
    }
}

TEST_CASE("Bech32m: two changed, swapped, lost or doubled characters are refused", "[crypto]") {
    Random random{13};
    const std::string address = bech32m_encode("crn", random_bytes(random, 33)).value();
    for (std::size_t place = 0; place < address.size(); ++place) {
        std::string lost = address;
        lost.erase(place, 1);
        REQUIRE_FALSE(bech32m_decode(lost));
        std::string doubled = address;
        doubled.insert(place, 1, address[place]);
        REQUIRE_FALSE(bech32m_decode(doubled));
        std::string swapped = address;
        std::swap(swapped[place], swapped[random.below(address.size())]);
        if (swapped != address)
            REQUIRE_FALSE(bech32m_decode(swapped));
    }
}

TEST_CASE("Bech32m: filling bits must be zero and fewer than five", "[crypto]") {
    // One byte takes two symbols, whose last two bits are filling. The checksums of these texts
    // are right; they were computed by the BIP's reference algorithm.
    for (const std::string_view text :
         {"crn1pp4satjp",
          "crn1pzmrgau7",
          "crn1prx4ugpv",
          "crn1qz6099k",
          "crn1pqqkvcpv9",
          "crn1pqpt6v53h",
          "crn1pzry9x63y8hr"}) {
        INFO(text);
        const auto decoded = bech32m_decode(text);
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error() == Bech32Error::bad_padding);
    }
}

TEST_CASE("Bech32m: a text of 90 characters is the longest", "[crypto]") {
    const std::string prefix(83, 'p');
    CHECK(bech32m_encode(prefix, {}).value().size() == bech32m_length_max);
    CHECK(bech32m_encode(prefix + "p", {}).error() == Bech32Error::too_long);
    CHECK(bech32m_encode("crn", Bytes(50, 1)).value().size() == bech32m_length_max);
    CHECK(bech32m_encode("crn", Bytes(51, 1)).error() == Bech32Error::too_long);
    CHECK(bech32m_encode("crn", Bytes(100'000, 1)).error() == Bech32Error::too_long);
    CHECK(bech32m_decode(std::string(91, 'q')).error() == Bech32Error::too_long);
    CHECK(bech32m_decode(std::string(90, 'q')).error() == Bech32Error::no_separator);
    CHECK(bech32m_decode("").error() == Bech32Error::no_separator);
}

TEST_CASE("Bech32m: a prefix is lower-case printable ASCII and not empty", "[crypto]") {
    for (const std::string_view prefix : {"", "Crn", "c n", "c\x7f", "c\xc3"})
        CHECK(bech32m_encode(prefix, {}).error() == Bech32Error::bad_prefix);
    CHECK(bech32m_encode("a1b~!", {}));
}

}  // namespace cairn::crypto
