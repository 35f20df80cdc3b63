#include "cairn/tracker/rate_limit.hpp"

namespace cairn::tracker {

Duration RateLimit::count(const std::string& key, Instant now) {
    constexpr Duration window_time = std::chrono::minutes{1};
    const auto [entry, is_new] = windows_.try_emplace(key, Window{.began = now, .events = 0});
    auto& window = entry->second;
    if (is_new) {
        order_.push_back(key);
        if (order_.size() > keys_max_) {
            windows_.erase(order_.front());
            order_.pop_front();
        }
    }
    if (now - window.began >= window_time)
        window = {.began = now, .events = 0};
    if (window.events >= per_minute_max_)
        return window.began + window_time - now;
    ++window.events;
    return {};
}

}  // namespace cairn::tracker
