#include "cairn/node/mining.hpp"

#include "tests/unit/node/relay_fixture.hpp"

#include "cairn/node/exponential.hpp"
#include "cairn/node/limits.hpp"

#include <catch2/catch.hpp>

namespace cairn::node {

namespace {

/// Easy work on a chain that is not paced: a miner searches all the time, and the tests say what
/// it finds.
ledger::ChainSpec retargeting_spec() {
    auto spec = test::easy_work_spec();
    spec.engine.retarget = true;
    return spec;
}

struct MiningFixture : test::RelayFixture {
    using test::RelayFixture::RelayFixture;

    Mining mining{[this](Context& now, std::shared_ptr<const chain::CheckedBlock> block) {
        auto change = now.chain.submit(block, now.now.wall);
        if (change) {
            pool.on_chain_change(*change, time);
            changes.push_back(*change);
        }
        return change;
    }};
    std::vector<chain::ChainChange> changes;

    void start(std::size_t threads, bool is_paced = true) {
        config.mining_threads = threads;
        config.paced_mining = is_paced;
        auto now = context();
        mining.start(now);
        collect();
    }

    void order(std::uint64_t count, std::string_view body = "", std::uint64_t command = 1) {
        auto now = context();
        mining.on_command(now, CommandId{command}, {.count = count, .body = to_bytes(body)});
        collect();
    }

    /// Finishes the oldest job with its true result, or with `result`.
    void finish_job(std::optional<JobResult> result = std::nullopt) {
        auto job = std::move(jobs.front());
        jobs.pop_front();
        auto outcome = result ? std::move(*result) : runner.run(std::move(job.work));
        auto now = context();
        REQUIRE(mining.on_job(now, job.id, outcome));
        follow();
    }

    /// Tells the miner of what has changed, as the node does after each input.
    void follow() {
        auto now = context();
        mining.on_chain_change(now, std::exchange(changes, {}));
        collect();
    }

    /// Runs jobs until there is none, at most `count`.
    void run_jobs(std::size_t count) {
        for (std::size_t i = 0; i < count && !jobs.empty(); ++i)
            finish_job();
    }

    /// A block by somebody else becomes the tip.
    void receive_block() {
        auto change = chain().submit(build(chain().tip().hash), time.wall);
        REQUIRE(change.has_value());
        pool.on_chain_change(*change, time);
        changes.push_back(*change);
        follow();
    }

    void wake() {
        auto now = context();
        mining.on_time(now);
        collect();
    }

    const std::vector<MinedBlock>& mined(std::size_t reply = 0) {
        return std::get<MinedBlocks>(replies.at(reply).reply.value()).blocks;
    }

    [[nodiscard]] const miner::SearchRange& searched(std::size_t job = 0) const {
        return std::get<SearchJob>(jobs.at(job).work).range;
    }

