#include "src/net/spare_time.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using net::SpareTime;
using std::chrono::milliseconds;

namespace {

constexpr Instant start{std::chrono::hours{1}};

/// A thread that says what it does when.
struct Thread {
    void work(Duration time) {
        spare.on_work(now);
        now = now + time;
        spare.on_work_done(now);
    }

    void wait(Duration time) {
        spare.on_wait(now);
        now = now + time;
        spare.on_wake(now);
    }

    /// How long it could work from now on until nothing is left.
    [[nodiscard]] Duration left() const {
        auto copy = spare;
        copy.on_work(now);
        Duration time{0};
        while (copy.is_left(now + time))
            time += milliseconds{1};
        return time;
    }

    SpareTime spare{};
    Instant now = start;
};

}  // namespace

TEST_CASE("SpareTime: work without an end uses up what was put by", "[net]") {
    Thread thread;
    thread.wait(std::chrono::hours{1});
    CHECK(thread.left() == SpareTime::left_max);
    thread.spare.on_work(thread.now);
    CHECK(thread.spare.is_left(thread.now + (SpareTime::left_max - milliseconds{1})));
    CHECK_FALSE(thread.spare.is_left(thread.now + SpareTime::left_max));
    CHECK_FALSE(thread.spare.is_left(thread.now + std::chrono::hours{10'000}));
}

TEST_CASE("SpareTime: it lasts for whom three quarters of the time are enough", "[net]") {
    Thread enough;
    Thread too_little;
    for (int i = 0; i < 1'000; ++i) {
        enough.work(milliseconds{75});
        enough.wait(milliseconds{25});
        too_little.work(milliseconds{76});
        too_little.wait(milliseconds{24});
    }
    CHECK(enough.left() == milliseconds{75});
    CHECK(too_little.left() == milliseconds{72});
}

TEST_CASE("SpareTime: a wait gives back three times its length, up to the most", "[net]") {
    Thread thread;
    thread.wait(milliseconds{10});
    CHECK(thread.left() == milliseconds{30});
    thread.work(milliseconds{20});
    CHECK(thread.left() == milliseconds{10});
    thread.wait(std::chrono::seconds{10});
    CHECK(thread.left() == SpareTime::left_max);
}

TEST_CASE("SpareTime: what the thread does for others counts for neither", "[net]") {
    Thread thread;
    thread.wait(milliseconds{10});
    thread.now = thread.now + std::chrono::seconds{1};
    CHECK(thread.left() == milliseconds{30});
}

TEST_CASE("SpareTime: a wait for the results of one's work is work", "[net]") {
    Thread thread;
    thread.wait(milliseconds{20});
    thread.spare.on_work(thread.now);
    thread.wait(milliseconds{15});
    thread.spare.on_work_done(thread.now);
    CHECK(thread.left() == milliseconds{45});
}

TEST_CASE("SpareTime: to wake twice changes nothing", "[net]") {
    Thread thread;
    thread.wait(milliseconds{10});
    thread.now = thread.now + std::chrono::seconds{1};
    thread.spare.on_wake(thread.now);
    CHECK(thread.left() == milliseconds{30});
}

TEST_CASE("SpareTime: it begins anew with nothing", "[net]") {
    Thread thread;
    CHECK(thread.left() == Duration{0});
    thread.wait(std::chrono::seconds{1});
    thread.spare.reset(thread.now);
    CHECK(thread.left() == Duration{0});
    thread.wait(milliseconds{1});
    CHECK(thread.left() == milliseconds{3});
}

TEST_CASE("SpareTime: a wait that ended unnoticed counts up to its last notice", "[net]") {
    Thread thread;
    thread.wait(milliseconds{10});
    thread.spare.on_wait(thread.now);
    thread.now = thread.now + milliseconds{5};
    thread.spare.on_wait(thread.now);
    thread.now = thread.now + std::chrono::seconds{1};
    thread.spare.on_late_wake(thread.now);
    CHECK(thread.left() == milliseconds{45});
    thread.now = thread.now + std::chrono::seconds{1};
    CHECK(thread.left() == milliseconds{45});
}

TEST_CASE("SpareTime: work goes on counting through a late wake", "[net]") {
    Thread thread;
    thread.wait(milliseconds{20});
    thread.spare.on_work(thread.now);
    thread.spare.on_wait(thread.now);
    thread.now = thread.now + milliseconds{15};
    thread.spare.on_late_wake(thread.now);
    thread.now = thread.now + milliseconds{15};
    thread.spare.on_work_done(thread.now);
    CHECK(thread.left() == milliseconds{30});
}
