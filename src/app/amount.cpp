#include "src/app/amount.hpp"

#include <algorithm>
#include <optional>

namespace cairn::app {

namespace {

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char character) {
        return character >= '0' && character <= '9';
    });
}

/// The number that `digits` write; nothing above `quantity_max`.
std::optional<std::uint64_t> to_number(std::string_view digits) {
    std::uint64_t number = 0;
    for (const char digit : digits) {
        number = 10 * number + static_cast<std::uint64_t>(digit - '0');
        if (number > quantity_max)
            return std::nullopt;
    }
    return number;
}

}  // namespace

std::string_view to_string(AmountError error) {
    switch (error) {
        case AmountError::not_a_decimal:
            return "not_a_decimal";
        case AmountError::too_many_decimals:
            return "too_many_decimals";
        case AmountError::too_large:
            return "too_large";
    }
    return "unknown";
}

std::string_view explain(AmountError error) {
    switch (error) {
        case AmountError::not_a_decimal:
            return "is not an amount of CRN: write digits and a point, such as 1.5";
        case AmountError::too_many_decimals:
            return "has more than 6 decimals: the smallest amount is 0.000001 CRN";
        case AmountError::too_large:
            return "is too large: the most is 9007199254.740991 CRN";
    }
    return "is not an amount";
}

Result<Amount, AmountError> parse_coins(std::string_view text) {
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    if (!is_digits(whole))
        return tl::unexpected{AmountError::not_a_decimal};
    std::string digits{whole};
    std::size_t decimals = 0;
    if (point != std::string_view::npos) {
        const auto fraction = text.substr(point + 1);
        if (!is_digits(fraction))
            return tl::unexpected{AmountError::not_a_decimal};
        if (fraction.size() > decimals_max)
            return tl::unexpected{AmountError::too_many_decimals};
        digits += fraction;
        decimals = fraction.size();
    }
    digits.append(decimals_max - decimals, '0');
    const auto pebbles = to_number(digits);
    if (!pebbles)
        return tl::unexpected{AmountError::too_large};
    return Amount{*pebbles};
}

std::string to_coins(Amount amount) {
    auto text = std::to_string(amount.value / pebbles_per_coin);
    const auto fraction = std::to_string(pebbles_per_coin + amount.value % pebbles_per_coin);
    // The leading 1 held the zeros after the point.
    const auto last = fraction.find_last_not_of('0');
    if (last > 0)
        text += "." + fraction.substr(1, last);
    return text;
}

}  // namespace cairn::app
