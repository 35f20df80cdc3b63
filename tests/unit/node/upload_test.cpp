// Token buckets, the upload budget, and what the block server makes of it.
#include "tests/unit/node/relay_fixture.hpp"
#include "tests/unit/node/sync_network.hpp"

#include "cairn/node/block_server.hpp"
#include "cairn/node/limits.hpp"

#include <catch2/catch.hpp>

namespace cairn::node {

namespace {

using Served = std::map<std::uint64_t, std::size_t>;

Instant at(Duration time) {
    return Instant{} + time;
}

/// How long the default rate takes for so many bytes, in whole microseconds and not less.
Duration microseconds_for(std::uint64_t bytes) {
    constexpr std::uint64_t second = 1'000'000;
    const auto rate = upload_bytes_per_second_max;
    return Duration{static_cast<Duration::rep>((bytes * second + rate - 1) / rate)};
}

/// A server over a chain with old blocks, whose budget is counted in blocks.
struct ServerFixture : cairn::test::RelayFixture {
    ServerFixture() {
        extend(chain().tip().hash, upload_history_depth + 10);
        block_bytes = chain().read_body(chain().at(Height{1})->hash).value()->size();
        // The share of history is one block a second, and a burst of three.
        outbox = Outbox{2 * block_bytes};
    }

    void ask(std::uint64_t link, std::uint64_t height) {
        auto now = context();
        const auto& peer = peers.at(LinkId{link});
        server.on_get_block(now, peer, {.hash = chain().at(Height{height})->hash}, 0);
    }

    /// Serves, and counts the blocks that each link got.
    Served serve() {
        auto now = context();
        outbox.upload().refill(time.steady);
        server.serve(now);
        Served blocks;
        for (const auto& output : outbox.take_outputs()) {
            const auto& sending = std::get<SendBytes>(output);
            blocks[sending.link.value] += test::decode_frames(*sending.bytes).size();
            outbox.set_queued_bytes(sending.link, 0);
        }
        return blocks;
    }

    void wait_for_room() { time.steady = server.next_wakeup().value(); }

