#include "cairn/crypto/schnorr.hpp"

#include "tests/unit/crypto/vector_file.hpp"

#include "cairn/base/random.hpp"
#include "cairn/crypto/sha256.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace cairn::crypto {

namespace {

constexpr std::string_view group_order =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr std::string_view field_size =
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";

SecretKey key_of(std::string_view seed) {
    return SecretKey::from_bytes(sha256(as_bytes(seed)).view()).value();
}

std::array<std::uint8_t, 32> auxiliary_of(const nlohmann::json& hex) {
    return fixed_of<Hash256>(hex).bytes;
}

/// `signature` with 32 bytes at `offset` replaced by those that `hex` writes.
Signature with_half(Signature signature, std::size_t offset, std::string_view hex) {
    const Bytes half = from_hex(hex).value();
    std::copy(
        half.begin(), half.end(), signature.bytes.begin() + static_cast<std::ptrdiff_t>(offset)
    );
    return signature;
}

/// The answers of the free function, of a verifier without and of one with the key in its cache.
bool verify_in_all_ways(const PublicKey& key, const Hash256& message, const Signature& signature) {
    SignatureVerifier verifier{7};
    const bool answer = verify(key, message, signature);
    REQUIRE(verifier.verify(key, message, signature) == answer);
    REQUIRE(verifier.verify(key, message, signature) == answer);
    REQUIRE(verifier.parsed_keys() == (answer ? 1 : 0));
    return answer;
}

}  // namespace

// Case W5 asks for the vectors of RFC 6979, whose nonces are ECDSA's. BIP340 has nonces and vectors
// of its own, which take their place here.
TEST_CASE("Schnorr: the BIP340 vectors hold", "[crypto][K7][W5]") {
    for (const auto& row : load_cases("bip340.json", "cases")) {
        INFO(row.at("index") << " " << row.at("why"));
        const auto key = fixed_of<PublicKey>(row.at("public_key"));
        const auto message = fixed_of<Hash256>(row.at("message"));
        const auto signature = fixed_of<Signature>(row.at("signature"));
        CHECK(verify_in_all_ways(key, message, signature) == row.at("valid").get<bool>());
        if (!row.contains("secret_key"))
            continue;
        const auto secret = SecretKey::from_bytes(bytes_of(row.at("secret_key")));
        REQUIRE(secret);
        CHECK(secret->public_key() == key);
        CHECK(secret->sign(message, auxiliary_of(row.at("auxiliary"))) == signature);
    }
}

TEST_CASE("Schnorr: r and s out of range and a key off the curve are refused", "[crypto][K7]") {
    const SecretKey secret = key_of("range");
    const PublicKey key = secret.public_key();
    const Hash256 message = sha256(as_bytes("message"));
    const Signature signature = secret.sign(message);
    REQUIRE(verify_in_all_ways(key, message, signature));

    const std::string zero(64, '0');
    const std::string ones(64, 'f');
    for (const std::string_view r : {std::string_view{zero}, field_size, std::string_view{ones}})
        CHECK_FALSE(verify_in_all_ways(key, message, with_half(signature, 0, r)));
    for (const std::string_view s : {std::string_view{zero}, group_order, std::string_view{ones}})
        CHECK_FALSE(verify_in_all_ways(key, message, with_half(signature, 32, s)));
    for (const std::string_view x : {std::string_view{zero}, field_size, std::string_view{ones}}) {
        const auto off_curve = fixed_from_hex<PublicKey>(x).value();
        CHECK_FALSE(verify_in_all_ways(off_curve, message, signature));
    }
}

TEST_CASE("Schnorr: another message, key or signature is refused", "[crypto][K7]") {
    const SecretKey alice = key_of("alice");
    const SecretKey bob = key_of("bob");
    const Hash256 message = sha256(as_bytes("pay 1"));
    const Hash256 other = sha256(as_bytes("pay 2"));
    CHECK_FALSE(verify_in_all_ways(alice.public_key(), other, alice.sign(message)));
    CHECK_FALSE(verify_in_all_ways(alice.public_key(), message, alice.sign(other)));
    CHECK_FALSE(verify_in_all_ways(bob.public_key(), message, alice.sign(message)));
}

