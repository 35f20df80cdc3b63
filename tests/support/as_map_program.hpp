/// Programs of an AS map (spec 10 §7), written bit by bit for tests.
#pragma once

#include "cairn/base/bytes.hpp"

#include <cstdint>
#include <numeric>
#include <string_view>
#include <vector>

namespace cairn::test {

using Bits = std::vector<bool>;

inline Bits operator+(Bits left, const Bits& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

inline Bits bits_of(std::string_view digits) {
    Bits bits;
    for (const char digit : digits)
        bits.push_back(digit == '1');
    return bits;
}

/// `value` as a number of at least `least`, in classes of `widths` bits.
inline Bits number_bits(
    std::uint32_t value, std::uint32_t least, const std::vector<unsigned>& widths
) {
    Bits bits;
    std::uint32_t place = value - least;
    std::size_t size_class = 0;
    for (; size_class + 1 < widths.size() && place >> widths[size_class] != 0; ++size_class) {
        place -= std::uint32_t{1} << widths[size_class];
        bits.push_back(true);
    }
    if (size_class + 1 < widths.size())
        bits.push_back(false);
    for (unsigned i = widths[size_class]; i > 0; --i)
        bits.push_back((place >> (i - 1) & 1U) != 0);
    return bits;
}

/// Widths from `first` to `last`.
inline std::vector<unsigned> widths(unsigned first, unsigned last) {
    std::vector<unsigned> result(last - first + 1);
    std::iota(result.begin(), result.end(), first);
    return result;
}

inline Bits answer(std::uint32_t system) {
    return bits_of("0") + number_bits(system, 1, widths(15, 24));
}

/// Where the next address bit is 0 the program goes on with `zero`, else with `one`.
inline Bits branch(const Bits& zero, const Bits& one) {
    const auto distance = static_cast<std::uint32_t>(zero.size());
    return bits_of("10") + number_bits(distance, 17, widths(5, 30)) + zero + one;
}

/// Goes on with what follows if the next address bits, 1 to 8, are these.
inline Bits match(const Bits& wanted) {
    std::uint32_t value = 1;
    for (const bool bit : wanted)
        value = value << 1U | (bit ? 1U : 0U);
    return bits_of("110") + number_bits(value, 2, widths(1, 8));
}

inline Bits otherwise(std::uint32_t system) {
    return bits_of("111") + number_bits(system, 1, widths(15, 24));
}

inline Bytes packed(const Bits& program) {
    Bytes bytes((program.size() + 7) / 8);
    for (std::size_t i = 0; i < program.size(); ++i)
        bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | (program[i] ? 1U : 0U) << i % 8);
    return bytes;
}

}  // namespace cairn::test
