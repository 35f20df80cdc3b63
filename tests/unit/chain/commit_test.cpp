#include "tests/support/index_twin.hpp"

namespace cairn::test {

using chain::StoreError;

namespace {

/// A chain that is committed by another, who takes his time.
struct SlowCommits {
    void begin() {
        auto begun = fixture.chain().begin_commit();
        REQUIRE(begun.has_value());
        started = std::move(*begun);
        begun_with = fixture.chain().tip().hash;
    }

    void write() {
        REQUIRE(started->write());
        is_written = true;
        kept = begun_with;
    }

    void end() {
        REQUIRE(fixture.chain().end_commit({}));
        started.reset();
        is_written = false;
    }

    /// The next step of a commit, whichever that is.
    void step() {
        if (!started)
            begin();
        else if (!is_written)
            write();
        else
            end();
    }

    void crash() {
        started.reset();
        is_written = false;
        fixture.reopen();
        CHECK(fixture.chain().tip().hash == kept);
    }

    ChainFixture fixture{};
    std::optional<chain::StartedCommit> started{};
    bool is_written = false;
    /// The tip when it began, and when the last one began that the store has.
    BlockHash begun_with{};
    BlockHash kept = fixture.chain().tip().hash;
};

void check_bodies(chain::Blockchain& chain) {
    for (Height height{0}; chain.at(height) != nullptr; height = height.next()) {
        const auto body = chain.read_body(chain.at(height)->hash).value().value();
        const auto block = ledger::decode_block(chain.id(), body).value().block;
        REQUIRE(ledger::block_hash(block.head) == chain.at(height)->hash);
        for (std::uint32_t i = 0; i < block.transactions.size(); ++i)
            REQUIRE(
                chain.find_transaction(ledger::transaction_id(chain.id(), block.transactions[i]))
                    .value() == chain::TransactionPlace{.height = height, .index = i}
            );
    }
}

}  // namespace

TEST_CASE("Commit: while one is written, answers are the same all the while", "[chain][R1][D1]") {
    std::size_t reorganisations = 0;
    std::size_t crashes = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Random random{seed};
        SlowCommits commits;
        auto& fixture = commits.fixture;
        for (int step = 0; step < 60; ++step) {
            const auto block = random_block(fixture, random);
            const auto change = fixture.chain().submit(block, fixture.now());
            REQUIRE(change.has_value());
            reorganisations += change->is_reorganisation() ? 1 : 0;
            if (random.chance(1, 2))
                commits.step();
            if (step % 6 == 0) {
                check_index(fixture.chain(), random);
                check_bodies(fixture.chain());
            }
            if (random.chance(1, 20)) {
                commits.crash();
                ++crashes;
            }
            if (random.chance(1, 20) && !commits.started) {
                REQUIRE(fixture.chain().flush());
                commits.kept = fixture.chain().tip().hash;
            }
        }
        const auto root = fixture.replay(fixture.chain().tip().hash).root();
        CHECK(fixture.chain().root_after({}) == root);
    }
    CHECK(reorganisations > 50);
    CHECK(crashes > 20);
}

TEST_CASE("Commit: a transaction of a block that is taken off meanwhile has no place", "[chain]") {
    SlowCommits commits;
    auto& chain = commits.fixture.chain();
    const auto genesis = chain.tip().hash;
    const auto transfer = make_transfer(chain.id(), {});
    const auto block = commits.fixture.build(genesis, {.transactions = {transfer}});
    REQUIRE(chain.submit(block, commits.fixture.now()));
    commits.begin();
    commits.fixture.extend(genesis, 2);
    const auto check = [&] {
        CHECK(chain.find_transaction(block->ids()[1]).value() == std::nullopt);
        CHECK(chain.find_places(account_number(1), {.from = {}, .count = 10}).value().size() == 1);
    };
    check();
    commits.write();
    check();
    commits.end();
    check();
    REQUIRE(chain.commit());
    check();
}

TEST_CASE("Commit: what comes while one is written waits for the next", "[chain]") {
    SlowCommits commits;
    auto& chain = commits.fixture.chain();
    CHECK(chain.begin_commit().value().has_value() == false);
    const auto first = commits.fixture.extend(chain.tip().hash, 3);
    commits.begin();
    CHECK(chain.uncommitted_bytes() == 0);
    const auto second = commits.fixture.extend(first, 2);
    CHECK(chain.uncommitted_bytes() > 0);
    commits.write();
    commits.end();
    CHECK(commits.fixture.store.active.size() == 4);
    REQUIRE(chain.commit());
    CHECK(commits.fixture.store.active.size() == 6);
    commits.fixture.reopen();
    CHECK(commits.fixture.chain().tip().hash == second);
}

TEST_CASE("Commit: after one that failed there is none", "[chain][D4]") {
    SlowCommits commits;
    auto& chain = commits.fixture.chain();
    const auto tip = commits.fixture.extend(chain.tip().hash, 3);
    commits.begin();
    commits.fixture.store.fail_next_commit = true;
    const auto written = commits.started->write();
    REQUIRE_FALSE(written.has_value());
    CHECK(chain.end_commit(written).error() == StoreError::full);
    commits.fixture.store.fail_next_commit = false;
    CHECK(chain.commit().error() == StoreError::full);
    CHECK(chain.flush().error() == StoreError::full);
    CHECK(chain.begin_commit().error() == StoreError::full);
    CHECK(chain.tip().hash == tip);
    check_bodies(chain);
    CHECK(commits.fixture.store.active.size() == 1);
}

}  // namespace cairn::test
