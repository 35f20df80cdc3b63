/// A 256-bit unsigned number as a plain value: targets and cumulative work. Arithmetic beyond
/// comparison and a saturating sum stands in the `.cpp` files that need it, on
/// Boost.Multiprecision.
#pragma once

#include "cairn/base/bytes.hpp"

#include <array>
#include <compare>
#include <cstdint>

namespace cairn {

/// Limbs of 64 bits, the most significant first, so that the default order is the numeric one.
struct Uint256 {
    std::array<std::uint64_t, 4> limbs{};

    friend constexpr auto operator<=>(const Uint256&, const Uint256&) = default;

    /// The number `low`.
    [[nodiscard]] static constexpr Uint256 from_u64(std::uint64_t low) { return {{0, 0, 0, low}}; }

    /// 2^256 - 1.
    [[nodiscard]] static constexpr Uint256 max() {
        return {{~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}}};
    }

    /// The number that 32 bytes write, most significant byte first.
    [[nodiscard]] static constexpr Uint256 from_big_endian(const std::array<std::uint8_t, 32>& bytes
    ) {
        Uint256 result;
        for (std::size_t i = 0; i < 32; ++i)
            result.limbs[i / 8] = (result.limbs[i / 8] << 8U) | bytes[i];
        return result;
    }

    /// 32 bytes, most significant first.
    [[nodiscard]] constexpr std::array<std::uint8_t, 32> to_big_endian() const {
        std::array<std::uint8_t, 32> bytes{};
        for (std::size_t i = 0; i < 32; ++i)
            bytes[i] = static_cast<std::uint8_t>(limbs[i / 8] >> (56 - 8 * (i % 8)));
        return bytes;
    }
};

/// The sum, or 2^256 - 1 where it would be larger.
[[nodiscard]] constexpr Uint256 saturating_add(const Uint256& left, const Uint256& right) {
    Uint256 sum;
    std::uint64_t carry = 0;
    for (std::size_t i = 4; i-- > 0;) {
        const std::uint64_t partial = left.limbs[i] + carry;
        carry = partial < carry ? 1U : 0U;
        sum.limbs[i] = partial + right.limbs[i];
        carry += sum.limbs[i] < partial ? 1U : 0U;
    }
    return carry == 0 ? sum : Uint256::max();
}

}  // namespace cairn
