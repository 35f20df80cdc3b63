#include "tests/support/pool_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace cairn::test {

namespace {

const std::vector<TransferOptions> first_three{{.nonce = 0}, {.nonce = 1}, {.nonce = 2}};

}  // namespace

TEST_CASE("Mempool: mined transactions leave without a word", "[mempool]") {
    PoolFixture fixture;
    for (std::uint64_t nonce = 0; nonce < 4; ++nonce)
        fixture.add({.nonce = nonce});
    fixture.add({.nonce = 5});
    fixture.connect(fixture.block_of(fixture.chain().tip().hash, first_three));
    CHECK(fixture.dropped.empty());
    CHECK(fixture.selection() == "0.3:1");
    CHECK(fixture.pool.size() == 2);
}

TEST_CASE("Mempool: transfers of nothing come and go", "[mempool]") {
    PoolFixture fixture;
    for (std::uint64_t nonce = 0; nonce < 4; ++nonce)
        CHECK(fixture.add({.to = 5, .amount = nonce == 1 ? 7U : 0U, .nonce = nonce}) == "pending");
    CHECK(fixture.pool.projected(account_number(5)).balance.value == 7);
    fixture.connect(fixture.block_of(
        fixture.chain().tip().hash, {{.to = 5, .amount = 0, .nonce = 0}, {.to = 5, .nonce = 1}}
    ));
    CHECK(fixture.selection() == "0.2:1 0.3:1");
    CHECK(reasons(fixture.pool.expire(after(std::chrono::hours{72}))) == "expired expired");
    CHECK(fixture.pool.size() == 0);
}

TEST_CASE("Mempool: what a mined one excludes is dropped", "[mempool][M5]") {
    PoolFixture fixture;
    const auto loser = fixture.make({.to = 2, .nonce = 0});
    fixture.add(loser);
    fixture.add({.nonce = 1});
    fixture.connect(fixture.block_of(fixture.chain().tip().hash, {{.to = 1, .nonce = 0}}));
    REQUIRE(reasons(fixture.dropped) == "nonce_used");
    CHECK(fixture.dropped[0].id == loser->id());
    CHECK(fixture.selection() == "0.1:1");
}