    BlockServer server;
    std::uint64_t block_bytes = 0;
};

}  // namespace

TEST_CASE("TokenBucket: gains at its rate and holds no more than its burst", "[node]") {
    TokenBucket bucket{{.per_second = 10, .burst = 5}};
    CHECK(bucket.has_tokens());
    bucket.take(5);
    CHECK_FALSE(bucket.has_tokens());
    CHECK(bucket.ready_at(1) == at(milliseconds{100}));
    // No part is lost between two looks.
    for (int i = 1; i <= 300; ++i)
        bucket.refill(at(milliseconds{i}));
    bucket.take(3);
    CHECK_FALSE(bucket.has_tokens());
    bucket.refill(at(std::chrono::hours{24 * 365 * 1000}));
    bucket.take(4);
    CHECK(bucket.has_tokens());
    bucket.take(1);
    CHECK_FALSE(bucket.has_tokens());
}

TEST_CASE("TokenBucket: a debt is paid before the next token", "[node]") {
    TokenBucket bucket{{.per_second = 10, .burst = 5}};
    bucket.take(25);
    CHECK(bucket.ready_at(1) == at(milliseconds{2'100}));
    // More than a full bucket is not to be had.
    CHECK(bucket.ready_at(50) == at(milliseconds{2'500}));
    bucket.refill(at(seconds{2}));
    CHECK_FALSE(bucket.has_tokens());
    // A time that goes back changes nothing.
    bucket.refill(at(seconds{1}));
    CHECK(bucket.ready_at(1) == at(milliseconds{2'100}));
    bucket.refill(at(milliseconds{2'100}));
    CHECK(bucket.has_tokens());
}

TEST_CASE("UploadBudget: three seconds' worth may leave at once, half of it old", "[node][X4]") {
    UploadBudget budget{upload_bytes_per_second_max};
    constexpr auto burst = upload_bytes_per_second_max * upload_burst_seconds;
    SECTION("in all") {
        budget.spend(burst - 1);
        CHECK(budget.has_room());
        budget.spend(1);
        CHECK_FALSE(budget.has_room());
        CHECK_FALSE(budget.has_history_room());
        CHECK(budget.room_at() == at(microseconds_for(upload_portion_bytes)));
    }
    SECTION("of old blocks") {
        budget.spend_history(burst / 2 - 1);
        CHECK(budget.has_history_room());
        budget.spend_history(1);
        CHECK_FALSE(budget.has_history_room());
        CHECK(budget.has_room());
        CHECK(budget.history_room_at() == at(2 * microseconds_for(upload_portion_bytes)));
    }
    SECTION("without bound") {
        UploadBudget unbounded{0};
        unbounded.spend(std::uint64_t{1} << 40U);
        unbounded.spend_history(std::uint64_t{1} << 40U);
        unbounded.refill(at(seconds{1}));
        CHECK(unbounded.has_room());
        CHECK(unbounded.has_history_room());
    }
}

TEST_CASE("Outbox: what goes to other machines is counted, and all that waits", "[node]") {
    Outbox outbox{100};
    outbox.meter(LinkId{1});
    const auto bytes = std::make_shared<const Bytes>(200);
    outbox.send_raw(LinkId{2}, bytes);
    outbox.send_raw(LinkId{1}, bytes);
    CHECK(outbox.upload().has_room());
    CHECK(outbox.queued_bytes() == 400);
    outbox.send_raw(LinkId{1}, std::make_shared<const Bytes>(100));
    CHECK_FALSE(outbox.upload().has_room());
    outbox.set_queued_bytes(LinkId{1}, 50);
    CHECK(outbox.queued_bytes() == 250);
    outbox.forget(LinkId{2});
    outbox.forget(LinkId{2});
    CHECK(outbox.queued_bytes() == 50);
    CHECK(outbox.queued_bytes(LinkId{1}) == 50);
}

TEST_CASE_METHOD(
    ServerFixture, "BlockServer: old blocks have a share, new ones pass them", "[node][X4]"
) {
    add_peer(1, Direction::inbound);
    add_peer(2, Direction::inbound);
    const auto tip = chain().tip().height().value;
    // The same old block over and over, up to the burst of its share.
    for (int i = 0; i < 10; ++i)
        ask(1, tip - upload_history_depth);
    ask(2, tip - upload_history_depth + 1);
    CHECK(serve() == Served{{1, 3}, {2, 1}});
    REQUIRE(server.next_wakeup().has_value());
    CHECK(*server.next_wakeup() > time.steady);
    pass(milliseconds{1});
    ask(2, tip);
    CHECK(serve()[2] == 1);
    wait_for_room();
    CHECK(serve()[1] > 0);
}

TEST_CASE_METHOD(ServerFixture, "BlockServer: who waits for old blocks has its turn", "[node]") {
    for (std::uint64_t link = 1; link <= 3; ++link) {
        add_peer(link, Direction::inbound);
        for (int i = 0; i < 6; ++i)
            ask(link, 1);
    }
    CHECK(serve() == Served{{1, 3}});
    wait_for_room();
    CHECK(serve() == Served{{2, 3}});
    wait_for_room();
    CHECK(serve() == Served{{3, 3}});
    wait_for_room();
    CHECK(serve() == Served{{1, 3}});
}

TEST_CASE_METHOD(ServerFixture, "BlockServer: loopback has no budget", "[node]") {
    add_peer(1, Direction::inbound);
    peers.at(LinkId{1}).is_loopback = true;
    for (int i = 0; i < 100; ++i)
        ask(1, 1);
    CHECK(serve() == Served{{1, 100}});
    CHECK_FALSE(server.next_wakeup());
}

}  // namespace cairn::node
