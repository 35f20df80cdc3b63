/// SHA-256 (FIPS 180-4) and its uses: double hash, tagged hash (BIP340), midstates.
///
/// The compression function is Crypto++'s, which picks SHA-NI at run time. Buffering and padding
/// are ours, so that a hash in progress is a plain value of 112 bytes whose copy is a midstate.
#pragma once

#include "cairn/base/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cairn::crypto {

/// A SHA-256 computation in progress. A copy is a midstate: both go on independently.
class Sha256 {
  public:
    static constexpr std::size_t block_size = 64;

    /// The computation over no bytes yet.
    Sha256();

    /// Appends `bytes` to the hashed message.
    void update(ByteView bytes);
    /// The hash of all bytes so far. Changes nothing, so more bytes may follow.
    [[nodiscard]] Hash256 finish() const;

  private:
    // Crypto++'s SSE2 kernel wants its state on a 16-byte boundary.
    alignas(16) std::array<std::uint32_t, 8> state_{};
    std::array<std::uint8_t, block_size> buffer_{};
    /// Bytes hashed so far; the last `length_ % block_size` of them wait in `buffer_`.
    std::uint64_t length_ = 0;
};

/// SHA-256 of `bytes`.
[[nodiscard]] Hash256 sha256(ByteView bytes);
/// @{
/// SHA-256 of the parts one after another, without joining them in memory.
[[nodiscard]] Hash256 sha256(ByteView first, ByteView second);
[[nodiscard]] Hash256 sha256(ByteView first, ByteView second, ByteView third);
/// @}
/// SHA-256 of the SHA-256 of `bytes`.
[[nodiscard]] Hash256 sha256d(ByteView bytes);

/// BIP340 tagged hash, SHA256(SHA256(tag) || SHA256(tag) || message), of many messages under one
/// tag: the two prefix blocks are hashed once, in the constructor.
class TaggedHasher {
  public:
    explicit TaggedHasher(std::string_view tag);

    /// A computation that has the tag behind it and awaits the message.
    [[nodiscard]] Sha256 begin() const { return prefixed_; }

    /// The tagged hash of `message`.
    [[nodiscard]] Hash256 hash(ByteView message) const;

  private:
    Sha256 prefixed_;
};

/// BIP340 tagged hash of `message`. Prefer a `TaggedHasher` where a tag is used often.
[[nodiscard]] Hash256 tagged_hash(std::string_view tag, ByteView message);

}  // namespace cairn::crypto
