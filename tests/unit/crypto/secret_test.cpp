#include "cairn/crypto/secret.hpp"

#include "cairn/crypto/schnorr.hpp"

#include <catch2/catch.hpp>

#include <ostream>
#include <type_traits>
#include <utility>

namespace cairn::crypto {

namespace {

template <class T>
concept Printable = requires(std::ostream& stream, const T& value) {
    stream << value;
};

template <class T>
concept Comparable = requires(const T& left, const T& right) {
    left == right;
};

}  // namespace

TEST_CASE("Secret: it neither copies nor prints nor compares", "[crypto][W5]") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Secret>);
    STATIC_REQUIRE_FALSE(Printable<Secret>);
    STATIC_REQUIRE_FALSE(Comparable<Secret>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<SecretKey>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<SecretKey>);
    STATIC_REQUIRE_FALSE(Printable<SecretKey>);
    STATIC_REQUIRE(Printable<std::string_view>);
}

TEST_CASE("Secret: bytes move out and leave nothing behind", "[crypto]") {
    auto first = Secret::copy_of("passphrase");
    const Secret second{std::move(first)};
    CHECK(first.is_empty());  // NOLINT(bugprone-use-after-move): that is the rule
    CHECK(second.text() == "passphrase");
    auto third = Secret::copy_of("other");
    third = Secret::copy_of(second.view());
    CHECK(is_same(second, third));
    CHECK_FALSE(is_same(second, first));
}

TEST_CASE("Secret: shortening wipes what is cut off", "[crypto][W5]") {
    auto secret = Secret::copy_of("passphrase");
    const auto whole = secret.view();
    secret.shorten(4);
    CHECK(secret.text() == "pass");
    CHECK(Bytes(whole.begin() + 4, whole.end()) == Bytes(6, 0));
}

TEST_CASE("SecretKey: a key that was moved from holds no secret", "[crypto][W5]") {
    auto first = SecretKey::from_bytes(Bytes(32, 7)).value();
    const auto public_key = first.public_key();
    SecretKey second{std::move(first)};
    CHECK(second.public_key() == public_key);
    auto third = SecretKey::from_bytes(Bytes(32, 8)).value();
    third = std::move(second);
    CHECK(third.public_key() == public_key);
    const Bytes zeros(sizeof(SecretKey), 0);
    const auto bytes_of = [](const SecretKey& key) {
        const auto* start = reinterpret_cast<const std::uint8_t*>(&key);
        return Bytes(start, start + sizeof(SecretKey));
    };
    CHECK(bytes_of(first) == zeros);   // NOLINT(bugprone-use-after-move): that is the rule
    CHECK(bytes_of(second) == zeros);  // NOLINT(bugprone-use-after-move): that is the rule
}

}  // namespace cairn::crypto
