/// Numbers with a meaning. They do not convert into each other, and arithmetic that could overflow
/// is spelled `checked_add` and `checked_sub`.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace cairn {

/// The largest amount, height, time or nonce (2^53 - 1): every JSON reader, JavaScript included,
/// holds it exactly (RFC 7493 §2.2).
inline constexpr std::uint64_t quantity_max = (std::uint64_t{1} << 53U) - 1;

/// An unsigned number whose meaning is `Tag`. The bound `quantity_max` is a rule of the formats,
/// checked where bytes are decoded; in memory any 64-bit value can stand.
template <class Tag>
struct Quantity {
    std::uint64_t value = 0;

    constexpr Quantity() = default;

    constexpr explicit Quantity(std::uint64_t number) : value{number} {}

    friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;

    /// The successor. The caller knows that it exists.
    [[nodiscard]] constexpr Quantity next() const { return Quantity{value + 1}; }
};

/// The distance of a block from genesis, whose height is 0.
using Height = Quantity<struct HeightTag>;
/// A count of pebbles; 1 CRN is 1,000,000 of them.
using Amount = Quantity<struct AmountTag>;
/// The number of an account's transactions before this one.
using Nonce = Quantity<struct NonceTag>;

/// The sum, or nothing where it would exceed `quantity_max`.
template <class Tag>
[[nodiscard]] constexpr std::optional<Quantity<Tag>> checked_add(
    Quantity<Tag> left, Quantity<Tag> right
) {
    if (left.value > quantity_max || right.value > quantity_max - left.value)
        return std::nullopt;
    return Quantity<Tag>{left.value + right.value};
}

/// The difference, or nothing where it would be negative.
template <class Tag>
[[nodiscard]] constexpr std::optional<Quantity<Tag>> checked_sub(
    Quantity<Tag> left, Quantity<Tag> right
) {
    if (right.value > left.value)
        return std::nullopt;
    return Quantity<Tag>{left.value - right.value};
}

}  // namespace cairn
