#include "cairn/wallet/derivation.hpp"

#include "cairn/base/assert.hpp"

#include <cryptopp/hmac.h>
#include <cryptopp/sha.h>
#include <secp256k1.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace cairn::wallet {

using crypto::Secret;

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t point_bytes = 33;
constexpr std::string_view root_name = "Bitcoin seed";
constexpr std::uint32_t purpose = 44;

/// Read only, so that threads may share it; it lives until the process ends.
const secp256k1_context* context() {
    static const secp256k1_context* const shared = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    return shared;
}

/// HMAC-SHA512 (RFC 4231), 64 bytes.
Secret keyed_hash(ByteView key, ByteView message) {
    Secret digest{CryptoPP::SHA512::DIGESTSIZE};
    CryptoPP::HMAC<CryptoPP::SHA512> hmac{key.data(), key.size()};
    hmac.CalculateDigest(digest.writable().data(), message.data(), message.size());
    return digest;
}

Secret left_half(const Secret& digest) {
    return Secret::copy_of(digest.view().first(key_bytes));
}

Secret right_half(const Secret& digest) {
    return Secret::copy_of(digest.view().subspan(key_bytes));
}

}  // namespace

ExtendedKey::ExtendedKey(Secret key, Secret chain_code)
    : key_{std::move(key)}, chain_code_{std::move(chain_code)} {}

std::optional<ExtendedKey> ExtendedKey::from_seed(const Secret& seed) {
    const auto digest = keyed_hash(as_bytes(root_name), seed.view());
    auto key = left_half(digest);
    if (secp256k1_ec_seckey_verify(context(), key.view().data()) != 1)
        return std::nullopt;
    return ExtendedKey{std::move(key), right_half(digest)};
}

std::optional<ExtendedKey> ExtendedKey::child(std::uint32_t index) const {
    // BIP32, "Private parent key -> private child key": 33 bytes of key, then the index.
    Secret message{point_bytes + 4};
    const auto bytes = message.writable();
    if (index >= hardened) {
        std::copy(key_.view().begin(), key_.view().end(), bytes.begin() + 1);
    } else {
        const auto point = public_point();
        std::copy(point.begin(), point.end(), bytes.begin());
    }
    for (std::size_t i = 0; i < 4; ++i)
        bytes[point_bytes + i] = static_cast<std::uint8_t>(index >> (24 - 8 * i));
    const auto digest = keyed_hash(chain_code_.view(), message.view());
    auto key = Secret::copy_of(key_.view());
    const auto tweak = left_half(digest);
    if (secp256k1_ec_seckey_tweak_add(context(), key.writable().data(), tweak.view().data()) != 1)
        return std::nullopt;
    return ExtendedKey{std::move(key), right_half(digest)};
}

std::array<std::uint8_t, 33> ExtendedKey::public_point() const {
    secp256k1_pubkey parsed;
    const int made = secp256k1_ec_pubkey_create(context(), &parsed, key_.view().data());
    CAIRN_ASSERT(made == 1);
    std::array<std::uint8_t, point_bytes> point{};
    std::size_t size = point.size();
    const int written = secp256k1_ec_pubkey_serialize(
        context(), point.data(), &size, &parsed, SECP256K1_EC_COMPRESSED
    );
    CAIRN_ASSERT(written == 1 && size == point_bytes);
    return point;
}

std::string derivation_path(std::uint32_t account) {
    return "m/" + std::to_string(purpose) + "'/" + std::to_string(coin_type) + "'/" +
           std::to_string(account) + "'/0/0";
}

std::optional<crypto::SecretKey> derive_account(const Secret& seed, std::uint32_t account) {
    CAIRN_ASSERT(account < hardened);
    auto node = ExtendedKey::from_seed(seed);
    for (const std::uint32_t index :
         {hardened + purpose, hardened + coin_type, hardened + account, 0U, 0U}) {
        if (!node)
            return std::nullopt;
        node = node->child(index);
    }
    return node ? crypto::SecretKey::from_bytes(node->key().view()) : std::nullopt;
}

}  // namespace cairn::wallet
