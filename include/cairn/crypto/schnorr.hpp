/// BIP340 Schnorr keys and signatures over secp256k1, by libsecp256k1.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/crypto/secret.hpp"

#include <absl/container/flat_hash_map.h>
#include <secp256k1_extrakeys.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace cairn::crypto {

/// An x-only public key (BIP340): 32 bytes, big-endian. Any 32 bytes fit the type; those that are
/// no point of the curve verify nothing.
using PublicKey = FixedBytes<32, struct PublicKeyTag>;
/// A BIP340 signature: the x coordinate of R, then s.
using Signature = FixedBytes<64, struct SignatureTag>;

/// A secret key with its public key computed. Its memory is wiped on destruction; like a `Secret`
/// it moves and does not copy. One that was moved from is good for destruction and assignment
/// alone.
class SecretKey {
  public:
    static constexpr std::size_t size = 32;

    /// The key with these 32 big-endian bytes, or nothing when their count is another, or when the
    /// number is zero or not below the group order.
    [[nodiscard]] static std::optional<SecretKey> from_bytes(ByteView bytes);

    SecretKey(const SecretKey&) = delete;
    SecretKey& operator=(const SecretKey&) = delete;
    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    ~SecretKey();

    [[nodiscard]] PublicKey public_key() const;
    /// A BIP340 signature of `message`; `auxiliary` is fresh randomness that hardens the nonce
    /// against side channels. Equal arguments give equal signatures.
    [[nodiscard]] Signature sign(
        const Hash256& message, const std::array<std::uint8_t, 32>& auxiliary
    ) const;
    /// As above with 32 zero bytes of randomness: deterministic, safe against nonce reuse.
    [[nodiscard]] Signature sign(const Hash256& message) const;
    /// The 32 big-endian secret bytes, for a wallet that seals them.
    [[nodiscard]] Secret to_bytes() const;

  private:
    SecretKey() = default;

    void wipe();

    secp256k1_keypair keypair_{};
};

/// Whether `signature` is `key`'s over `message` (BIP340 verification). Total: a key off the curve
/// and an r or s out of range give false.
[[nodiscard]] bool verify(const PublicKey& key, const Hash256& message, const Signature& signature);

/// How many parsed public keys a verifier holds unless told otherwise: about 10 MiB. Parsing takes
/// a square root, a sixth of a verification.
inline constexpr std::size_t parsed_keys_max = 65'536;

/// Verifies signatures as `verify` does and remembers parsed keys, so that a key seen before costs
/// no square root. Owned by one thread.
///
/// Only keys with a valid signature are remembered: filling the cache with junk costs its sender
/// real signatures. Two generations: when the young one holds half of the maximum it becomes the
/// old one, and what the old one held is forgotten unless it was used meanwhile.
class SignatureVerifier {
  public:
    /// `salt` keys the cache's hash; unknown to peers, it keeps them from choosing colliding keys.
    /// `keys_max`, at least two, bounds the parsed keys.
    explicit SignatureVerifier(std::uint64_t salt, std::size_t keys_max = parsed_keys_max);

    /// The same answer as the free `verify`, always.
    [[nodiscard]] bool verify(
        const PublicKey& key, const Hash256& message, const Signature& signature
    );

    /// How many parsed keys are held, at most `keys_max`.
    [[nodiscard]] std::size_t parsed_keys() const { return young_.size() + old_.size(); }

  private:
    struct SaltedHash {
        std::uint64_t salt;

        std::size_t operator()(const PublicKey& key) const;
    };

    using ParsedKeys = absl::flat_hash_map<PublicKey, secp256k1_xonly_pubkey, SaltedHash>;

    void remember(const PublicKey& key, const secp256k1_xonly_pubkey& parsed);

    std::size_t generation_max_;
    ParsedKeys young_;
    ParsedKeys old_;
};

}  // namespace cairn::crypto
