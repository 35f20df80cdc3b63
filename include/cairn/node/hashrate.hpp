/// Hashes per second over the last `hashrate_seconds`, in integers.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/limits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace cairn::node {

class Hashrate {
  public:
    /// `hashes` have been tried by `now`.
    void add(Instant now, std::uint64_t hashes) {
        if (!started_at_)
            started_at_ = now;
        auto& bucket = buckets_[static_cast<std::size_t>(second_of(now)) % hashrate_seconds];
        if (bucket.second != second_of(now))
            bucket = {.second = second_of(now), .hashes = 0};
        bucket.hashes += hashes;
    }

    /// Hashes per second. While the first measurement is younger than the span, over its age, at
    /// least a second.
    [[nodiscard]] std::uint64_t per_second(Instant now) const {
        if (!started_at_)
            return 0;
        std::uint64_t hashes = 0;
        for (const auto& bucket : buckets_)
            if (bucket.second + static_cast<std::int64_t>(hashrate_seconds) > second_of(now))
                hashes += bucket.hashes;
        const auto age = second_of(now) - second_of(*started_at_) + 1;
        const auto span = std::min(age, static_cast<std::int64_t>(hashrate_seconds));
        return hashes / static_cast<std::uint64_t>(span);
    }

  private:
    struct Bucket {
        std::int64_t second = -static_cast<std::int64_t>(hashrate_seconds);
        std::uint64_t hashes = 0;
    };

    [[nodiscard]] static std::int64_t second_of(Instant instant) {
        return std::chrono::duration_cast<std::chrono::seconds>(instant.since_start).count();
    }

    std::array<Bucket, hashrate_seconds> buckets_{};
    std::optional<Instant> started_at_;
};

}  // namespace cairn::node
