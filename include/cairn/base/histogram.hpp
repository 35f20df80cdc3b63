/// Counts of whole numbers by size, in fixed buckets: what durations and depths are gathered in.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace cairn {

/// `Count` bounds make `Count + 1` buckets: the last one is for what exceeds all of them.
template <std::size_t Count>
class Histogram {
  public:
    /// `bounds` must rise. A value belongs to the first bucket whose bound is not below it.
    constexpr explicit Histogram(const std::array<std::uint64_t, Count>& bounds)
        : bounds_{bounds} {}

    /// Counts `value`, as often as `times` says.
    constexpr void add(std::uint64_t value, std::uint64_t times = 1) {
        const auto place = std::lower_bound(bounds_.begin(), bounds_.end(), value);
        counts_[static_cast<std::size_t>(place - bounds_.begin())] += times;
        sum_ += value * times;
    }

    [[nodiscard]] constexpr const std::array<std::uint64_t, Count>& bounds() const {
        return bounds_;
    }

    /// How many values are in each bucket, and in no bucket before it.
    [[nodiscard]] constexpr const std::array<std::uint64_t, Count + 1>& counts() const {
        return counts_;
    }

    /// Of all values; wraps beyond 64 bits.
    [[nodiscard]] constexpr std::uint64_t sum() const { return sum_; }

    /// How many values there are.
    [[nodiscard]] constexpr std::uint64_t count() const {
        std::uint64_t total = 0;
        for (const auto one : counts_)
            total += one;
        return total;
    }

  private:
    std::array<std::uint64_t, Count> bounds_;
    std::array<std::uint64_t, Count + 1> counts_{};
    std::uint64_t sum_ = 0;
};

}  // namespace cairn
