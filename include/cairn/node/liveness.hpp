/// Whether the other side of a link lives.
///
/// Rules (spec 04 §3.4):
/// 1. After READY, and whenever nothing came for `ping_interval`, one `ping` goes out. Only one is
///    outstanding, so a slow peer is not buried in them.
/// 2. A pong that does not come within `pong_time_max`, or silence of `idle_time_max`, ends the
///    link.
/// 3. All times are steady: a wall clock that jumps ends no link (case T4).
#pragma once

#include "cairn/base/time.hpp"

#include <cstdint>
#include <optional>

namespace cairn::node {

class Liveness {
  public:
    explicit Liveness(Instant now) : last_received_{now} {}

    /// Bytes came.
    void on_received(Instant now) { last_received_ = now; }

    /// The other side pinged. False when that is less than a second after its last ping.
    [[nodiscard]] bool on_ping(Instant now);
    /// A pong came. One with another nonce is ignored.
    void on_pong(Instant now, std::uint64_t nonce);
    /// A ping with `nonce` was sent.
    void on_ping_sent(Instant now, std::uint64_t nonce);

    [[nodiscard]] bool must_ping(Instant now) const;
    [[nodiscard]] bool is_dead(Instant now) const;
    /// When `must_ping` or `is_dead` may become true next.
    [[nodiscard]] Instant deadline() const;

    [[nodiscard]] Instant last_received() const { return last_received_; }

    /// The time of the last round trip of ping and pong.
    [[nodiscard]] std::optional<Duration> latency() const { return latency_; }

  private:
    struct Outstanding {
        Instant sent_at;
        std::uint64_t nonce = 0;
    };

    Instant last_received_;
    std::optional<Outstanding> ping_;
    std::optional<Instant> last_ping_received_;
    std::optional<Duration> latency_;
};

}  // namespace cairn::node