    [[nodiscard]] std::uint64_t height() { return chain().tip().height().value; }
};

struct WorkFixture : MiningFixture {
    WorkFixture() : MiningFixture{test::easy_work_spec()} {}
};

struct RetargetingFixture : MiningFixture {
    RetargetingFixture() : MiningFixture{retargeting_spec()} {}
};

/// A search of the whole range that found nothing.
JobResult nothing_found(std::uint64_t tried) {
    return miner::SearchOutcome{.nonce = std::nullopt, .tried = tried};
}

}  // namespace

TEST_CASE_METHOD(WorkFixture, "Mining: a command gets its blocks", "[node][mining]") {
    order(3, R"({"a":1})");
    run_jobs(1000);
    REQUIRE(replies.size() == 1);
    REQUIRE(mined().size() == 3);
    CHECK(height() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& entry = *chain().at(Height{i + 1});
        CHECK(mined()[i].height == Height{i + 1});
        CHECK(mined()[i].hash == entry.hash);
        CHECK(mined()[i].previous == entry.head.header.previous);
    }
    CHECK(balance(9) == 150);
    const auto bytes = chain().read_body(chain().tip().hash).value().value();
    const auto block = ledger::decode_block(chain().id(), bytes).value().block;
    const auto& coinbase = std::get<ledger::Coinbase>(block.transactions.at(0).payload);
    CHECK(coinbase.body == to_bytes(R"({"a":1})"));
    // Nothing was told before it was durable.
    CHECK(trace == "cr");
    CHECK_FALSE(mining.next_wakeup());
    CHECK_FALSE(mining.summary(time.steady).is_mining);
    CHECK(mining.summary(time.steady).blocks_found == 3);
}

TEST_CASE_METHOD(
    MiningFixture, "Mining: an engine without work needs no search", "[node][mining]"
) {
    order(2);
    REQUIRE(jobs.size() == 1);
    CHECK(std::holds_alternative<CheckBlockJob>(jobs[0].work));
    run_jobs(1000);
    CHECK(mined().size() == 2);
    CHECK(height() == 2);
}

TEST_CASE_METHOD(WorkFixture, "Mining: without a name to pay nothing is mined", "[node][mining]") {
    config.coinbase = {};
    order(1);
    REQUIRE(replies.size() == 1);
    REQUIRE_FALSE(replies[0].reply.has_value());
    const auto& error = replies[0].reply.error();
    CHECK(error.code == "rejected");
    CHECK(error.rule == "node.no_coinbase");
    CHECK(error.hint == "Start the node with --coinbase ADDRESS.");
    CHECK_FALSE(error.expected.empty());
    CHECK_FALSE(error.actual.empty());
    CHECK(jobs.empty());
}

TEST_CASE_METHOD(WorkFixture, "Mining: a thousand blocks take few jobs", "[node][mining]") {
    order(1000);
    run_jobs(2000);
    REQUIRE(replies.size() == 1);
    CHECK(mined().size() == 1000);
    CHECK(jobs.empty());
}

TEST_CASE_METHOD(WorkFixture, "Mining: commands are served in order", "[node][mining]") {
    order(2, "", 1);
    order(1, "", 2);
    run_jobs(1000);
    REQUIRE(replies.size() == 2);
    CHECK(replies[0].id == CommandId{1});
    CHECK(mined(1).at(0).height == Height{3});
}

TEST_CASE_METHOD(
    MiningFixture, "Mining: a command that cannot be served is refused", "[node][mining]"
) {
    std::string body;
    std::uint64_t count = 1;
    std::string code = "bad_field";
    SECTION("no blocks") {
        count = 0;
    }
    SECTION("too many blocks") {
        count = mine_blocks_max + 1;
    }
    SECTION("a body that is not canonical") {
        body = R"({ "a":1})";
    }
    SECTION("a body that is too long") {
        body = '"' + std::string(ledger::body_bytes_max, 'a') + '"';
    }
    SECTION("too many waiting") {
        code = "busy";
        for (std::size_t i = 0; i < mine_orders_max; ++i)
            order(1, "", 2 + i);
        REQUIRE(replies.empty());
    }
    order(count, body, 1);
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].id == CommandId{1});
    REQUIRE_FALSE(replies[0].reply.has_value());
    CHECK(replies[0].reply.error().code == code);
}

TEST_CASE_METHOD(
    WorkFixture, "Mining: a clock far behind the chain's makes no blocks", "[node][mining][T1]"
) {
    const auto right = time.wall;
    order(1);
    run_jobs(10);
    REQUIRE(chain().tip().height() == Height{1});
    replies.clear();
    time.wall = UnixMillis{0};
    order(1, "", 2);
    order(1, "", 3);
    CHECK(jobs.empty());
    REQUIRE(replies.size() == 2);
    for (const auto& refused : replies) {
        REQUIRE(!refused.reply.has_value());
        CHECK(refused.reply.error().code == "rejected");
        CHECK(refused.reply.error().rule == "consensus.too_early");
        CHECK(refused.reply.error().expected == "a block's time of at most 10000 ms");
    }
    time.wall = right;
    order(1, "", 4);
    run_jobs(10);
    CHECK(chain().tip().height() == Height{2});
}

TEST_CASE_METHOD(RetargetingFixture, "Mining: a miner waits for its clock", "[node][mining][T1]") {
    const auto right = time.wall;
    time.wall = UnixMillis{0};
    start(1);
    CHECK(jobs.empty());
    REQUIRE(mining.next_wakeup().has_value());
    pass(mining_retry_delay);
    time.wall = right;
    auto now = context();
    mining.on_time(now);
    collect();
    CHECK(jobs.size() == 1);
}

