/// So many events of one key in a window of time, for a bounded number of keys.
#pragma once

#include "cairn/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace cairn::node {

class RateLimit {
  public:
    struct Options {
        /// Events of one key in one window.
        std::uint64_t events_max = 1;
        /// How long a window lasts; it begins with the key's first event.
        Duration window{};
        /// Keys that are remembered; the one that came first makes room.
        std::size_t keys_max = 1;
    };

    explicit RateLimit(Options options) : options_{options} {}

    /// Counts an event. Zero when it is allowed, else how long until the next one is. What is not
    /// allowed does not prolong the window.
    [[nodiscard]] Duration count(const std::string& key, Instant now);

    /// Keys that are remembered.
    [[nodiscard]] std::size_t size() const { return windows_.size(); }

  private:
    struct Window {
        Instant began;
        std::uint64_t events = 0;
    };

    Options options_;
    std::map<std::string, Window> windows_;
    std::deque<std::string> order_;
};

}  // namespace cairn::node
