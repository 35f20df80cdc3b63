#include "cairn/node/rate_limit.hpp"

namespace cairn::node {

Duration RateLimit::count(const std::string& key, Instant now) {
    const auto [entry, is_new] = windows_.try_emplace(key, Window{.began = now, .events = 0});
    auto& window = entry->second;
    if (is_new)
        order_.push_back(key);
    if (now - window.began >= options_.window)
        window = {.began = now, .events = 0};
    const bool is_allowed = window.events < options_.events_max;
    const Duration wait = is_allowed ? Duration{} : window.began + options_.window - now;
    if (is_allowed)
        ++window.events;
    if (order_.size() > options_.keys_max) {
        windows_.erase(order_.front());
        order_.pop_front();
    }
    return wait;
}

}  // namespace cairn::node