TEST_CASE_METHOD(WorkFixture, "Mining: as many blocks as allowed may be asked for", "[node]") {
    order(mine_blocks_max);
    CHECK(replies.empty());
    CHECK(jobs.size() == 1);
}

TEST_CASE_METHOD(
    RetargetingFixture, "Mining: a new tip is mined on at once", "[node][mining][R5]"
) {
    start(2);
    REQUIRE(jobs.size() == 2);
    const auto old_header = searched().header;
    CHECK(searched(1).first == searched(0).count);
    receive_block();
    // The searches on the new tip do not wait for those on the old one.
    REQUIRE(jobs.size() == 4);
    CHECK(searched(2).header != old_header);
    CHECK(searched(2).first == 0);

    SECTION("and what the old searches find does not count") {
        finish_job(miner::SearchOutcome{.nonce = 5, .tried = 6});
        CHECK(height() == 1);
        for (const auto& job : jobs)
            CHECK(std::holds_alternative<SearchJob>(job.work));
    }
    SECTION("and many tips start no more than twice the jobs") {
        for (int i = 0; i < 20; ++i)
            receive_block();
        REQUIRE(jobs.size() == 4);
        finish_job();
        // The first worker that is free goes to the newest tip.
        REQUIRE(jobs.size() == 4);
        auto newest = searched(3).header;
        const auto& tip = chain().tip().hash.bytes;
        CHECK(std::equal(tip.begin(), tip.end(), newest.begin() + 32));
    }
}

TEST_CASE_METHOD(
    RetargetingFixture, "Mining: how long workers stayed on an old tip is told", "[node][mining]"
) {
    start(2);
    const auto old_jobs = jobs.size();
    receive_block();
    for (std::size_t i = 0; i < old_jobs; ++i) {
        CHECK(logged("search restarted").empty());
        pass(milliseconds{7});
        finish_job(nothing_found(1));
    }
    const auto lines = logged("search restarted");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].fields.at(1).second == "14000");
}

TEST_CASE_METHOD(WorkFixture, "Mining: a found block on an old tip is let go", "[node][R5]") {
    order(1);
    finish_job();
    REQUIRE(jobs.size() == 1);
    REQUIRE(std::holds_alternative<CheckBlockJob>(jobs[0].work));
    receive_block();
    run_jobs(1000);
    CHECK(height() == 2);
    CHECK(mined().at(0).height == Height{2});
}

TEST_CASE_METHOD(RetargetingFixture, "Mining: a search fits its time", "[node][mining]") {
    start(1);
    const auto initial = searched().count;
    SECTION("when it was quick") {
        pass(search_time / 4);
        finish_job(nothing_found(initial));
        CHECK(searched().count == 2 * initial);
    }
    SECTION("when it was slow") {
        pass(search_time * 4);
        finish_job(nothing_found(initial));
        CHECK(searched().count == initial / 2);
    }
    SECTION("within bounds") {
        for (int i = 0; i < 20; ++i) {
            pass(seconds{1});
            finish_job(nothing_found(searched().count));
        }
        CHECK(searched().count == search_nonces_min);
    }
    SECTION("and never repeats a nonce") {
        finish_job(nothing_found(initial));
        CHECK(searched().first == initial);
    }
}

TEST_CASE_METHOD(RetargetingFixture, "Mining: the hash rate covers ten seconds", "[node][mining]") {
    start(1);
    CHECK(mining.summary(time.steady).is_mining);
    CHECK(mining.summary(time.steady).hashrate == 0);
    for (int i = 0; i < 30; ++i) {
        finish_job(nothing_found(1000));
        pass(seconds{1});
    }
    CHECK(mining.summary(time.steady + Duration{-1}).hashrate == 1000);
    CHECK(mining.summary(time.steady + seconds{20}).hashrate == 0);
}

