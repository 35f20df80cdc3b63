// The difficulty rule and the work behind a target: all that needs more than 64 bits.
#include "cairn/base/assert.hpp"
#include "cairn/consensus/target.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace cairn::consensus {

namespace {

namespace wide = boost::multiprecision;

/// 384 bits hold a target (256 bits) times the factor (17 bits), and the numerator of the
/// exponent, a product of two 64-bit numbers times 2^16.
constexpr unsigned wide_bits = 384;
using Unsigned = wide::number<
    wide::cpp_int_backend<wide_bits, wide_bits, wide::unsigned_magnitude, wide::unchecked, void>>;
using Signed = wide::number<
    wide::cpp_int_backend<wide_bits, wide_bits, wide::signed_magnitude, wide::unchecked, void>>;

/// Fraction bits of the exponent and of the factor.
constexpr unsigned radix_bits = 16;
constexpr std::uint64_t radix = std::uint64_t{1} << radix_bits;

/// 2^16 * 2^(fraction / 2^16), by aserti3-2d's cubic; the error is below 0.013 %.
/// `fraction` is below 2^16, and so every intermediate value below 2^64.
constexpr std::uint64_t power_of_two(std::uint64_t fraction) {
    return radix + ((195'766'423'245'049 * fraction + 971'821'376 * fraction * fraction +
                     5'127 * fraction * fraction * fraction + (std::uint64_t{1} << 47U)) >>
                    48U);
}

static_assert(power_of_two(0) == radix);
static_assert(power_of_two(radix / 2) == 92'674 && power_of_two(radix - 1) == 131'071);

Unsigned to_wide(const Uint256& number) {
    Unsigned result = 0;
    for (const auto limb : number.limbs) {
        result <<= 64U;
        result |= limb;
    }
    return result;
}

Uint256 from_wide(Unsigned number) {
    const Unsigned limb_mask = ~std::uint64_t{0};
    Uint256 result;
    for (std::size_t i = result.limbs.size(); i-- > 0; number >>= 64U)
        result.limbs[i] = static_cast<std::uint64_t>(number & limb_mask);
    return result;
}

}  // namespace

Work work_of_target(const Uint256& target) {
    const Unsigned work = (Unsigned{1} << 256U) / (to_wide(target) + 1);
    return target == Uint256{} ? Work::max() : from_wide(work);
}

std::string to_decimal(const Work& work) {
    return to_wide(work).str();
}

std::int64_t advance_clock(
    const AsertParameters& parameters, std::int64_t parent_clock, std::int64_t elapsed_ms
) {
    const std::int64_t step = std::min(elapsed_ms, parameters.half_life_ms);
    std::int64_t clock = 0;
    if (__builtin_add_overflow(parent_clock, step, &clock))
        return step > 0 ? clock_max : -clock_max;
    return std::clamp(clock, -clock_max, clock_max);
}

Uint256 asert_target(const AsertParameters& parameters, Height height, std::int64_t clock) {
    CAIRN_ASSERT(parameters.half_life_ms > 0 && parameters.target_limit != Uint256{});
    const Signed ahead = Signed{clock} - Signed{parameters.block_interval_ms} * height.value;
    // Built-in division of signed numbers rounds towards zero, and so does this one.
    const Signed exponent = ahead * radix / parameters.half_life_ms;
    // The power of two grows with its exponent, and at 0 it is 1: from there on the limit rules.
    if (exponent >= 0)
        return parameters.target_limit;
    // 2^-257 takes every target below 1.
    constexpr std::int64_t least = -257 * static_cast<std::int64_t>(radix);
    if (exponent < least)
        return Uint256::from_u64(1);
    const auto small = static_cast<std::int64_t>(exponent);
    const std::int64_t shift = small >> radix_bits;  // rounds down: arithmetic since C++20
    const auto fraction = static_cast<std::uint64_t>(small - shift * std::int64_t{radix});
    const Unsigned product = to_wide(parameters.target_limit) * power_of_two(fraction);
    const Unsigned target = product >> static_cast<unsigned>(radix_bits - shift);
    if (target == 0)
        return Uint256::from_u64(1);
    // Below the limit, since the factor is less than 2 and the shift at least one further bit.
    return from_wide(target);
}

}  // namespace cairn::consensus
