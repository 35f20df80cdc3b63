#include "cairn/node/token_bucket.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

/// Parts of a token: microseconds of a second.
constexpr std::int64_t parts = 1'000'000;
constexpr std::uint64_t tokens_max = 1'000'000'000'000;

std::int64_t parts_of(std::uint64_t tokens) {
    return static_cast<std::int64_t>(std::min(tokens, tokens_max)) * parts;
}

}  // namespace

TokenBucket::TokenBucket(Options options)
    : level_{parts_of(options.burst)},
      full_{level_},
      per_microsecond_{static_cast<std::int64_t>(options.per_second)} {
    CAIRN_ASSERT(options.per_second > 0 && options.per_second <= tokens_max);
    CAIRN_ASSERT(options.burst > 0 && options.burst <= tokens_max);
}

void TokenBucket::refill(Instant now) {
    const auto passed = (now - filled_at_).count();
    if (passed <= 0)
        return;
    filled_at_ = now;
    const auto missing = full_ - level_;
    // Compared before it is multiplied: a long time would overflow.
    level_ = passed > missing / per_microsecond_ ? full_ : level_ + passed * per_microsecond_;
}

void TokenBucket::take(std::uint64_t tokens) {
    // A debt has a floor, so that no sum of takings overflows.
    level_ = std::max(level_ - parts_of(tokens), -parts_of(tokens_max));
}

Instant TokenBucket::ready_at(std::uint64_t tokens) const {
    const auto missing = std::min(parts_of(tokens), full_) - level_;
    if (missing <= 0)
        return filled_at_;
    return filled_at_ + Duration{(missing + per_microsecond_ - 1) / per_microsecond_};
}

}  // namespace cairn::node
