/// Signed messages: an account's word on any bytes, outside every chain (spec 08 §4).
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/crypto/schnorr.hpp"

#include <cstddef>

namespace cairn::wallet {

/// Bytes of a message (1 MiB); of what is longer, sign a digest.
inline constexpr std::size_t message_bytes_max = std::size_t{1} << 20U;

/// `T("cairn/message", message)`: a tag of its own, so that no message is a transaction's id.
[[nodiscard]] Hash256 message_hash(ByteView message);

/// `key`'s BIP340 signature over `message_hash(message)`; equal arguments give equal signatures.
[[nodiscard]] crypto::Signature sign_message(const crypto::SecretKey& key, ByteView message);

/// Whether `signature` is `key`'s over `message`.
[[nodiscard]] bool verify_message(
    const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature
);

}  // namespace cairn::wallet
