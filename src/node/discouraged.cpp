#include "cairn/node/discouraged.hpp"

#include "cairn/node/limits.hpp"

namespace cairn::node {

std::uint32_t Annoyance::at(Instant now) const {
    const auto halvings = (now - since_) / annoyance_half_life;
    return halvings >= 32 ? 0 : points_ >> static_cast<unsigned>(halvings);
}

std::uint32_t Annoyance::add(std::uint32_t points, Instant now) {
    const std::uint32_t left = at(now);
    // A fresh start when nothing is left; else whole half-lives, so that the rest goes on counting.
    since_ =
        left == 0 ? now : since_ + annoyance_half_life * ((now - since_) / annoyance_half_life);
    points_ = left + points;
    return points_;
}

void Discouraged::add(const std::string& host, Instant now) {
    const auto [entry, is_new] = until_.insert_or_assign(host, now + discourage_time);
    if (!is_new)
        return;
    order_.push_back(entry->first);
    if (order_.size() > discouraged_max) {
        until_.erase(order_.front());
        order_.pop_front();
    }
}

bool Discouraged::contains(const std::string& host, Instant now) const {
    const auto found = until_.find(host);
    return found != until_.end() && now < found->second;
}

}  // namespace cairn::node