TEST_CASE("Mempool: what a block makes unpayable is dropped", "[mempool]") {
    PoolFixture fixture;
    fixture.add({.amount = 100, .nonce = 1});
    fixture.add({.amount = 400'000, .nonce = 2});
    fixture.add({.amount = 100, .nonce = 3});
    fixture.connect(fixture.block_of(fixture.chain().tip().hash, {{.amount = 700'000, .nonce = 0}})
    );
    CHECK(reasons(fixture.dropped) == "unpayable");
    CHECK(fixture.selection() == "0.1:1");
    CHECK(fixture.pool.size() == 2);
    CHECK(fixture.add({.amount = 100'000, .nonce = 2}) == "pending");
    CHECK(fixture.selection() == "0.1:1 0.2:1 0.3:1");
}

TEST_CASE("Mempool: a block's payment can be spent", "[mempool]") {
    PoolFixture fixture;
    CHECK(fixture.add({.from = 12, .amount = 100}) == "insufficient_balance");
    fixture.connect(
        fixture.block_of(fixture.chain().tip().hash, {{.to = 12, .amount = 500, .nonce = 0}})
    );
    CHECK(fixture.add({.from = 12, .amount = 100}) == "pending");
}

TEST_CASE("Mempool: a payment that comes later lets a sender go on", "[mempool]") {
    PoolFixture fixture;
    fixture.add({.from = 1, .amount = 999'999, .nonce = 0});
    CHECK(fixture.add({.from = 1, .amount = 100, .nonce = 1}) == "insufficient_balance");
    fixture.connect(
        fixture.block_of(fixture.chain().tip().hash, {{.from = 0, .to = 1, .amount = 500}})
    );
    CHECK(fixture.add({.from = 1, .amount = 100, .nonce = 1}) == "pending");
}

TEST_CASE("Mempool: a reorganisation returns what is not mined again", "[mempool][R3]") {
    PoolFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    fixture.add({.nonce = 3});
    const auto light = fixture.block_of(
        genesis, {{.nonce = 0}, {.nonce = 1}, {.nonce = 2}, {.from = 1, .to = 3, .nonce = 0}}
    );
    // Account 0's first is mined again, account 1's first meets another with its nonce.
    const auto heavy =
        fixture.block_of(genesis, {{.nonce = 0}, {.from = 1, .to = 2, .nonce = 0}}, 8);
    fixture.connect(light);
    CHECK(fixture.selection() == "0.3:1");
    fixture.connect(heavy);
    CHECK(fixture.dropped.empty());
    const auto top = fixture.block_of(heavy->hash(), {}, 8);
    const auto change = fixture.chain().submit(top, fixture.now());
    REQUIRE(change.has_value());
    REQUIRE(change->is_reorganisation());
    const auto dropped = fixture.pool.on_chain_change(*change, after({}));
    REQUIRE(reasons(dropped) == "nonce_used");
    CHECK(dropped[0].id == light->ids()[4]);
    CHECK(fixture.selection() == "0.1:1 0.2:1 0.3:1");
    CHECK(fixture.pool.find(light->ids()[2])->size() == fixture.make({.nonce = 1})->size());
}

TEST_CASE("Mempool: what cannot be paid on the new branch does not return", "[mempool][R3]") {
    PoolFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    // Account 12 spends what only the light branch gave it.
    const auto light = fixture.block_of(
        genesis, {{.to = 12, .amount = 500, .nonce = 0}, {.from = 12, .amount = 400, .nonce = 0}}
    );
    const auto heavy = fixture.block_of(genesis, {{.to = 2, .amount = 999'000, .nonce = 0}}, 8);
    fixture.connect(light);
    fixture.add({.from = 12, .amount = 50, .nonce = 1});
    fixture.connect(heavy);
    fixture.connect(fixture.block_of(heavy->hash(), {}, 8));
    CHECK(reasons(fixture.dropped) == "unpayable unpayable nonce_used");
    CHECK(fixture.pool.size() == 0);
    CHECK(fixture.pool.bytes() == 0);
}

TEST_CASE("Mempool: what returns obeys the bound", "[mempool][R3]") {
    PoolFixture measure;
    measure.add({.nonce = 0});
    PoolFixture fixture{{.bytes_max = 2 * measure.pool.bytes()}};
    const auto genesis = fixture.chain().tip().hash;
    fixture.connect(fixture.block_of(genesis, first_three));
    fixture.add({.from = 1, .fee = 2});
    const auto heavy = fixture.block_of(genesis, {}, 8);
    fixture.connect(heavy);
    fixture.connect(fixture.block_of(heavy->hash(), {}, 8));
    CHECK(reasons(fixture.dropped) == "evicted evicted");
    CHECK(fixture.selection() == "1.0:2 0.0:1");
}

TEST_CASE("Mempool: future transactions keep their bounds in a reorganisation", "[mempool]") {
    PoolFixture fixture{{.future_per_sender_max = 1}};
    const auto genesis = fixture.chain().tip().hash;
    fixture.connect(fixture.block_of(genesis, {{.amount = 700'000, .nonce = 0}}));
    fixture.add({.amount = 10, .nonce = 1});
    fixture.add({.amount = 10, .nonce = 2});
    // On the heavy branch account 0 is poorer, and its first transaction cannot be paid.
    const auto heavy = fixture.block_of(genesis, {{.amount = 500'000, .nonce = 0}}, 8);
    fixture.connect(heavy);
    fixture.connect(fixture.block_of(heavy->hash(), {{.amount = 400'000, .nonce = 1}}, 8));
    CHECK(reasons(fixture.dropped) == "nonce_used nonce_used");
    CHECK(fixture.selection() == "0.2:1");
}

TEST_CASE("Mempool: what is too much to return is named as dropped", "[mempool][R3]") {
    // Blocks of 32 records of 64 KB each; the tenth goes beyond what is taken back.
    constexpr std::uint64_t blocks = 11;
    constexpr std::uint64_t records = 30;
    PoolFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    std::vector<TxId> ids;
    for (std::uint64_t block = 0; block < blocks; ++block) {
        std::vector<ledger::Transaction> transactions;
        for (std::uint64_t i = 0; i < records; ++i) {
            ledger::Transaction transaction;
            transaction.nonce = Nonce{block * records + i};
            transaction.fee = Amount{100};
            transaction.payload = ledger::Record{
                "s", "k", ledger::RecordFormat::bytes, Bytes(ledger::body_bytes_max, 7)};
            ledger::sign_transaction(key_number(0), fixture.chain().id(), transaction);
            transactions.push_back(transaction);
        }
        const auto made =
            fixture.build(fixture.chain().tip().hash, {.transactions = std::move(transactions)});
        ids.insert(ids.end(), made->ids().begin() + 1, made->ids().end());
        fixture.connect(made);
    }
    auto parent = genesis;
    for (std::uint64_t block = 0; block <= blocks; ++block) {
        const auto made = fixture.block_of(parent, {}, 8);
        fixture.connect(made);
        parent = made->hash();
    }
    CHECK(fixture.pool.size() + fixture.dropped.size() == ids.size());
    REQUIRE(fixture.dropped.size() > 0);
    CHECK(fixture.pool.size() == 20'000'000 / (ledger::body_bytes_max + 108));
    // The later ones: what is kept has no gap.
    for (std::size_t i = 0; i < fixture.dropped.size(); ++i)
        REQUIRE(fixture.dropped[i].id == ids[fixture.pool.size() + i]);
}

TEST_CASE("Mempool: every enumerator has a name of its own", "[mempool]") {
    using mempool::DropReason;
    using mempool::MempoolError;
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(MempoolError::pool_full); ++i)
        names.insert(to_string(static_cast<MempoolError>(i)));
    CHECK(names.size() == static_cast<std::size_t>(MempoolError::pool_full) + 1);
    for (int i = 0; i <= static_cast<int>(DropReason::expired); ++i)
        names.insert(to_string(static_cast<DropReason>(i)));
    CHECK(names.size() == 15);
    CHECK(names.count("unknown") == 0);
}

}  // namespace cairn::test
