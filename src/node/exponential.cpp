#include "cairn/node/exponential.hpp"

#include "cairn/base/assert.hpp"

#include <bit>

namespace cairn::node {

namespace {

constexpr unsigned fraction_bits = 16;
/// ln 2 in units of 2^-16.
constexpr std::uint64_t ln2_fixed = 45'426;

}  // namespace

std::uint32_t log2_fixed(std::uint32_t value) {
    CAIRN_ASSERT(value > 0);
    const auto whole = static_cast<std::uint32_t>(std::bit_width(value)) - 1;
    // The mantissa is a number in [1, 2) in units of 2^-31. Squaring it doubles its logarithm, so
    // that each square yields the next binary digit.
    std::uint64_t mantissa = std::uint64_t{value} << (31 - whole);
    std::uint32_t result = whole;
    for (unsigned digit = 0; digit < fraction_bits; ++digit) {
        mantissa = (mantissa * mantissa) >> 31U;
        const auto bit = static_cast<std::uint32_t>(mantissa >> 32U);
        mantissa >>= bit;
        result = (result << 1U) | bit;
    }
    return result;
}

Duration exponential_gap(Random& random, Duration mean) {
    CAIRN_ASSERT(mean.count() > 0 && mean <= std::chrono::hours{1});
    // -ln(u / 2^32) of a uniform u in [1, 2^32) by inversion.
    const auto uniform =
        static_cast<std::uint32_t>(1 + random.below((std::uint64_t{1} << 32U) - 1));
    const std::uint64_t bits = (std::uint64_t{32} << fraction_bits) - log2_fixed(uniform);
    const std::uint64_t multiple = (bits * ln2_fixed) >> fraction_bits;
    const auto mean_us = static_cast<std::uint64_t>(mean.count());
    return Duration{static_cast<Duration::rep>((multiple * mean_us) >> fraction_bits)};
}

}  // namespace cairn::node
