/// A bucket of tokens that fills at a steady rate: how much may be done, and when it may go on.
///
/// Rules:
/// 1. It starts full, gains `per_second` tokens a second and never holds more than `burst`.
/// 2. Taking is never refused: who asks first whether there is a token may take what it then needs,
///    and the debt is paid before the next one. So a thing larger than the burst still passes.
/// 3. Whole numbers only. No part of a token is lost between two looks, however close they are.
#pragma once

#include "cairn/base/time.hpp"

#include <cstdint>

namespace cairn::node {

class TokenBucket {
  public:
    struct Options {
        /// At least 1, as is `burst`; both at most 10^12.
        std::uint64_t per_second = 1;
        std::uint64_t burst = 1;
    };

    explicit TokenBucket(Options options);

    /// Brings the level up to date. A time before the last one changes nothing.
    void refill(Instant now);
    /// Takes `tokens`, into debt if need be.
    void take(std::uint64_t tokens);

    /// True when there is any part of a token, as of the last refill.
    [[nodiscard]] bool has_tokens() const { return level_ > 0; }

    /// When `tokens`, or a full bucket if that is less, will be there.
    [[nodiscard]] Instant ready_at(std::uint64_t tokens) const;

  private:
    /// In millionths, so that a microsecond adds a whole number of them.
    std::int64_t level_;
    std::int64_t full_;
    std::int64_t per_microsecond_;
    Instant filled_at_;
};

}  // namespace cairn::node
