#include "src/http/pause.hpp"

#include "cairn/http/limits.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace cairn::http {

void Pause::begin(
    Clock::duration worked, std::function<bool()> goes_on, std::function<void()> done
) {
    is_on_ = true;
    constexpr int factor = 100 / busy_share_percent - 1;
    until_ = Clock::now() + std::min<Clock::duration>(worked * factor, rest_time_max);
    goes_on_ = std::move(goes_on);
    done_ = std::move(done);
    wait();
}

void Pause::end() {
    timer_.cancel();
    is_on_ = false;
}

void Pause::wait() {
    timer_.expires_at(std::min(until_, Clock::now() + rest_look_interval));
    timer_.async_wait([this, here = std::weak_ptr{here_}](const std::error_code& cancelled) {
        if (cancelled || here.expired() || !is_on_)
            return;
        if (Clock::now() < until_ && goes_on_())
            return wait();
        is_on_ = false;
        done_();
    });
}

}  // namespace cairn::http
