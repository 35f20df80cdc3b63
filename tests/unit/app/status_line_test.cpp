#include "src/app/status_line.hpp"

#include "src/app/service_notices.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::app;

TEST_CASE("StatusLine: at rest it tells height, tip, peers and mempool", "[app][status]") {
    StatusLine line;

    REQUIRE(
        line.update(
            {.height = 5, .best_height = 5, .tip = "0123456789abcdef", .peers = 3, .pending = 2}, {}
        ) == "height 5 | tip 0123456789ab | 3 peers | 2 pending"
    );
}

TEST_CASE("StatusLine: a sync shows how far and how long", "[app][status]") {
    StatusLine line;
    StatusFacts facts{.height = 0, .best_height = 1000, .tip = "00", .peers = 1};
    facts.is_syncing = true;
    REQUIRE(
        line.update(facts, {}) ==
        "height 0/1000 [------------------------] 0% | tip 00 | 1 peers | 0 pending"
    );

    facts.height = 250;
    REQUIRE(
        line.update(facts, {.since_start = std::chrono::seconds{40}}) ==
        "height 250/1000 [######------------------] 25% eta 2m00s | tip 00 | 1 peers | 0 pending"
    );
}

TEST_CASE("StatusLine: hash rates have a unit that fits", "[app][status]") {
    REQUIRE(to_hashrate(0) == "0 H/s");
    REQUIRE(to_hashrate(999) == "999 H/s");
    REQUIRE(to_hashrate(1'000) == "1.0 kH/s");
    REQUIRE(to_hashrate(28'400'000) == "28.4 MH/s");
}

TEST_CASE("ServiceNotices: a status tells the goal while there is one", "[app][status]") {
    StatusFacts facts{.height = 12, .best_height = 40, .peers = 3, .pending = 7};
    REQUIRE(notice_of(facts) == "height 12, 3 peers, 7 pending");

    facts.is_syncing = true;
    REQUIRE(notice_of(facts) == "height 12 of 40, 3 peers, 7 pending");
}
