// Prints what the difficulty rule gives for a seeded sequence of inputs, one line each;
// tests/twins/asert.py draws the same inputs, computes for itself and compares.
// Usage: asert_dump SEED LINES
#include "cairn/base/random.hpp"
#include "cairn/consensus/target.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace cairn::consensus {

namespace {

constexpr std::array<std::int64_t, 7> intervals{
    1, 250, 1'000, 2'000, 15'000, 600'000, 31'536'000'000};
constexpr std::array<std::uint32_t, 7> limits{
    0x1d00ffff, 0x207fffff, 0x2100ffff, 0x1f00ffff, 0x200fffff, 0x01010000, 0x03123456};

/// The lowest `bits` bits of `word` as a number around zero; `bits` is 1 to 64.
std::int64_t signed_bits(std::uint64_t word, std::uint64_t bits) {
    const std::uint64_t low = bits == 64 ? word : word & ((std::uint64_t{1} << bits) - 1);
    // Subtracting half of the range wraps, and the conversion wraps back.
    return static_cast<std::int64_t>(low - (std::uint64_t{1} << (bits - 1)));
}

/// The remainder that has the sign of the (positive) divisor.
std::int64_t floor_modulo(std::int64_t number, std::int64_t divisor) {
    const std::int64_t remainder = number % divisor;
    return remainder < 0 ? remainder + divisor : remainder;
}

/// interval * height + offset, cut to the clock's range.
std::int64_t clock_near_schedule(std::int64_t interval, std::uint64_t height, std::int64_t offset) {
    std::int64_t schedule = 0;
    std::int64_t clock = 0;
    // A schedule beyond 64 bits exceeds every offset of at most 62 bits by far.
    if (__builtin_mul_overflow(interval, height, &schedule) ||
        __builtin_add_overflow(schedule, offset, &clock))
        return clock_max;
    return std::clamp(clock, -clock_max, clock_max);
}

std::string hex(const Uint256& number) {
    return to_hex(ByteView{number.to_big_endian()});
}

std::string without_leading_zeros(const std::string& digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

void print_line(Random& random) {
    AsertParameters parameters;
    parameters.block_interval_ms = intervals[random.next() % intervals.size()];
    parameters.half_life_ms = half_life_intervals * parameters.block_interval_ms;
    parameters.target_limit =
        target_from_compact(limits[random.next() % limits.size()]).value_or(Uint256{});

    const std::uint64_t height_word = random.next();
    const std::uint64_t height = height_word >> (11 + random.next() % 53);
    const std::uint64_t width = 1 + random.next() % 63;
    std::int64_t offset = signed_bits(random.next(), width);
    if (random.next() % 4 != 0) {
        const std::int64_t half_life = parameters.half_life_ms;
        offset = floor_modulo(offset, 80 * half_life) - 60 * half_life;
    }
    const auto clock = clock_near_schedule(parameters.block_interval_ms, height, offset);
    const auto target = asert_target(parameters, Height{height}, clock);

    const std::uint64_t elapsed_word = random.next();
    const auto elapsed = signed_bits(elapsed_word, 1 + random.next() % 64);
    const auto later = advance_clock(parameters, clock, elapsed);

    auto compact = static_cast<std::uint32_t>(random.next());
    if (random.next() % 2 == 0)
        compact = (compact & 0x00ff'ffffU) | (((compact >> 24U) % 36U) << 24U);
    const auto read = target_from_compact(compact);

    std::printf(
        "%s %08x %s %lld %08x %s\n",
        hex(target).c_str(),
        compact_from_target(target),
        to_decimal(work_of_target(target)).c_str(),
        static_cast<long long>(later),
        compact,
        read ? without_leading_zeros(hex(*read)).c_str() : "-"
    );
}

}  // namespace

}  // namespace cairn::consensus

int main(int argument_count, char** arguments) {
    if (argument_count != 3) {
        std::fputs("usage: asert_dump SEED LINES\n", stderr);
        return EXIT_FAILURE;
    }
    cairn::Random random{std::strtoull(arguments[1], nullptr, 10)};
    const auto lines = std::strtoull(arguments[2], nullptr, 10);
    for (std::uint64_t i = 0; i < lines; ++i)
        cairn::consensus::print_line(random);
    return EXIT_SUCCESS;
}
