/// So many events of one key in one minute, for a bounded number of keys.
#pragma once

#include "cairn/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace cairn::tracker {

class RateLimit {
  public:
    /// At most `per_minute_max` events of a key in a minute that begins with its first; `keys_max`
    /// keys are remembered, and the one that came first makes room.
    RateLimit(std::uint32_t per_minute_max, std::size_t keys_max)
        : per_minute_max_{per_minute_max}, keys_max_{keys_max} {}

    /// Counts an event. Zero when it is allowed, else how long until the next one is.
    [[nodiscard]] Duration count(const std::string& key, Instant now);

    /// Keys that are remembered.
    [[nodiscard]] std::size_t size() const { return windows_.size(); }

  private:
    struct Window {
        Instant began;
        std::uint32_t events = 0;
    };

    std::uint32_t per_minute_max_;
    std::size_t keys_max_;
    std::map<std::string, Window> windows_;
    std::deque<std::string> order_;
};

}  // namespace cairn::tracker
