#include "cairn/node/liveness.hpp"

#include "cairn/node/limits.hpp"

#include <algorithm>

namespace cairn::node {

bool Liveness::on_ping(Instant now) {
    const bool is_rare = !last_ping_received_ || now - *last_ping_received_ >= seconds{1};
    last_ping_received_ = now;
    return is_rare;
}

void Liveness::on_pong(Instant now, std::uint64_t nonce) {
    if (!ping_ || ping_->nonce != nonce)
        return;
    latency_ = now - ping_->sent_at;
    ping_.reset();
}

void Liveness::on_ping_sent(Instant now, std::uint64_t nonce) {
    ping_ = Outstanding{.sent_at = now, .nonce = nonce};
}

bool Liveness::must_ping(Instant now) const {
    return !ping_ && now - last_received_ >= ping_interval;
}

bool Liveness::is_dead(Instant now) const {
    return now - last_received_ >= idle_time_max ||
           (ping_ && now - ping_->sent_at >= pong_time_max);
}

Instant Liveness::deadline() const {
    return ping_ ? std::min(ping_->sent_at + pong_time_max, last_received_ + idle_time_max)
                 : last_received_ + ping_interval;
}

}  // namespace cairn::node
