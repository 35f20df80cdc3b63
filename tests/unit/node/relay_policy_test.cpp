// What the relay tells peers of our policy, what it holds back, and what it restores.
#include "tests/unit/node/transaction_relay_fixture.hpp"

#include "cairn/node/penalty.hpp"
#include "cairn/node/text_session.hpp"

#include <catch2/catch.hpp>

namespace cairn::node {

namespace {

using Fixture = TransactionRelayFixture;

/// A pool for one transfer: the second one that pays more raises the least fee.
struct SmallFixture : TransactionRelayFixture {
    SmallFixture() : TransactionRelayFixture{{.bytes_max = 1'500}} {}

    /// What came of the last push.
    [[nodiscard]] std::string refused_or_pending() {
        return replies.back().reply ? "pending" : refused().code;
    }
};

/// A pool that was saved when its transactions came.
RestorePool saved_at(
    UnixMillis arrived,
    const std::vector<ledger::Transaction>& transactions,
    std::uint64_t floor_fee = 1
) {
    mempool::SavedPool saved{.saved = arrived, .floor_fee = floor_fee, .transactions = {}};
    for (const auto& transaction : transactions)
        saved.transactions.push_back({.arrived = arrived, .transaction = transaction});
    return {std::move(saved)};
}

}  // namespace

TEST_CASE_METHOD(
    SmallFixture, "TransactionRelay: peers hear our least fee when it changes", "[node][relay]"
) {
    join(1);
    CHECK(take_sent<wire::FeeFilter>(1) == std::vector{wire::FeeFilter{Amount{1}}});
    wake();
    push(transfer({.from = 0, .fee = 100}));
    push(transfer({.from = 1, .fee = 200}));
    const auto least = pool.floor_fee(time);
    REQUIRE(least > 100);
    CHECK(take_sent<wire::FeeFilter>(1).empty());
    pass(pool_expiry_interval);
    wake();
    const auto told = pool.floor_fee(time);
    CHECK(take_sent<wire::FeeFilter>(1) == std::vector{wire::FeeFilter{Amount{told}}});
    join(2);
    CHECK(take_sent<wire::FeeFilter>(2) == std::vector{wire::FeeFilter{Amount{told}}});
}

TEST_CASE_METHOD(
    SmallFixture, "TransactionRelay: what has left the pool waits for no batch", "[node][G7]"
) {
    join(1);
    constexpr std::uint64_t pushes = 3'000;
    for (std::uint64_t i = 0; i < pushes; ++i) {
        push(transfer({.from = i % 2, .fee = 100'000 + i}));
        REQUIRE(refused_or_pending() == "pending");
    }
    CHECK(pool.size() == 1);
    for (const auto& queue : relay.queues())
        if (queue.name == "announcements_waiting")
            CHECK(queue.size < pushes / 2);
    static_cast<void>(told(1));
    pass(announce_interval);
    wake();
    CHECK(told(1).size() == 1);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: a peer is spared what pays less than it takes", "[node][relay]"
) {
    join(1);
    join(2);
    const auto cheap = transfer({.from = 0, .fee = 10});
    const auto dear = transfer({.from = 1, .fee = 500});
    receive(1, wire::FeeFilter{Amount{1'000}});
    push(cheap);
    push(dear);
    pass(announce_interval);
    wake();
    CHECK(told(1) == std::vector{relay_id(dear)});
    CHECK(told(2) == std::vector{relay_id(cheap), relay_id(dear)});
    // The last word counts.
    receive(1, wire::FeeFilter{Amount{0}});
    const auto later = transfer({.from = 2, .fee = 1});
    push(later);
    pass(announce_interval);
    wake();
    CHECK(told(1) == std::vector{relay_id(later)});
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: a saved pool is checked and restored in portions", "[node][M7]"
) {
    join(1);
    std::vector<ledger::Transaction> transactions;
    for (std::uint64_t i = 0; i < 5 * restored_portion; ++i)
        transactions.push_back(transfer({.from = i % 4, .to = 5, .nonce = i / 4}));
    auto forged = transactions.back();
    forged.fee.value += 1;
    transactions.back() = forged;
    const UnixMillis arrived{time.wall.value - 71 * 3'600'000};
    auto now = context();
    relay.on_command(now, CommandId{0}, saved_at(arrived, transactions));
    collect();
    CHECK(jobs.size() == 1);
    const auto to_restore = [&] {
        for (const auto& queue : relay.queues())
            if (queue.name == transactions_to_restore)
                return queue.size;
        return std::size_t{0};
    };
    CHECK(to_restore() == transactions.size());
    CHECK(std::holds_alternative<Accepted>(*replies.back().reply));
    run_jobs();
    CHECK(to_restore() == 0);
    CHECK(pool.size() == transactions.size() - 1);
    CHECK_FALSE(pool.contains(ledger::transaction_id(chain().id(), forged)));
    pass(announce_interval);
    wake();
    CHECK_FALSE(told(1).empty());
    // They have waited for 71 hours already.
    pass(std::chrono::hours{1});
    CHECK(pool.expire(time).size() == transactions.size() - 1);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: the least fee comes back after what pays less", "[node][M1][M7]"
) {
    join(1);
    const auto cheap = transfer({.fee = 1});
    const UnixMillis half_a_day_ago{time.wall.value - 12 * 3'600'000};
    auto now = context();
    relay.on_command(now, CommandId{0}, saved_at(half_a_day_ago, {cheap}, 80'000));
    CHECK(pool.floor_fee(time) == 1);
    run_jobs();
    CHECK(pool.size() == 1);
    CHECK(pool.floor_fee(time) == 40'000);
    push(transfer({.from = 1, .fee = 1}));
    CHECK(refused().rule == "mempool.fee_too_low");
    // Where nothing waited, it comes back all the same.
    TransactionRelayFixture empty;
    auto start = empty.context();
    empty.relay.on_command(start, CommandId{0}, saved_at(empty.time.wall, {}, 80'000));
    CHECK(empty.pool.floor_fee(empty.time) == 80'000);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: what is pushed meanwhile is checked together", "[node][relay]"
) {
    std::vector<ledger::Transaction> transactions;
    for (std::uint64_t i = 0; i < pushes_per_check_max + 2; ++i) {
        transactions.push_back(transfer({.nonce = i}));
        auto now = context();
        relay.on_command(now, CommandId{i + 1}, PushTransaction{transactions.back()});
    }
    collect();
    REQUIRE(jobs.size() == 1);
    const auto sizes = [&] {
        return std::get<CheckTransactionsJob>(jobs.front().work).transactions.size();
    };
    CHECK(sizes() == 1);
    auto job = std::move(jobs.front());
    jobs.pop_front();
    auto result = runner.run(std::move(job.work));
    auto now = context();
    REQUIRE(relay.on_job(now, job.id, result));
    collect();
    REQUIRE(jobs.size() == 1);
    CHECK(sizes() == pushes_per_check_max);
    run_jobs();
    REQUIRE(replies.size() == transactions.size());
    for (std::size_t i = 0; i < replies.size(); ++i)
        CHECK(replies[i].id == CommandId{i + 1});
    CHECK(pool.size() == transactions.size());
}

TEST_CASE("TextSession: pushes are outstanding together, up to the limit", "[node][text]") {
    CHECK(is_push_request("push_transaction hex=00"));
    CHECK(is_push_request(R"({ "type" : "push_transaction","hex":"00"})"));
    CHECK_FALSE(is_push_request("push_transactions hex=00"));
    CHECK_FALSE(is_push_request(R"({"id":1,"type":"push_transaction"})"));
    CHECK_FALSE(is_push_request("{"));
    TextSession session;
    for (std::size_t i = 0; i <= text_pushes_outstanding_max; ++i)
        REQUIRE(session.push("push_transaction hex=00"));
    REQUIRE(session.push("ping"));
    for (std::size_t i = 0; i < text_pushes_outstanding_max; ++i)
        REQUIRE(session.start_next());
    CHECK_FALSE(session.start_next());
    REQUIRE(session.finish());
    CHECK(session.start_next() == "push_transaction hex=00");
    CHECK_FALSE(session.start_next());
    for (std::size_t i = 0; i < text_pushes_outstanding_max; ++i)
        REQUIRE(session.finish());
    CHECK(session.start_next() == "ping");
    CHECK_FALSE(session.is_idle());
    CHECK(session.finish());
    CHECK(session.is_idle());
    CHECK_FALSE(session.finish());

    TextSession counted;
    REQUIRE(counted.push("push_transaction hex=00"));
    REQUIRE(counted.push("push_transaction hex=00"));
    REQUIRE(counted.start_next());
    REQUIRE(counted.is_within_rate({}));
    CHECK_FALSE(counted.start_next());
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: whoever makes us check in vain pays for it", "[node][M8]"
) {
    join(1);
    // As many bad signatures as a link survives cost less than a hundredth of a second of a core.
    const auto points = judge(Fault::bad_signature).points;
    const auto count = annoyance_max / points;
    CHECK(count <= 20);
    for (std::uint64_t i = 0; i < count; ++i) {
        auto bad = transfer({.nonce = i});
        bad.signature.bytes[33] ^= 1;
        announce(1, bad);
        give(1, bad);
        run_jobs();
        // A second time it is not even asked for.
        static_cast<void>(asked(1));
        announce(1, bad);
        CHECK(asked(1).empty());
    }
    CHECK(blames.size() == count);
    CHECK(pool.size() == 0);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: of a batch only the payable beginning is kept", "[node][M3]"
) {
    join(1);
    constexpr std::uint64_t payable = 3;
    std::vector<ledger::Transaction> batch;
    wire::Inventory inventory;
    // As many as are asked for at once.
    for (std::uint64_t nonce = 0; nonce < transactions_in_flight_per_peer_max; ++nonce) {
        const std::uint64_t amount = 1'000'000 / payable - 9;
        batch.push_back(transfer({.amount = amount, .fee = 9, .nonce = nonce}));
        inventory.transactions.push_back({.id = relay_id(batch.back()), .size = 150});
    }
    receive(1, inventory);
    REQUIRE(asked(1).size() == batch.size());
    wire::Transactions all;
    for (const auto& transaction : batch)
        all.transactions.push_back({codec::encode(transaction)});
    receive(1, all);
    run_jobs();
    CHECK(pool.size() == payable);
    CHECK(pool.projected(test::account_number(0)).nonce == Nonce{payable});
    CHECK(blames.empty());
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: a hundred withheld ones come from the next peer", "[node][G2]"
) {
    join(1);
    join(2);
    std::vector<ledger::Transaction> transactions;
    for (std::uint64_t i = 0; i < 100; ++i)
        transactions.push_back(transfer({.from = i % 4, .to = 5, .nonce = i / 4}));
    for (const auto& transaction : transactions)
        announce(1, transaction);
    for (const auto& transaction : transactions)
        announce(2, transaction);
    REQUIRE(asked(1).size() == 100);
    CHECK(asked(2).empty());
    pass(transaction_time_max);
    wake();
    CHECK(asked(2).size() == 100);
    for (const auto& transaction : transactions)
        give(2, transaction);
    run_jobs();
    CHECK(pool.size() == 100);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: a flood of unknown ids takes bounded memory", "[node][G3]"
) {
    join(1);
    Random ids{3};
    std::size_t asked_of_it = 0;
    for (int message = 0; message < 50; ++message) {
        wire::Inventory inventory;
        for (std::size_t i = 0; i < wire::inv_transactions_max; ++i) {
            wire::RelayId id;
            for (auto& byte : id.bytes)
                byte = static_cast<std::uint8_t>(ids.below(256));
            inventory.transactions.push_back({.id = id, .size = 100});
        }
        receive(1, inventory);
        asked_of_it += asked(1).size();
    }
    CHECK(asked_of_it == transactions_in_flight_per_peer_max);
    for (const auto& queue : relay.queues())
        CHECK(queue.size <= queue.size_max);
    // And whoever asks for what it was never told of gets no more than their ids back.
    wire::GetTransactions request;
    request.ids.resize(wire::get_tx_ids_max);
    receive(1, request);
    const auto missing = take_sent<wire::NotFound>(1);
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].transactions.size() == wire::get_tx_ids_max);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: announcements keep to the rate of transactions", "[node][relay][G7]"
) {
    relay = TransactionRelay{7, {.relay_transactions_per_second = 20}};
    join(1);
    join(2);
    for (std::uint64_t i = 0; i < 40; ++i)
        push(transfer({.from = i % 4, .to = 5, .nonce = i / 4}));
    // Two may go at once, which is a tenth of a second's worth; then one each interval. The first
    // went when nothing else was there.
    std::size_t count = told(1).size();
    CHECK(count == 1);
    for (std::size_t i = 1; i <= 10; ++i) {
        pass(announce_interval);
        wake();
        count += told(1).size();
        CHECK(count == 2 + i);
    }
    CHECK(told(2).size() == count);
    // A new peer is told from what the others leave.
    join(3);
    pass(announce_interval);
    wake();
    CHECK(told(3).size() == 1);
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: announcements keep to the rate of bytes", "[node][relay][G7]"
) {
    const auto size = codec::encode(transfer()).size();
    relay = TransactionRelay{7, {.relay_bytes_per_second = 20 * size}};
    join(1);
    for (std::uint64_t nonce = 0; nonce < 10; ++nonce)
        push(transfer({.nonce = nonce}));
    for (const std::size_t count : {1U, 2U, 1U, 1U}) {
        CHECK(told(1).size() == count);
        pass(announce_interval);
        wake();
    }
}

TEST_CASE_METHOD(
    Fixture, "TransactionRelay: one answer holds 2 MiB and no more", "[node][relay][G3]"
) {
    join(1);
    wire::GetTransactions request;
    std::size_t bytes = 0;
    std::size_t fitting = 0;
    for (std::uint64_t nonce = 0; nonce < 34; ++nonce) {
        ledger::Transaction record;
        record.nonce = Nonce{nonce};
        record.fee = Amount{100};
        record.payload = ledger::Record{
            .stream = "s",
            .key = "k",
            .format = ledger::RecordFormat::bytes,
            .body = Bytes(ledger::body_bytes_max, 0xff)};
        ledger::sign_transaction(test::key_number(0), chain().id(), record);
        push(record);
        REQUIRE(replies.back().reply.has_value());
        request.ids.push_back(relay_id(record));
        fitting += bytes < answer_bytes_max ? 1 : 0;
        bytes += codec::encode(record).size();
    }
    REQUIRE(bytes > answer_bytes_max + ledger::body_bytes_max);
    for (int i = 0; i < 20; ++i) {
        pass(announce_interval);
        wake();
    }
    REQUIRE(told(1).size() == request.ids.size());
    receive(1, request);
    std::size_t given = 0;
    std::size_t missing = 0;
    collect();
    for (const auto& message : std::exchange(sent[LinkId{1}], {})) {
        if (const auto* found = std::get_if<wire::Transactions>(&message))
            given += found->transactions.size();
        if (const auto* other = std::get_if<wire::NotFound>(&message))
            missing += other->transactions.size();
    }
    CHECK(given == fitting);
    CHECK(missing == request.ids.size() - fitting);
}

}  // namespace cairn::node
