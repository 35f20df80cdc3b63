#include "cairn/codec/timestamp.hpp"

#include <cstdint>

namespace cairn::codec {

namespace {

constexpr std::uint64_t days_per_era = 146'097;      // 400 years
constexpr std::uint64_t days_before_1970 = 719'468;  // since 1 March of year 0

struct Date {
    std::uint64_t year;
    std::uint64_t month;
    std::uint64_t day;
};

/// The date that lies `days` after 1 January 1970. Years are counted from 1 March here, so that
/// the leap day is a year's last and the month lengths before it form a regular pattern.
Date date_after_1970(std::uint64_t days) {
    const auto since_origin = days + days_before_1970;
    const auto era = since_origin / days_per_era;
    const auto day_of_era = since_origin % days_per_era;
    const auto year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto month_from_march = (5 * day_of_year + 2) / 153;
    const auto day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const auto month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {era * 400 + year_of_era + (month <= 2 ? 1 : 0), month, day};
}

std::string padded(std::uint64_t number, std::size_t width) {
    auto digits = std::to_string(number);
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

}  // namespace

std::string to_timestamp(UnixMillis time) {
    const auto seconds = time.value / 1'000;
    const auto date = date_after_1970(seconds / 86'400);
    const auto second_of_day = seconds % 86'400;
    return padded(date.day, 2) + "/" + padded(date.month, 2) + "/" + padded(date.year, 4) + ", " +
           padded(second_of_day / 3'600, 2) + ":" + padded(second_of_day / 60 % 60, 2) + ":" +
           padded(second_of_day % 60, 2);
}

}  // namespace cairn::codec
