/// The pause after a request for which something more urgent had to wait.
#pragma once

#include "cairn/base/time.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace cairn::http {

/// The pause after which a request that took `worked` has had `busy_share_percent` of the time;
/// `pause_time_max` at most.
[[nodiscard]] Duration pause_after(Duration worked);

class Pause {
  public:
    explicit Pause(asio::io_context& context) : timer_{context} {}

    /// Pauses for `time`, or until a look every `pause_look_interval` shows that `goes_on()` is
    /// false; then calls `done`. What both refer to must last until then, until `end`, or as long
    /// as this.
    void begin(Duration time, std::function<bool()> goes_on, std::function<void()> done);
    /// Ends it without a call of `done`.
    void end();

    [[nodiscard]] bool is_on() const { return is_on_; }

  private:
    using Clock = std::chrono::steady_clock;

    void wait();

    asio::steady_timer timer_;
    bool is_on_ = false;
    Clock::time_point until_;
    std::function<bool()> goes_on_;
    std::function<void()> done_;
    /// Gone when this is.
    std::shared_ptr<const int> here_ = std::make_shared<int>();
};

}  // namespace cairn::http
