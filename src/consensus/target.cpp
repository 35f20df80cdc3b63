#include "cairn/consensus/target.hpp"

#include "cairn/base/assert.hpp"

#include <array>
#include <cstddef>

namespace cairn::consensus {

namespace {

/// Bits of the mantissa without its sign.
constexpr std::uint32_t mantissa_mask = 0x007f'ffff;
constexpr std::uint32_t sign_bit = 0x0080'0000;
/// Bytes of mantissa in the compact form.
constexpr std::size_t mantissa_bytes = 3;

}  // namespace

std::optional<Uint256> target_from_compact(std::uint32_t compact) {
    const std::size_t length = compact >> 24U;
    const std::uint32_t mantissa = compact & mantissa_mask;
    if ((compact & sign_bit) != 0 || mantissa == 0)
        return std::nullopt;
    // The byte at distance d from the right end of the 32-byte number is the mantissa's byte at
    // distance d - (length - 3) from its own; bytes that fall off the right end are cut.
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t i = 0; i < mantissa_bytes; ++i) {
        const auto byte = static_cast<std::uint8_t>(mantissa >> (8 * i));
        if (byte == 0 || length + i < mantissa_bytes)
            continue;
        const std::size_t distance = length + i - mantissa_bytes;
        if (distance >= bytes.size())
            return std::nullopt;
        bytes[bytes.size() - 1 - distance] = byte;
    }
    const auto target = Uint256::from_big_endian(bytes);
    // One number, one form: otherwise two different headers could state the same target.
    if (target == Uint256{} || compact_from_target(target) != compact)
        return std::nullopt;
    return target;
}

std::uint32_t compact_from_target(const Uint256& target) {
    CAIRN_ASSERT(target != Uint256{});
    const auto bytes = target.to_big_endian();
    std::size_t first = 0;
    while (bytes[first] == 0)
        ++first;
    // A leading byte of 0x80 or more would read as a sign: a zero byte goes before it.
    std::size_t length = bytes.size() - first;
    std::uint32_t mantissa = 0;
    std::size_t taken = 0;
    if (bytes[first] >= 0x80) {
        ++length;
        ++taken;
    }
    for (std::size_t i = first; taken < mantissa_bytes; ++i, ++taken)
        mantissa = (mantissa << 8U) | (i < bytes.size() ? bytes[i] : 0U);
    return static_cast<std::uint32_t>(length << 24U) | mantissa;
}

}  // namespace cairn::consensus
