/// The JSON form of compact targets: eight hexadecimal digits, as they are usually quoted.
#pragma once

#include <array>
#include <cstdint>

namespace cairn::ledger {

/// The bytes of `compact`, most significant first.
[[nodiscard]] constexpr std::array<std::uint8_t, 4> compact_bytes(std::uint32_t compact) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(compact >> (24 - 8 * i));
    return bytes;
}

/// The number that `bytes` write, most significant first.
[[nodiscard]] constexpr std::uint32_t compact_of(const std::array<std::uint8_t, 4>& bytes) {
    std::uint32_t compact = 0;
    for (const auto byte : bytes)
        compact = (compact << 8U) | byte;
    return compact;
}

}  // namespace cairn::ledger
