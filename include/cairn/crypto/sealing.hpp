/// Sealing with a passphrase: scrypt (RFC 7914) makes a key of it, ChaCha20-Poly1305 (RFC 8439)
/// encrypts and authenticates.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/crypto/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace cairn::crypto {

/// What a guess at the passphrase costs (RFC 7914 §2). The defaults take 128 MiB and about a third
/// of a second.
struct ScryptParameters {
    /// N: the cost, a power of two. Memory is `128 * n * r` bytes.
    std::uint64_t n = std::uint64_t{1} << 17U;
    /// r: the block size.
    std::uint64_t r = 8;
    /// p: how often, one after the other.
    std::uint64_t p = 1;

    friend bool operator==(const ScryptParameters&, const ScryptParameters&) = default;
};

/// The most memory that opening a file may ask for: 1 GiB.
inline constexpr std::uint64_t scrypt_memory_max = std::uint64_t{1} << 30U;
/// The most passes that opening a file may ask for; with the memory this bounds the time.
inline constexpr std::uint64_t scrypt_passes_max = 16;
/// The largest block size.
inline constexpr std::uint64_t scrypt_block_max = 32;

/// Whether `parameters` are ones that scrypt allows and within the three limits above.
[[nodiscard]] bool is_acceptable(const ScryptParameters& parameters);

/// Bytes of a sealing key.
inline constexpr std::size_t sealing_key_bytes = 32;

/// The sealing key that `passphrase` and `salt` make. `parameters` must be acceptable.
[[nodiscard]] Secret derive_sealing_key(
    const Secret& passphrase, ByteView salt, const ScryptParameters& parameters
);

/// The 96 bits that must never come twice under one key.
using SealNonce = FixedBytes<12, struct SealNonceTag>;

/// Bytes that sealing adds: the Poly1305 tag, which stands at the end.
inline constexpr std::size_t seal_tag_bytes = 16;

/// `plain` encrypted, and its tag over that and `associated`. `key` has `sealing_key_bytes`.
[[nodiscard]] Bytes seal(
    const Secret& key, const SealNonce& nonce, ByteView associated, const Secret& plain
);

/// What was sealed, or nothing where key, nonce, associated bytes or `sealed` are not those of the
/// sealing. `key` has `sealing_key_bytes`.
[[nodiscard]] std::optional<Secret> open_sealed(
    const Secret& key, const SealNonce& nonce, ByteView associated, ByteView sealed
);

}  // namespace cairn::crypto
