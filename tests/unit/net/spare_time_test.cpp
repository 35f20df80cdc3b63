#include "src/net/spare_time.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using net::SpareTime;
using std::chrono::milliseconds;

namespace {

constexpr Instant start{std::chrono::hours{1}};

/// What is left after `rounds` of so much work and so much waiting each.
SpareTime after(int rounds, milliseconds work, milliseconds rest) {
    SpareTime spare;
    Instant now = start;
    for (int i = 0; i < rounds; ++i) {
        spare.on_work(now);
        now = now + work;
        spare.on_rest(now);
        now = now + rest;
    }
    spare.on_work(now);
    return spare;
}

}  // namespace

TEST_CASE("SpareTime: work without an end uses up what was put by", "[net]") {
    SpareTime spare;
    spare.on_work(start);
    CHECK(spare.is_left(start));
    CHECK(spare.is_left(start + (SpareTime::left_max - milliseconds{1})));
    CHECK_FALSE(spare.is_left(start + SpareTime::left_max));
    CHECK_FALSE(spare.is_left(start + std::chrono::hours{10'000}));
}

TEST_CASE("SpareTime: it lasts for whom three quarters of the time are enough", "[net]") {
    const auto then = start + std::chrono::seconds{100};
    const auto enough = after(1'000, milliseconds{75}, milliseconds{25});
    CHECK(enough.is_left(then + (SpareTime::left_max - milliseconds{1})));

    const auto too_little = after(1'000, milliseconds{76}, milliseconds{24});
    CHECK(too_little.is_left(then + milliseconds{71}));
    CHECK_FALSE(too_little.is_left(then + milliseconds{72}));
}

TEST_CASE("SpareTime: a rest gives back three times its length, up to the most", "[net]") {
    SpareTime spare;
    spare.on_work(start);
    const auto spent = start + std::chrono::seconds{2};
    spare.on_rest(spent);
    CHECK_FALSE(spare.is_left(spent));
    CHECK(spare.is_left(spent + milliseconds{1}));

    spare.on_work(spent + milliseconds{10});
    CHECK(spare.is_left(spent + milliseconds{39}));
    CHECK_FALSE(spare.is_left(spent + milliseconds{40}));
}
