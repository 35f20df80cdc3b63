#include "tests/unit/node/transaction_relay_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <vector>

namespace cairn::node {

namespace {

using Delayed = AnnouncementDelays::Delayed;
using Group = AnnouncementDelays::Group;

constexpr Group inbound_group = std::nullopt;
constexpr Instant delays_start{seconds{100}};

/// Of sender number `number`.
Delayed delayed(std::uint64_t number) {
    Delayed made;
    made.waiting.account.second = Nonce{number};
    return made;
}

/// The mean gap, in milliseconds, of `count` times of `group`.
std::int64_t mean_gap_ms(const Group& group, int count) {
    AnnouncementDelays delays;
    Random random{5};
    delays.join(group);
    Duration sum{};
    for (int i = 0; i < count; ++i) {
        delays.schedule(group, delays_start, random);
        sum += *delays.next_wakeup() - delays_start;
        delays.take(group);
    }
    return sum.count() / 1000 / count;
}

/// A relay whose announcements wait for random times.
struct DelayedFixture : TransactionRelayFixture {
    DelayedFixture() { relay = TransactionRelay{7, {}, AnnounceTiming::delayed}; }

    void wait_for_next() {
        pass(std::max(*relay.next_wakeup() - time.steady, Duration{}));
        wake();
    }

