/// The content of a wallet file: one account's key, sealed with a passphrase (spec 08 §1).
///
/// Rules:
/// 1. What is wrong with a file is told apart without the passphrase: a checksum, which anyone can
///    compute, covers every field. So a damaged file is never mistaken for a wrong passphrase.
/// 2. All that is not sealed goes into the seal as associated data: who changes the public key or
///    the cost, checksum included, gets a file that no passphrase opens.
/// 3. An opened key must be that of the public key beside it.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/crypto/sealing.hpp"
#include "cairn/crypto/secret.hpp"
#include "cairn/wallet/random.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::wallet {

/// The only version that there is.
inline constexpr std::uint64_t keystore_version = 1;
/// Bytes of a wallet file; those of version 1 have about 500.
inline constexpr std::size_t keystore_bytes_max = 16 * 1024;

/// Why a file gives no key.
enum class KeystoreError : std::uint8_t {
    truncated,            ///< the file ends too early
    damaged,              ///< bytes of the file are other than they were written
    not_a_wallet,         ///< whole, but something else than a wallet
    unsupported_version,  ///< written by a later version of the program
    unsupported_sealing,  ///< another cipher or key derivation, or one that asks for too much
    wrong_passphrase,     ///< the passphrase is another
    no_randomness,        ///< in sealing: the system gave no random bytes
};
/// The enumerator's name.
[[nodiscard]] std::string_view to_string(KeystoreError error);
/// What is wrong and what to do, as the end of a sentence that starts with the file's name.
[[nodiscard]] std::string_view explain(KeystoreError error);

using Salt = FixedBytes<32, struct SaltTag>;

/// What a wallet file says to anyone.
struct Keystore {
    crypto::PublicKey public_key;
    crypto::ScryptParameters scrypt;
    Salt salt;
    crypto::SealNonce nonce;
    /// The secret key, encrypted, and the tag.
    FixedBytes<crypto::SecretKey::size + crypto::seal_tag_bytes, struct SealedTag> sealed;

    friend bool operator==(const Keystore&, const Keystore&) = default;
};

/// The text of a file for `key`: one line of JSON with a line feed. Salt and nonce are new.
/// `parameters` must be acceptable. Errors: `no_randomness`.
[[nodiscard]] Result<std::string, KeystoreError> seal_key(
    const crypto::SecretKey& key,
    const crypto::Secret& passphrase,
    const RandomSource& random,
    const crypto::ScryptParameters& parameters = {}
);

/// What `text`, a file's content, says without a passphrase.
/// Errors: `truncated`, `damaged`, `not_a_wallet`, `unsupported_version`, `unsupported_sealing`.
[[nodiscard]] Result<Keystore, KeystoreError> parse_keystore(std::string_view text);

/// The key in `keystore`. Takes what its scrypt parameters cost, whatever the passphrase.
/// Errors: `wrong_passphrase`; `damaged` where the key is not that of the public key, which takes
/// someone who knows the passphrase.
[[nodiscard]] Result<crypto::SecretKey, KeystoreError> open_keystore(
    const Keystore& keystore, const crypto::Secret& passphrase
);

}  // namespace cairn::wallet
