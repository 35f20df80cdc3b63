/// The pause after a request for which something more urgent had to wait.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace cairn::http {

class Pause {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Pause(asio::io_context& context) : timer_{context} {}

    /// Pauses so long that a request that took `worked` is `busy_share_percent` of the time, for
    /// `rest_time_max` at most. Ends as soon as a look shows that `goes_on()` is false; then calls
    /// `done`. Both must stay good until then, or until `end`, or own what they look at.
    void begin(Clock::duration worked, std::function<bool()> goes_on, std::function<void()> done);
    /// Ends it without a call of `done`.
    void end();

    [[nodiscard]] bool is_on() const { return is_on_; }

  private:
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
