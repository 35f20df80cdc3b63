/// The core's only source of chance: seeded by the driver, equal on every compiler.
#pragma once

#include <array>
#include <cstdint>

namespace cairn {

/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021),
/// seeded through SplitMix64. Not for keys: those come from the operating system.
class Random {
  public:
    explicit Random(std::uint64_t seed);

    /// 64 uniform bits.
    [[nodiscard]] std::uint64_t next();
    /// A uniform number in [0, bound). `bound` must be positive. Unbiased (rejection).
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    /// True in `numerator` of `denominator` cases.
    [[nodiscard]] bool chance(std::uint64_t numerator, std::uint64_t denominator);
    /// A generator of its own, independent of what is drawn from this one later.
    [[nodiscard]] Random split();

  private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace cairn
