#include "cairn/crypto/schnorr.hpp"

#include "cairn/base/assert.hpp"

#include <cryptopp/misc.h>
#include <cryptopp/siphash.h>
#include <secp256k1.h>
#include <secp256k1_schnorrsig.h>

#include <cstring>
#include <utility>

namespace cairn::crypto {

namespace {

/// The one context of the process. Verification and deterministic signing only read it, so any
/// number of threads may share it; it lives until the process ends.
const secp256k1_context* context() {
    static const secp256k1_context* const shared = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    return shared;
}

bool verify_parsed(
    const secp256k1_xonly_pubkey& key, const Hash256& message, const Signature& signature
) {
    return secp256k1_schnorrsig_verify(
               context(), signature.bytes.data(), message.bytes.data(), Hash256::size, &key
           ) == 1;
}

std::optional<secp256k1_xonly_pubkey> parse(const PublicKey& key) {
    secp256k1_xonly_pubkey parsed;
    if (secp256k1_xonly_pubkey_parse(context(), &parsed, key.bytes.data()) != 1)
        return std::nullopt;
    return parsed;
}

}  // namespace

std::optional<SecretKey> SecretKey::from_bytes(ByteView bytes) {
    if (bytes.size() != size)
        return std::nullopt;
    SecretKey key;
    if (secp256k1_keypair_create(context(), &key.keypair_, bytes.data()) != 1)
        return std::nullopt;
    return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : keypair_{other.keypair_} {
    other.wipe();
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    if (this != &other) {
        keypair_ = other.keypair_;
        other.wipe();
    }
    return *this;
}

SecretKey::~SecretKey() {
    wipe();
}

void SecretKey::wipe() {
    CryptoPP::SecureWipeBuffer(keypair_.data, sizeof(keypair_.data));
}

PublicKey SecretKey::public_key() const {
    secp256k1_xonly_pubkey parsed;
    const int taken = secp256k1_keypair_xonly_pub(context(), &parsed, nullptr, &keypair_);
    CAIRN_ASSERT(taken == 1);
    PublicKey key;
    const int written = secp256k1_xonly_pubkey_serialize(context(), key.bytes.data(), &parsed);
    CAIRN_ASSERT(written == 1);
    return key;
}

Signature SecretKey::sign(const Hash256& message, const std::array<std::uint8_t, 32>& auxiliary)
    const {
    Signature signature;
    const int signed_well = secp256k1_schnorrsig_sign32(
        context(), signature.bytes.data(), message.bytes.data(), &keypair_, auxiliary.data()
    );
    // Fails only for a nonce of zero, a chance of 2^-256.
    CAIRN_ASSERT(signed_well == 1);
    return signature;
}

Signature SecretKey::sign(const Hash256& message) const {
    return sign(message, {});
}

Secret SecretKey::to_bytes() const {
    Secret bytes{size};
    const int taken = secp256k1_keypair_sec(context(), bytes.writable().data(), &keypair_);
    CAIRN_ASSERT(taken == 1);
    return bytes;
}

bool verify(const PublicKey& key, const Hash256& message, const Signature& signature) {
    const auto parsed = parse(key);
    return parsed && verify_parsed(*parsed, message, signature);
}

// Whoever makes a key can grind its bytes, so the hash is a keyed one: SipHash-2-4 (Aumasson and
// Bernstein, 2012), 33 ns against the 38 us of a verification.
std::size_t SignatureVerifier::SaltedHash::operator()(const PublicKey& key) const {
    std::array<std::uint8_t, 16> sip_key{};
    std::memcpy(sip_key.data(), &salt, sizeof(salt));
    CryptoPP::SipHash<2, 4> sip{sip_key.data(), sip_key.size()};
    std::uint64_t digest = 0;
    sip.CalculateDigest(
        reinterpret_cast<CryptoPP::byte*>(&digest), key.bytes.data(), key.bytes.size()
    );
    return digest;
}

SignatureVerifier::SignatureVerifier(std::uint64_t salt, std::size_t keys_max)
    : generation_max_(keys_max / 2), young_(0, SaltedHash{salt}), old_(0, SaltedHash{salt}) {
    CAIRN_ASSERT(keys_max >= 2);
}

bool SignatureVerifier::verify(
    const PublicKey& key, const Hash256& message, const Signature& signature
) {
    if (const auto found = young_.find(key); found != young_.end())
        return verify_parsed(found->second, message, signature);
    const auto found = old_.find(key);
    const auto parsed = found != old_.end() ? std::optional{found->second} : parse(key);
    if (!parsed || !verify_parsed(*parsed, message, signature))
        return false;
    remember(key, *parsed);
    return true;
}

void SignatureVerifier::remember(const PublicKey& key, const secp256k1_xonly_pubkey& parsed) {
    if (young_.size() == generation_max_) {
        std::swap(young_, old_);
        young_.clear();
    }
    young_.emplace(key, parsed);
}

}  // namespace cairn::crypto
