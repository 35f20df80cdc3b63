/// Amounts as people write them: decimal CRN. The only place of Cairn that knows decimals; all else
/// counts whole pebbles.
#pragma once

#include "cairn/base/quantity.hpp"
#include "cairn/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::app {

/// 1 CRN in pebbles.
inline constexpr std::uint64_t pebbles_per_coin = 1'000'000;
/// Digits after the point: one pebble is 0.000001 CRN.
inline constexpr std::size_t decimals_max = 6;

/// Why a text is not an amount.
enum class AmountError : std::uint8_t {
    not_a_decimal,      ///< anything but digits, with a point and digits after it or without
    too_many_decimals,  ///< finer than one pebble
    too_large,          ///< above 2^53-1 pebbles
};
/// The enumerator's name.
[[nodiscard]] std::string_view to_string(AmountError error);
/// What is wrong and what is allowed, as the end of a sentence that starts with the text.
[[nodiscard]] std::string_view explain(AmountError error);

/// The pebbles that `text`, a decimal number of CRN, stands for. Exact: no rounding, no sign, no
/// exponent, no grouping, no unit. Errors: those of `AmountError`.
[[nodiscard]] Result<Amount, AmountError> parse_coins(std::string_view text);

/// `amount` in CRN without unit and without zeros at the end: `1.5`, `0.000001`, `12`.
[[nodiscard]] std::string to_coins(Amount amount);

}  // namespace cairn::app
