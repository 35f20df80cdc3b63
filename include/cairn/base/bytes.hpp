/// Byte strings: owned, viewed, and of a fixed size with a meaning.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// `Size` bytes whose meaning is `Tag`; two different tags do not convert into each other.
/// Ordered lexicographically; all zeros by default.
template <std::size_t Size, class Tag>
struct FixedBytes {
    static constexpr std::size_t size = Size;

    std::array<std::uint8_t, Size> bytes{};

    friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;

    [[nodiscard]] ByteView view() const { return bytes; }

    [[nodiscard]] bool is_zero() const {
        return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
    }

    /// The value whose bytes are `view`, or nothing when its length is not `Size`.
    [[nodiscard]] static std::optional<FixedBytes> from_view(ByteView view) {
        if (view.size() != Size)
            return std::nullopt;
        FixedBytes result;
        std::copy(view.begin(), view.end(), result.bytes.begin());
        return result;
    }

    /// The same bytes under another meaning; the one place where meanings are changed.
    template <class Other>
    [[nodiscard]] Other as() const {
        static_assert(Other::size == Size);
        Other other;
        other.bytes = bytes;
        return other;
    }
};

/// 32 bytes of SHA-256 output whose meaning is `Tag`.
template <class Tag>
using TaggedHash = FixedBytes<32, Tag>;

/// A SHA-256 output without further meaning.
using Hash256 = TaggedHash<struct Hash256Tag>;
/// Hash of header and seal (spec 05 §2): names a block.
using BlockHash = TaggedHash<struct BlockHashTag>;
/// Tagged hash of a transaction without its signature (spec 05 §3): names a transaction.
using TxId = TaggedHash<struct TxIdTag>;
/// The genesis block's hash: names a chain.
using ChainId = TaggedHash<struct ChainIdTag>;

/// A salt-free 64-bit digest of uniformly distributed bytes, for hash maps whose keys are SHA-256
/// outputs. Not for bytes that an attacker can choose freely.
template <std::size_t Size, class Tag>
[[nodiscard]] std::uint64_t first_eight_bytes(const FixedBytes<Size, Tag>& value) {
    static_assert(Size >= 8);
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < 8; ++i)
        result |= std::uint64_t{value.bytes[i]} << (8 * i);
    return result;
}

/// The first eight bytes as a number that orders like them.
template <std::size_t Size, class Tag>
[[nodiscard]] std::uint64_t leading_number(const FixedBytes<Size, Tag>& value) {
    return __builtin_bswap64(first_eight_bytes(value));
}

/// The bytes of `text`, viewed; valid while `text` is.
[[nodiscard]] ByteView as_bytes(std::string_view text);
/// The characters of `bytes`, viewed; valid while `bytes` is.
[[nodiscard]] std::string_view as_text(ByteView bytes);
/// A copy of `view`.
[[nodiscard]] Bytes to_bytes(ByteView view);
/// A copy of `text`'s bytes.
[[nodiscard]] Bytes to_bytes(std::string_view text);

/// Lowercase hexadecimal of `bytes`, two digits a byte.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// The bytes that `text` writes in hexadecimal (either case); nothing on an odd length or any other
/// character.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

template <std::size_t Size, class Tag>
[[nodiscard]] std::string to_hex(const FixedBytes<Size, Tag>& value) {
    return to_hex(value.view());
}

/// `Fixed` read from exactly `2 * Fixed::size` hexadecimal digits, or nothing.
template <class Fixed>
[[nodiscard]] std::optional<Fixed> fixed_from_hex(std::string_view text) {
    if (text.size() != 2 * Fixed::size)
        return std::nullopt;
    const auto bytes = from_hex(text);
    return bytes ? Fixed::from_view(*bytes) : std::nullopt;
}

}  // namespace cairn
