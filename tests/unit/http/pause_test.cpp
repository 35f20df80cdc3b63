#include "src/http/pause.hpp"

#include "cairn/http/limits.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace cairn::http {

TEST_CASE("Pause: a request gets its share of the time, and none waits for long", "[http]") {
    using std::chrono::milliseconds;
    constexpr int factor = 100 / busy_share_percent - 1;
    CHECK(pause_after(Duration{0}) == Duration{0});
    CHECK(pause_after(milliseconds{2}) == milliseconds{2 * factor});
    constexpr Duration last = pause_time_max / factor;
    CHECK(pause_after(last - Duration{1}) == (last - Duration{1}) * factor);
    CHECK(pause_after(last) == pause_time_max);
    CHECK(pause_after(last + Duration{1}) == pause_time_max);
    CHECK(pause_after(Duration::max()) == pause_time_max);
}

TEST_CASE("Pause: it ends when it is over, or when nobody needs it any more", "[http]") {
    asio::io_context context;
    Pause pause{context};
    int looks = 0;
    int ends = 0;
    const auto goes_on = [&looks] { return ++looks < 2; };
    const auto done = [&ends] { ++ends; };

    pause.begin(std::chrono::hours{1}, goes_on, done);
    CHECK(pause.is_on());
    context.run();
    CHECK_FALSE(pause.is_on());
    CHECK(looks == 2);
    CHECK(ends == 1);

    context.restart();
    pause.begin(std::chrono::microseconds{1}, goes_on, done);
    context.run();
    CHECK_FALSE(pause.is_on());
    CHECK(looks == 2);
    CHECK(ends == 2);

    context.restart();
    pause.begin(std::chrono::hours{1}, goes_on, done);
    pause.end();
    CHECK_FALSE(pause.is_on());
    context.run();
    CHECK(ends == 2);
}

TEST_CASE("Pause: the end of one may begin the next", "[http]") {
    asio::io_context context;
    Pause pause{context};
    int ends = 0;
    const std::function<void()> begin = [&] {
        pause.begin(
            Duration{0},
            [] { return true; },
            [&] {
                if (++ends < 3)
                    begin();
            }
        );
    };
    begin();
    context.run();
    CHECK(ends == 3);
}

TEST_CASE("Pause: one that is gone calls nobody", "[http]") {
    asio::io_context context;
    bool is_called = false;
    {
        Pause pause{context};
        pause.begin(
            Duration{0}, [] { return true; }, [&is_called] { is_called = true; }
        );
    }
    context.run();
    CHECK_FALSE(is_called);
}

}  // namespace cairn::http
