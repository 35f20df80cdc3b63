#include "cairn/crypto/sealing.hpp"

#include "cairn/base/assert.hpp"

#include <cryptopp/chachapoly.h>
#include <cryptopp/scrypt.h>

#include <bit>

namespace cairn::crypto {

bool is_acceptable(const ScryptParameters& parameters) {
    const auto& [n, r, p] = parameters;
    if (r < 1 || r > scrypt_block_max || p < 1 || p > scrypt_passes_max)
        return false;
    return n > 1 && std::has_single_bit(n) && n <= scrypt_memory_max / (128 * r);
}

Secret derive_sealing_key(
    const Secret& passphrase, ByteView salt, const ScryptParameters& parameters
) {
    CAIRN_ASSERT(is_acceptable(parameters));
    Secret key{sealing_key_bytes};
    CryptoPP::Scrypt{}.DeriveKey(
        key.writable().data(),
        key.size(),
        passphrase.view().data(),
        passphrase.size(),
        salt.data(),
        salt.size(),
        parameters.n,
        parameters.r,
        parameters.p
    );
    return key;
}

Bytes seal(const Secret& key, const SealNonce& nonce, ByteView associated, const Secret& plain) {
    CAIRN_ASSERT(key.size() == sealing_key_bytes);
    CryptoPP::ChaCha20Poly1305::Encryption cipher;
    cipher.SetKeyWithIV(key.view().data(), key.size(), nonce.bytes.data(), SealNonce::size);
    Bytes sealed(plain.size() + seal_tag_bytes);
    cipher.EncryptAndAuthenticate(
        sealed.data(),
        sealed.data() + plain.size(),
        seal_tag_bytes,
        nonce.bytes.data(),
        static_cast<int>(SealNonce::size),
        associated.data(),
        associated.size(),
        plain.view().data(),
        plain.size()
    );
    return sealed;
}

std::optional<Secret> open_sealed(
    const Secret& key, const SealNonce& nonce, ByteView associated, ByteView sealed
) {
    CAIRN_ASSERT(key.size() == sealing_key_bytes);
    if (sealed.size() < seal_tag_bytes)
        return std::nullopt;
    CryptoPP::ChaCha20Poly1305::Decryption cipher;
    cipher.SetKeyWithIV(key.view().data(), key.size(), nonce.bytes.data(), SealNonce::size);
    const auto encrypted = sealed.first(sealed.size() - seal_tag_bytes);
    Secret plain{encrypted.size()};
    const bool is_authentic = cipher.DecryptAndVerify(
        plain.writable().data(),
        sealed.data() + encrypted.size(),
        seal_tag_bytes,
        nonce.bytes.data(),
        static_cast<int>(SealNonce::size),
        associated.data(),
        associated.size(),
        encrypted.data(),
        encrypted.size()
    );
    if (!is_authentic)
        return std::nullopt;
    return plain;
}

}  // namespace cairn::crypto
