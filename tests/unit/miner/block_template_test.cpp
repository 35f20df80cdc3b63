#include "cairn/miner/block_template.hpp"

#include "tests/support/pool_fixture.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

using miner::make_template;

namespace {

const std::string document = R"({"note":"hello"})";

miner::TemplateOptions options_of(std::uint64_t account, std::string_view body = {}) {
    return {.coinbase = account_number(account), .body = to_bytes(body)};
}

std::uint64_t reward_of(const ledger::Block& block) {
    return std::get<ledger::Coinbase>(block.transactions.front().payload).amount.value;
}

/// A spec whose blocks hold about a dozen transfers.
ledger::ChainSpec small_spec() {
    auto spec = instant_spec();
    spec.limits = {.block_bytes = 4'096, .transaction_bytes = 2'500};
    return spec;
}

/// Adds a signed transfer, so that the blocks made of it pass the whole validator.
bool add_signed(PoolFixture& fixture, const TransferOptions& options, std::string memo = {}) {
    ledger::Transaction transaction;
    transaction.nonce = Nonce{options.nonce};
    transaction.fee = Amount{options.fee};
    transaction.payload =
        ledger::Transfer{account_number(options.to), Amount{options.amount}, std::move(memo)};
    ledger::sign_transaction(key_number(options.from), fixture.chain().id(), transaction);
    const auto id = ledger::transaction_id(fixture.chain().id(), transaction);
    auto checked = execution::CheckedTransaction::from_checked_block(std::move(transaction), id);
    return fixture.pool
        .add(std::make_shared<const execution::CheckedTransaction>(std::move(checked)), after({}))
        .has_value();
}

}  // namespace

TEST_CASE("Template: an empty pool gives a block of a coinbase", "[miner]") {
    PoolFixture fixture;
    const auto block =
        make_template(fixture.chain(), fixture.pool, options_of(7, document), fixture.now());
    CHECK(block.transactions.size() == 1);
    CHECK(reward_of(block) == 50);
    CHECK(block.head.header.time == fixture.now());
    fixture.connect(fixture.seal(block));
    CHECK(fixture.chain().tip().height() == Height{1});
    CHECK(fixture.balance(7) == 50);
}

TEST_CASE("Template: the best transactions are taken and their fees paid out", "[miner]") {
    PoolFixture fixture;
    REQUIRE(add_signed(fixture, {.from = 0, .to = 1, .fee = 3, .nonce = 0}));
    REQUIRE(add_signed(fixture, {.from = 0, .to = 1, .fee = 9, .nonce = 1}));
    REQUIRE(add_signed(fixture, {.from = 1, .to = 2, .fee = 5, .nonce = 0}));
    const auto block = make_template(fixture.chain(), fixture.pool, options_of(7), fixture.now());
    REQUIRE(block.transactions.size() == 4);
    CHECK(reward_of(block) == 67);
    CHECK(block.transactions[1].fee == Amount{5});
    fixture.connect(fixture.seal(block));
    CHECK(fixture.pool.size() == 0);
    CHECK(fixture.dropped.empty());
    CHECK(fixture.balance(7) == 67);
}

TEST_CASE("Template: the time is later than the median when our clock is behind", "[miner]") {
    PoolFixture fixture;
    fixture.extend(fixture.chain().tip().hash, 12);
    const auto median = fixture.chain().median_time_past(fixture.chain().tip());
    const auto block = make_template(fixture.chain(), fixture.pool, options_of(7), UnixMillis{5});
    CHECK(block.head.header.time == UnixMillis{median.value + 1});
    fixture.connect(fixture.seal(block));
    CHECK(fixture.chain().tip().height() == Height{13});
}