    /// When each of `links` heard of something, and of what.
    std::map<std::uint64_t, std::pair<Instant, Ids>> hear(const std::vector<std::uint64_t>& links) {
        std::map<std::uint64_t, std::pair<Instant, Ids>> heard;
        while (heard.size() < links.size()) {
            wait_for_next();
            for (const auto link : links)
                if (const auto ids = told(link); !ids.empty())
                    heard.emplace(link, std::pair{time.steady, ids});
        }
        return heard;
    }
};

}  // namespace

TEST_CASE("AnnouncementDelays: gaps have the means of Bitcoin Core", "[node][relay]") {
    constexpr int count = 10'000;
    const auto outbound = mean_gap_ms(LinkId{1}, count);
    CHECK(outbound > 1'940);
    CHECK(outbound < 2'060);
    const auto inbound = mean_gap_ms(inbound_group, count);
    CHECK(inbound > 4'850);
    CHECK(inbound < 5'150);
}

TEST_CASE("AnnouncementDelays: each group gets what came since its time", "[node][relay]") {
    AnnouncementDelays delays;
    Random random{5};
    delays.add({delayed(0)}, delays_start, random);
    CHECK(delays.size() == 0);
    CHECK_FALSE(delays.next_wakeup());
    delays.join(inbound_group);
    delays.join(LinkId{1});
    delays.add({delayed(1)}, delays_start, random);
    delays.join(LinkId{2});
    const auto far = delays_start + std::chrono::hours{1};
    CHECK(delays.due(delays_start).empty());
    CHECK(delays.due(far) == std::vector<Group>{inbound_group, LinkId{1}});
    CHECK(delays.take(LinkId{1}) == std::vector{delayed(1)});
    CHECK(delays.due(far) == std::vector<Group>{inbound_group});
    delays.add({delayed(2)}, delays_start, random);
    CHECK(delays.take(LinkId{1}) == std::vector{delayed(2)});
    CHECK(delays.take(LinkId{2}) == std::vector{delayed(2)});
    CHECK(delays.size() == 2);
    CHECK(delays.take(inbound_group) == std::vector{delayed(1), delayed(2)});
    CHECK(delays.size() == 0);
    CHECK_FALSE(delays.next_wakeup());
    // Nothing is kept for who has gone.
    delays.add({delayed(3)}, delays_start, random);
    delays.take(inbound_group);
    delays.take(LinkId{1});
    CHECK(delays.size() == 1);
    delays.leave(LinkId{2});
    CHECK(delays.size() == 0);
}

TEST_CASE("AnnouncementDelays: a full list is everybody's time", "[node][relay][G7]") {
    AnnouncementDelays delays;
    Random random{5};
    delays.join(inbound_group);
    delays.join(LinkId{1});
    delays.add(std::vector<Delayed>(announcements_delayed_max - 1), delays_start, random);
    CHECK(delays.room() == 1);
    CHECK(delays.due(delays_start).empty());
    delays.add({delayed(0)}, delays_start, random);
    CHECK(delays.room() == 0);
    CHECK(delays.due(delays_start) == std::vector<Group>{inbound_group, LinkId{1}});
    CHECK(delays.take(inbound_group).size() == announcements_delayed_max);
    CHECK(delays.take(LinkId{1}).size() == announcements_delayed_max);
    CHECK(delays.room() == announcements_delayed_max);
}

TEST_CASE_METHOD(
    DelayedFixture, "TransactionRelay: inbound peers hear at one random time", "[node][relay]"
) {
    join(1);
    join(2);
    join(3, Direction::inbound);
    join(4, Direction::inbound);
    const auto start = time.steady;
    const auto tx = transfer();
    push(tx);
    const auto heard = hear({1, 2, 3, 4});
    for (const auto& [link, event] : heard) {
        CHECK(event.first > start);
        CHECK(event.second == Ids{relay_id(tx)});
    }
    CHECK(heard.at(3).first == heard.at(4).first);
    CHECK(heard.at(1).first != heard.at(2).first);
    CHECK(heard.at(1).first != heard.at(3).first);
    CHECK(*relay.next_wakeup() >= start + std::chrono::minutes{1});
}

TEST_CASE_METHOD(
    DelayedFixture, "TransactionRelay: order tells nothing of arrival", "[node][relay]"
) {
    join(1);
    const auto cheap = transfer({.from = 0, .fee = 1});
    const auto dear = transfer({.from = 1, .fee = 1'000});
    push(cheap);
    push(dear);
    pass(announce_interval);
    wake();
    REQUIRE(told(1).empty());
    CHECK(hear({1}).at(1).second == Ids{relay_id(dear), relay_id(cheap)});
}

TEST_CASE_METHOD(
    DelayedFixture, "TransactionRelay: newcomers hear at random times, too", "[node][relay]"
) {
    const auto tx = transfer();
    push(tx);
    pass(announce_interval);
    wake();
    join(1);
    CHECK(told(1).empty());
    CHECK(hear({1}).at(1).second == Ids{relay_id(tx)});
}

TEST_CASE_METHOD(
    DelayedFixture, "TransactionRelay: what leaves while delayed is not told", "[node][relay]"
) {
    join(1);
    const auto mined = transfer({.from = 0});
    const auto stays = transfer({.from = 1});
    push(mined);
    push(stays);
    mine({mined});
    CHECK(hear({1}).at(1).second == Ids{relay_id(stays)});
}

TEST_CASE_METHOD(
    DelayedFixture, "TransactionRelay: repeats are delayed and told to all", "[node][relay]"
) {
    join(1);
    join(2, Direction::inbound);
    const auto tx = transfer();
    push(tx);
    REQUIRE(hear({1, 2}).size() == 2);
    pass(repeat_time_max);
    wake();
    CHECK(told(1).empty());
    CHECK(told(2).empty());
    for (const auto& [link, event] : hear({1, 2}))
        CHECK(event.second == Ids{relay_id(tx)});
}

TEST_CASE_METHOD(
    TransactionRelayFixture, "TransactionRelay: usually nothing is delayed", "[node][relay]"
) {
    join(1);
    join(2, Direction::inbound);
    join(3);
    const auto tx = transfer();
    announce(3, tx);
    give(3, tx);
    run_jobs();
    CHECK(told(1) == Ids{relay_id(tx)});
    CHECK(told(2) == Ids{relay_id(tx)});
    CHECK(random.next() == Random{11}.next());
}

}  // namespace cairn::node
