#include "cairn/crypto/sealing.hpp"

#include "tests/unit/crypto/vector_file.hpp"

#include <catch2/catch.hpp>

namespace cairn::crypto {

TEST_CASE("Sealing: keys agree with the vectors of RFC 7914", "[crypto]") {
    for (const auto& row : load_cases("sealing.json", "scrypt")) {
        const ScryptParameters parameters{.n = row.at("n"), .r = row.at("r"), .p = row.at("p")};
        REQUIRE(is_acceptable(parameters));
        const auto passphrase = Secret::copy_of(row.at("passphrase").get<std::string>());
        const auto key = derive_sealing_key(passphrase, bytes_of(row.at("salt")), parameters);
        CHECK(to_hex(key.view()) == row.at("key"));
    }
}

TEST_CASE("Sealing: the cipher agrees with the vector of RFC 8439", "[crypto]") {
    for (const auto& row : load_cases("sealing.json", "chacha20_poly1305")) {
        const auto key = Secret::copy_of(bytes_of(row.at("key")));
        const auto nonce = fixed_of<SealNonce>(row.at("nonce"));
        const auto associated = bytes_of(row.at("associated"));
        const auto plain = Secret::copy_of(bytes_of(row.at("plain")));
        const auto sealed = seal(key, nonce, associated, plain);
        CHECK(to_hex(sealed) == row.at("sealed"));
        const auto opened = open_sealed(key, nonce, associated, sealed);
        REQUIRE(opened.has_value());
        CHECK(is_same(*opened, plain));
    }
}

TEST_CASE("Sealing: whatever is changed, nothing opens", "[crypto][W3]") {
    const Secret key{sealing_key_bytes};
    const SealNonce nonce;
    const Bytes associated{1, 2, 3};
    const auto sealed = seal(key, nonce, associated, Secret::copy_of("plain"));
    REQUIRE(open_sealed(key, nonce, associated, sealed).has_value());
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto changed = sealed;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        REQUIRE_FALSE(open_sealed(key, nonce, associated, changed).has_value());
    }
    auto other = Secret::copy_of(key.view());
    other.writable()[0] = 1;
    CHECK_FALSE(open_sealed(other, nonce, associated, sealed).has_value());
    CHECK_FALSE(open_sealed(key, SealNonce{{1}}, associated, sealed).has_value());
    CHECK_FALSE(open_sealed(key, nonce, Bytes{1, 2}, sealed).has_value());
    CHECK_FALSE(open_sealed(key, nonce, associated, Bytes(seal_tag_bytes - 1, 0)).has_value());
}

TEST_CASE("Sealing: parameters are bounded in memory, passes and form", "[crypto]") {
    CHECK(is_acceptable({}));
    CHECK(is_acceptable({.n = 2, .r = 1, .p = 1}));
    CHECK_FALSE(is_acceptable({.n = 1, .r = 1, .p = 1}));
    CHECK_FALSE(is_acceptable({.n = 0, .r = 1, .p = 1}));
    CHECK_FALSE(is_acceptable({.n = 3, .r = 1, .p = 1}));
    CHECK(is_acceptable({.n = std::uint64_t{1} << 20U, .r = 8, .p = 1}));
    CHECK_FALSE(is_acceptable({.n = std::uint64_t{1} << 21U, .r = 8, .p = 1}));
    CHECK(is_acceptable({.n = 2, .r = 1, .p = scrypt_passes_max}));
    CHECK_FALSE(is_acceptable({.n = 2, .r = 1, .p = scrypt_passes_max + 1}));
    CHECK_FALSE(is_acceptable({.n = 2, .r = 1, .p = 0}));
    CHECK(is_acceptable({.n = 2, .r = scrypt_block_max, .p = 1}));
    CHECK_FALSE(is_acceptable({.n = 2, .r = scrypt_block_max + 1, .p = 1}));
    CHECK_FALSE(is_acceptable({.n = 2, .r = 0, .p = 1}));
}

}  // namespace cairn::crypto
