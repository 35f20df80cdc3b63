#include "cairn/node/request_tracker.hpp"

#include "cairn/node/limits.hpp"

#include <catch2/catch.hpp>

namespace cairn::node {

namespace {

constexpr LinkId first{1};
constexpr LinkId second{2};
constexpr Instant start{seconds{100}};

wire::RelayId id_number(std::uint64_t number) {
    wire::RelayId id;
    for (std::size_t i = 0; i < 8; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
}

using Requests = RequestTracker::Requests;

}  // namespace

TEST_CASE("RequestTracker: one peer at a time is asked", "[node][request_tracker][G1]") {
    RequestTracker tracker;
    tracker.announce(first, id_number(1), start);
    tracker.announce(second, id_number(1), start);
    CHECK(tracker.take_requests(start) == Requests{{first, {id_number(1)}}});
    CHECK(tracker.take_requests(start).empty());
    CHECK(tracker.is_asked(first, id_number(1)));
    CHECK_FALSE(tracker.is_asked(second, id_number(1)));
}

TEST_CASE("RequestTracker: the next announcer is asked after the timeout", "[node][G2][G9]") {
    RequestTracker tracker;
    tracker.announce(first, id_number(1), start);
    tracker.announce(second, id_number(1), start);
    REQUIRE(tracker.take_requests(start).contains(first));
    const auto deadline = start + transaction_time_max;
    CHECK(tracker.next_wakeup() == deadline);
    CHECK(tracker.take_requests(deadline + Duration{-1}).empty());
    CHECK(tracker.take_requests(deadline) == Requests{{second, {id_number(1)}}});

    SECTION("and a late answer is still welcome") {
        CHECK(tracker.is_asked(first, id_number(1)));
        tracker.on_answer(first, id_number(1));
        CHECK(tracker.size() == 0);
        CHECK(tracker.in_flight(second) == 0);
        CHECK_FALSE(tracker.next_wakeup());
    }
    SECTION("and nobody is asked twice") {
        CHECK(tracker.take_requests(deadline + transaction_time_max).empty());
        CHECK_FALSE(tracker.next_wakeup());
        tracker.forget_exhausted();
        CHECK(tracker.size() == 0);
        CHECK(tracker.announcements(first) == 0);
    }
}

TEST_CASE("RequestTracker: whoever withheld one is asked last", "[node][G2]") {
    RequestTracker tracker;
    tracker.announce(first, id_number(1), start);
    REQUIRE(tracker.take_requests(start).contains(first));
    const auto later = start + transaction_time_max;
    REQUIRE(tracker.take_requests(later).empty());
    tracker.announce(first, id_number(2), later);
    tracker.announce(second, id_number(2), later);
    CHECK(tracker.take_requests(later) == Requests{{second, {id_number(2)}}});
}

TEST_CASE("RequestTracker: what waits for a silent peer moves on", "[node][G2]") {
    constexpr std::size_t count = 3 * transactions_in_flight_per_peer_max;
    RequestTracker tracker;
    for (std::size_t i = 0; i < count; ++i)
        tracker.announce(first, id_number(i), start);
    REQUIRE(tracker.take_requests(start)[first].size() == transactions_in_flight_per_peer_max);
    for (std::size_t i = 0; i < count; ++i)
        tracker.announce(second, id_number(i), start);
    CHECK(tracker.take_requests(start).empty());
    auto requests = tracker.take_requests(start + transaction_time_max);
    CHECK_FALSE(requests.contains(first));
    CHECK(requests[second].size() == transactions_in_flight_per_peer_max);
    std::size_t fetched = 0;
    while (!requests.empty()) {
        for (const auto& id : requests[second]) {
            tracker.on_answer(second, id);
            ++fetched;
        }
        requests = tracker.take_requests(start + transaction_time_max);
        REQUIRE_FALSE(requests.contains(first));
    }
    CHECK(fetched == count);
    CHECK(tracker.size() == 0);
}

TEST_CASE("RequestTracker: an announcement is not due before its time", "[node]") {
    RequestTracker tracker;
    tracker.announce(first, id_number(1), start + inbound_request_delay);
    CHECK(tracker.take_requests(start).empty());
    CHECK(tracker.next_wakeup() == start + inbound_request_delay);
    tracker.announce(second, id_number(1), start);
    CHECK(tracker.take_requests(start) == Requests{{second, {id_number(1)}}});
}

TEST_CASE("RequestTracker: requests keep the order of announcements", "[node]") {
    RequestTracker tracker;
    for (const auto number : {7U, 3U, 9U, 1U})
        tracker.announce(first, id_number(number), start);
    CHECK(
        tracker.take_requests(start)[first] ==
        std::vector{id_number(7), id_number(3), id_number(9), id_number(1)}
    );
}

TEST_CASE("RequestTracker: announcements of a peer are bounded", "[node][G3]") {
    RequestTracker tracker;
    for (std::size_t i = 0; i <= announcements_per_peer_max; ++i)
        tracker.announce(first, id_number(i), start);
    CHECK(tracker.announcements(first) == announcements_per_peer_max);
    CHECK(tracker.size() == announcements_per_peer_max);

    SECTION("and leave room for those of others") {
        tracker.announce(second, id_number(announcements_per_peer_max), start);
        CHECK(tracker.announcements(second) == 1);
    }
    SECTION("and go with the peer") {
        REQUIRE(tracker.take_requests(start).contains(first));
        tracker.on_peer_gone(first);
        CHECK(tracker.size() == 0);
        CHECK_FALSE(tracker.next_wakeup());
    }
}

TEST_CASE("RequestTracker: a peer that does not have it is passed over at once", "[node]") {
    RequestTracker tracker;
    tracker.announce(first, id_number(1), start);
    tracker.announce(second, id_number(1), start);
    REQUIRE(tracker.take_requests(start).contains(first));

    SECTION("after its not_found") {
        tracker.on_missing(first, id_number(1));
    }
    SECTION("after it has left") {
        tracker.on_peer_gone(first);
    }
    CHECK(tracker.take_requests(start) == Requests{{second, {id_number(1)}}});
    CHECK(tracker.in_flight(first) == 0);
}

TEST_CASE("RequestTracker: what is forgotten is asked of nobody", "[node]") {
    RequestTracker tracker;
    tracker.announce(first, id_number(1), start);
    tracker.announce(second, id_number(1), start);
    tracker.forget(id_number(1));
    tracker.forget(id_number(2));
    CHECK(tracker.take_requests(start + transaction_time_max).empty());
    CHECK(tracker.announcements(first) == 0);
    CHECK(tracker.announcements(second) == 0);
}

}  // namespace cairn::node