TEST_CASE_METHOD(
    RetargetingFixture, "Mining: a template takes up new transactions", "[node][mining]"
) {
    start(1);
    const auto header = searched().header;
    auto checked = execution::TransactionChecker{chain().id(), spec, 1}.check(
        test::make_transfer(chain().id(), {})
    );
    const auto pointer = std::make_shared<const execution::CheckedTransaction>(std::move(*checked));
    REQUIRE(pool.add(pointer, time).has_value());
    finish_job(nothing_found(searched().count));
    CHECK(searched().header == header);
    pass(template_refresh_interval);
    finish_job(nothing_found(searched().count));
    CHECK(searched().header != header);
    const auto with_transaction = searched().header;
    pass(template_refresh_interval);
    finish_job(nothing_found(searched().count));
    CHECK(searched().header == with_transaction);
    pass(template_age_max);
    finish_job(nothing_found(searched().count));
    CHECK(searched().header != with_transaction);
}

TEST_CASE_METHOD(WorkFixture, "Mining: a block holds what the pool has", "[node][mining]") {
    auto checked = execution::TransactionChecker{chain().id(), spec, 1}.check(
        test::make_transfer(chain().id(), {})
    );
    const auto pointer = std::make_shared<const execution::CheckedTransaction>(std::move(*checked));
    REQUIRE(pool.add(pointer, time).has_value());
    order(1);
    finish_job();
    const auto& job = std::get<CheckBlockJob>(jobs.at(0).work);
    REQUIRE(job.known.size() == 1);
    CHECK(job.known[0].id == pointer->id());
    run_jobs(1000);
    CHECK(pool.size() == 0);
    CHECK(balance(9) == 51);
}

TEST_CASE_METHOD(
    RetargetingFixture, "Mining: the node's own mining rests while it syncs", "[node]"
) {
    start(1);
    auto now = context();
    mining.set_syncing(now, true);
    finish_job(nothing_found(10));
    CHECK(jobs.empty());
    SECTION("but commands are served") {
        order(1);
        CHECK(jobs.size() == 1);
    }
    SECTION("and goes on afterwards") {
        mining.set_syncing(now, false);
        collect();
        CHECK(jobs.size() == 1);
    }
}

TEST_CASE_METHOD(WorkFixture, "Mining: easy chains are mined at a pace", "[node][mining]") {
    start(1);
    CHECK(jobs.empty());
    const auto begun = time.steady;
    for (int i = 0; i < 400; ++i) {
        REQUIRE(mining.next_wakeup());
        REQUIRE(*mining.next_wakeup() >= time.steady);
        pass(*mining.next_wakeup() - time.steady);
        wake();
        run_jobs(1000);
    }
    CHECK(height() == 400);
    // The standard deviation of the sum of 400 gaps of a second is 20 s.
    CHECK(time.steady - begun > seconds{320});
    CHECK(time.steady - begun < seconds{480});
}

TEST_CASE_METHOD(WorkFixture, "Mining: a command does not wait for the pace", "[node][mining]") {
    start(1);
    order(5);
    run_jobs(1000);
    CHECK(mined().size() == 5);
    CHECK(mining.next_wakeup());
}

TEST_CASE("log2_fixed: agrees with known logarithms", "[node][mining]") {
    CHECK(log2_fixed(1) == 0);
    CHECK(log2_fixed(2) == 1U << 16U);
    CHECK(log2_fixed(3) == 103'872);  // 1.58496 * 65536
    CHECK(log2_fixed(1U << 31U) == 31U << 16U);
    CHECK(log2_fixed(0xffff'ffff) == (32U << 16U) - 1);
}

TEST_CASE("exponential_gap: has the mean and the tail of its distribution", "[node][mining]") {
    Random random{42};
    constexpr std::uint64_t draws = 100'000;
    std::uint64_t sum = 0;
    std::uint64_t beyond_mean = 0;
    for (std::uint64_t i = 0; i < draws; ++i) {
        const auto gap = exponential_gap(random, seconds{1});
        REQUIRE(gap.count() >= 0);
        sum += static_cast<std::uint64_t>(gap.count());
        beyond_mean += gap > seconds{1} ? 1U : 0U;
    }
    CHECK(sum / draws > 990'000);
    CHECK(sum / draws < 1'010'000);
    // 1/e of all.
    CHECK(beyond_mean > 36'000);
    CHECK(beyond_mean < 37'600);
}

}  // namespace cairn::node
