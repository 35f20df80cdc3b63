#include "src/http/pause.hpp"

#include "cairn/http/limits.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace cairn::http {

Duration pause_after(Duration worked) {
    constexpr int factor = 100 / busy_share_percent - 1;
    // Divided, so that no product overflows.
    return worked < pause_time_max / factor ? worked * factor : pause_time_max;
}

void Pause::begin(Duration time, std::function<bool()> goes_on, std::function<void()> done) {
    is_on_ = true;
    until_ = Clock::now() + time;
    goes_on_ = std::move(goes_on);
    done_ = std::move(done);
    wait();
}

void Pause::end() {
    timer_.cancel();
    is_on_ = false;
}

void Pause::wait() {
    timer_.expires_at(std::min(until_, Clock::now() + pause_look_interval));
    timer_.async_wait([this, here = std::weak_ptr{here_}](const std::error_code& cancelled) {
        if (cancelled || here.expired() || !is_on_)
            return;
        if (Clock::now() < until_ && goes_on_())
            return wait();
        is_on_ = false;
        // Moved out, because it may begin the next pause.
        const auto done = std::move(done_);
        done();
    });
}

}  // namespace cairn::http