TEST_CASE("Schnorr: every bit flip of a signature is refused", "[crypto][K7]") {
    const SecretKey secret = key_of("flip");
    const Hash256 message = sha256(as_bytes("message"));
    SignatureVerifier verifier{1};
    Signature signature = secret.sign(message);
    for (std::size_t bit = 0; bit < 8 * Signature::size; ++bit) {
        signature.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        REQUIRE_FALSE(verifier.verify(secret.public_key(), message, signature));
        signature.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
    CHECK(verifier.verify(secret.public_key(), message, signature));
}

TEST_CASE("SecretKey: zero, the group order and wrong sizes are refused", "[crypto]") {
    Bytes order = from_hex(group_order).value();
    CHECK_FALSE(SecretKey::from_bytes(Bytes(32, 0)));
    CHECK_FALSE(SecretKey::from_bytes(order));
    CHECK_FALSE(SecretKey::from_bytes(Bytes(32, 0xff)));
    CHECK_FALSE(SecretKey::from_bytes(Bytes(31, 1)));
    CHECK_FALSE(SecretKey::from_bytes(Bytes(33, 1)));
    CHECK_FALSE(SecretKey::from_bytes({}));
    --order.back();
    const auto largest = SecretKey::from_bytes(order);
    REQUIRE(largest);
    CHECK(to_hex(largest->to_bytes().view()) == to_hex(order));
}

TEST_CASE("SecretKey: signing without randomness is deterministic", "[crypto][W5]") {
    const SecretKey secret = key_of("deterministic");
    const Hash256 message = sha256(as_bytes("message"));
    std::array<std::uint8_t, 32> auxiliary{};
    CHECK(secret.sign(message) == secret.sign(message, auxiliary));
    auxiliary[0] = 1;
    CHECK(secret.sign(message) != secret.sign(message, auxiliary));
    CHECK(verify(secret.public_key(), message, secret.sign(message, auxiliary)));
}

TEST_CASE("SignatureVerifier: it answers as verify does whatever it remembers", "[crypto][K7]") {
    const std::array<SecretKey, 3> secrets{key_of("a"), key_of("b"), key_of("c")};
    SignatureVerifier verifier{0x1234567890abcdef};
    Random random{5};
    for (int i = 0; i < 200; ++i) {
        const SecretKey& signer = secrets[random.below(secrets.size())];
        const PublicKey claimed = secrets[random.below(secrets.size())].public_key();
        const Hash256 message = sha256(as_bytes(std::to_string(i)));
        const Signature signature = signer.sign(message);
        REQUIRE(
            verifier.verify(claimed, message, signature) == verify(claimed, message, signature)
        );
    }
    CHECK(verifier.parsed_keys() == secrets.size());
}

TEST_CASE("SignatureVerifier: it never holds more keys than its maximum", "[crypto]") {
    constexpr std::size_t keys_max = 4;
    SignatureVerifier verifier{9, keys_max};
    const Hash256 message = sha256(as_bytes("message"));
    const SecretKey favourite = key_of("favourite");
    std::size_t held_most = 0;
    for (int i = 0; i < 20; ++i) {
        const SecretKey secret = key_of(std::to_string(i));
        REQUIRE(verifier.verify(secret.public_key(), message, secret.sign(message)));
        REQUIRE(verifier.verify(favourite.public_key(), message, favourite.sign(message)));
        REQUIRE_FALSE(verifier.verify(secret.public_key(), message, favourite.sign(message)));
        held_most = std::max(held_most, verifier.parsed_keys());
    }
    CHECK(held_most == keys_max);
}

TEST_CASE("SignatureVerifier: keys without a valid signature are not remembered", "[crypto]") {
    SignatureVerifier verifier{9};
    const Hash256 message = sha256(as_bytes("message"));
    const SecretKey secret = key_of("valid key");
    CHECK_FALSE(verifier.verify(secret.public_key(), message, Signature{}));
    CHECK_FALSE(verifier.verify(PublicKey{}, message, secret.sign(message)));
    CHECK(verifier.parsed_keys() == 0);
}

}  // namespace cairn::crypto