TEST_CASE("Template: what fails on the tip is left out with what follows it", "[miner]") {
    PoolFixture fixture;
    REQUIRE(add_signed(fixture, {.from = 0, .nonce = 0}));
    REQUIRE(add_signed(fixture, {.from = 0, .nonce = 1}));
    REQUIRE(add_signed(fixture, {.from = 1, .nonce = 0}));
    // The pool is not told of a block that uses account 0's first nonce and most of its balance.
    const auto tip = fixture.chain().tip().hash;
    const auto unseen = fixture.block_of(tip, {{.from = 0, .amount = 999'999, .nonce = 0}});
    REQUIRE(fixture.chain().submit(unseen, fixture.now()).has_value());
    const auto block = make_template(fixture.chain(), fixture.pool, options_of(7), fixture.now());
    REQUIRE(block.transactions.size() == 2);
    CHECK(block.transactions[1].from == account_number(1));
    fixture.connect(fixture.seal(block));
    CHECK(fixture.chain().tip().height() == Height{2});
}

TEST_CASE("Template: proof of work carries the target that the rule gives", "[miner]") {
    PoolFixture fixture{{}, easy_work_spec()};
    for (std::uint64_t nonce = 0; nonce < 5; ++nonce) {
        REQUIRE(add_signed(fixture, {.nonce = nonce}));
        const auto now = UnixMillis{fixture.chain().tip().head.header.time.value + 700};
        const auto block = make_template(fixture.chain(), fixture.pool, options_of(7), now);
        CHECK(block.head.header.target == fixture.engine->next_target(fixture.chain().tip().point));
        CHECK(block.head.seal.empty());
        fixture.connect(fixture.seal(block));
        CHECK(fixture.pool.size() == 0);
    }
    CHECK(fixture.chain().tip().height() == Height{5});
}

TEST_CASE("Template: a coinbase's body is a document of bounded length", "[miner]") {
    const auto spec = instant_spec();
    const auto text = [](std::size_t bytes) {
        return to_bytes("\"" + std::string(bytes - 2, 'x') + "\"");
    };
    CHECK(miner::is_body_allowed(spec, {}));
    CHECK(miner::is_body_allowed(spec, as_bytes(document)));
    CHECK_FALSE(miner::is_body_allowed(spec, as_bytes("{ }")));
    CHECK(miner::is_body_allowed(spec, text(ledger::body_bytes_max)));
    CHECK_FALSE(miner::is_body_allowed(spec, text(ledger::body_bytes_max + 1)));
    // kind, height, account, amount and the body's length: 1 + 8 + 32 + 8 + 2 bytes.
    CHECK(miner::is_body_allowed(small_spec(), text(2'449)));
    CHECK_FALSE(miner::is_body_allowed(small_spec(), text(2'450)));
}

namespace {

/// Templates from `pools` random pools, each a block that is checked whole and connected.
void mine_random_pools(std::uint64_t pools) {
    PoolFixture fixture{{.pending_per_sender_max = 8}, small_spec()};
    Random random{20'261'121};
    std::size_t largest = 0;
    for (std::uint64_t round = 0; round < pools; ++round) {
        for (int i = 0; i < 40; ++i) {
            const auto from = random.below(10);
            const auto next = fixture.pool.projected(account_number(from)).nonce.value;
            add_signed(
                fixture,
                {.from = from,
                 .to = random.below(10),
                 .amount = random.below(random.chance(1, 4) ? 1'000'000 : 1'000),
                 .fee = random.below(1'000),
                 .nonce = next + random.below(3) - std::min<std::uint64_t>(next, 1)},
                std::string(random.below(257), 'm')
            );
        }
        const auto body = random.chance(1, 2) ? std::string_view{document} : std::string_view{};
        const auto block = make_template(
            fixture.chain(), fixture.pool, options_of(random.below(10), body), fixture.now()
        );
        largest = std::max(largest, codec::encode(block).size());
        // `seal` runs the whole check of a block, `connect` executes it.
        fixture.connect(fixture.seal(block));
        REQUIRE(fixture.chain().tip().height().value == round + 1);
    }
    CHECK(largest > 3'500);
    CHECK(largest <= 4'096);
}

}  // namespace

// Scaled: 250 pools instead of 10,000. The block's limit is 4 KiB, so that nearly every pool holds
// more than fits; transactions have no gas yet.
TEST_CASE("Template: random pools give blocks that the validator takes", "[miner][M9]") {
    mine_random_pools(250);
}

TEST_CASE("Template: so do ten thousand of them", "[.][nightly][M9]") {
    mine_random_pools(10'000);
}

}  // namespace cairn::test
