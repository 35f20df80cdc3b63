// Synchronisation between honest sides.
#include "tests/unit/node/sync_network.hpp"

namespace cairn::node::test {

TEST_CASE("BlockSync: a fresh node takes the chain of its peer", "[node][sync]") {
    SyncPair pair;
    pair.right.fixture.extend(pair.right.fixture.chain().tip().hash, 2500);
    pair.connect();
    CHECK(pair.left.height() == 2500);
    CHECK(pair.left.moves == 2500);
    CHECK(pair.bodies == 2500);
    CHECK_FALSE(pair.left.sync.is_syncing());
    // One told its headers, the other asked for the bodies.
    CHECK(pair.left.sync.known_height(SyncPair::link) == Height{2500});
    CHECK(pair.right.sync.known_height(SyncPair::link) == Height{2500});
    CHECK(pair.left.blames.empty());
    CHECK(pair.right.blames.empty());
    // Commits are put together while syncing; the end of it is durable.
    CHECK(pair.left.commits < 20);
    CHECK(pair.left.fixture.chain().uncommitted_bytes() == 0);
}

TEST_CASE("BlockSync: a new block reaches a peer once", "[node][sync][G1]") {
    SyncPair pair;
    pair.connect();
    const auto block = pair.right.fixture.build(pair.right.fixture.chain().tip().hash);
    auto context = pair.right.context();
    REQUIRE(pair.right.sync.accept_block(context, block, std::nullopt).has_value());
    pair.right.settle(context);
    pair.messages = 0;
    pair.run();
    CHECK(pair.left.height() == 1);
    CHECK(pair.bodies == 1);
    // Headers, question, body; the receiver does not tell the sender about it again.
    CHECK(pair.messages == 3);
}

TEST_CASE("BlockSync: who misses more than the newest block catches up", "[node][sync]") {
    constexpr LinkId peer{1};
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 3);
    node.connect(peer);
    CHECK(node.sync.is_catching_up());
    node.answer_headers(peer, {blocks[0], blocks[1]});
    CHECK_FALSE(node.sync.is_syncing());
    CHECK(node.sync.is_catching_up());
    node.send_block(peer, blocks[0]);
    CHECK_FALSE(node.sync.is_catching_up());
    node.send_block(peer, blocks[1]);
    CHECK_FALSE(node.sync.is_catching_up());
    REQUIRE(node.height() == 2);
    node.answer_headers(peer, blocks);
    CHECK_FALSE(node.sync.is_catching_up());
}

TEST_CASE("BlockSync: a block is relayed before its commit and told after", "[node][sync]") {
    SyncNode node;
    node.connect(LinkId{1});
    node.answer_headers(LinkId{1}, {});
    auto context = node.context();
    const auto block = node.fixture.build(node.fixture.chain().tip().hash);
    REQUIRE(node.sync.accept_block(context, block, std::nullopt).has_value());
    std::string order;
    for (const auto& output : node.outbox.take_outputs()) {
        order += std::holds_alternative<SendBytes>(output) ? "s" : "";
        order += std::holds_alternative<CommitStore>(output) ? "c" : "";
        order += std::holds_alternative<ChainEvent>(output) ? "e" : "";
    }
    CHECK(order == "sce");
}

TEST_CASE("BlockSync: while it syncs, commits are written meanwhile and told after", "[node]") {
    SyncNode node;
    node.has_slow_disk = true;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 40);
    node.connect(first);
    node.answer_headers(first, blocks);
    REQUIRE(node.sync.is_syncing());
    node.send_block(first, blocks[0]);
    CHECK(node.order.empty());
    node.wait(sync_commit_interval);
    CHECK(node.order == "s");
    // The next one is due, and waits without a wakeup until the first is done.
    node.send_block(first, blocks[1]);
    node.wait(sync_commit_interval);
    CHECK(node.order == "s");
    const auto wakeup = node.sync.next_wakeup();
    CHECK((!wakeup || *wakeup > node.now.steady));
    node.finish_commit();
    CHECK(node.order == "ses");
    // With the last block all wait; what was told is not told again.
    for (std::size_t i = 2; i < blocks.size(); ++i)
        node.send_block(first, blocks[i]);
    CHECK_FALSE(node.sync.is_syncing());
    const auto order = "sesc" + std::string(39, 'e');
    CHECK(node.order == order);
    CHECK(node.fixture.chain().uncommitted_bytes() == 0);
    node.finish_commit();
    CHECK(node.order == order);
}

TEST_CASE("BlockSync: our own block is committed at once, after what is written", "[node]") {
    SyncNode node;
    node.has_slow_disk = true;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 3);
    node.connect(first);
    node.answer_headers(first, blocks);
    node.send_block(first, blocks[0]);
    CHECK(node.order == "s");
    auto context = node.context();
    REQUIRE(node.sync.accept_block(context, blocks[1], std::nullopt).has_value());
    node.settle(context);
    CHECK(node.order == "scee");
    // What was told is not told again.
    node.finish_commit();
    CHECK(node.order == "scee");
    CHECK(node.fixture.chain().uncommitted_bytes() == 0);
}

TEST_CASE("BlockSync: a sync waits for a disk that is too slow", "[node][limits]") {
    SyncNode node;
    node.has_slow_disk = true;
    ChainFixture maker;
    std::vector<BlockPointer> blocks;
    std::uint64_t nonce = 0;
    const auto body = '"' + std::string(ledger::body_bytes_max - 2, 'a') + '"';
    for (int i = 0; i < 24; ++i) {
        std::vector<ledger::Transaction> records;
        for (int j = 0; j < 14; ++j) {
            ledger::Transaction record;
            record.nonce = Nonce{nonce++};
            record.fee = Amount{1};
            record.payload =
                ledger::Record{.stream = "s", .key = "k", .format = {}, .body = to_bytes(body)};
            ledger::sign_transaction(cairn::test::key_number(0), maker.chain().id(), record);
            records.push_back(std::move(record));
        }
        blocks.push_back(maker.build(maker.chain().tip().hash, {.transactions = records}));
        REQUIRE(maker.chain().submit(blocks.back(), maker.now()).has_value());
    }
    node.connect(first);
    node.answer_headers(first, blocks);
    REQUIRE(node.sync.is_syncing());
    node.send_block(first, blocks[0]);
    node.wait(sync_commit_interval);
    REQUIRE(node.order == "s");
    std::size_t next = 1;
    const auto after_next = [&] {
        return node.fixture.chain().uncommitted_bytes() + blocks[next]->bytes().size();
    };
    for (; after_next() < sync_commit_bytes; ++next)
        node.send_block(first, blocks[next]);
    CHECK(node.order == "s");
    node.send_block(first, blocks[next]);
    CHECK(node.order == "sc" + std::string(next + 1, 'e'));
    CHECK(node.fixture.chain().uncommitted_bytes() == 0);
}

TEST_CASE("BlockSync: the branch with more work wins, however deep the fork", "[node][sync][S9]") {
    SyncPair pair;
    pair.left.fixture.extend(pair.left.fixture.chain().tip().hash, 2100, 8);
    pair.right.fixture.extend(pair.right.fixture.chain().tip().hash, 2200);
    pair.connect();
    CHECK(pair.left.fixture.chain().tip().hash == pair.right.fixture.chain().tip().hash);
    CHECK(pair.left.blames.empty());
    CHECK(pair.right.blames.empty());
}

TEST_CASE("BlockSync: equal branches stay until one grows", "[node][sync][S13]") {
    SyncPair pair;
    const auto left = pair.left.fixture.extend(pair.left.fixture.chain().tip().hash, 3, 8);
    const auto right = pair.right.fixture.extend(pair.right.fixture.chain().tip().hash, 3);
    pair.connect();
    CHECK(pair.left.fixture.chain().tip().hash == left);
    CHECK(pair.right.fixture.chain().tip().hash == right);
    const auto block = pair.right.fixture.build(right);
    auto context = pair.right.context();
    REQUIRE(pair.right.sync.accept_block(context, block, std::nullopt).has_value());
    pair.right.settle(context);
    pair.run();
    CHECK(pair.left.fixture.chain().tip().hash == block->hash());
}

TEST_CASE("BlockSync: blocks are fetched from several peers, each once", "[node][sync]") {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 200);
    for (std::uint64_t i = 1; i <= 3; ++i)
        node.connect(LinkId{i});
    for (std::uint64_t i = 1; i <= 3; ++i)
        node.answer_headers(LinkId{i}, blocks);
    std::map<BlockHash, std::size_t> asked;
    std::map<LinkId, std::size_t> served;
    for (bool is_active = true; is_active;) {
        is_active = false;
        for (std::uint64_t i = 1; i <= 3; ++i)
            for (const auto& [request, number] : node.take<wire::GetBlock>(LinkId{i})) {
                is_active = true;
                ++asked[request.hash];
                ++served[LinkId{i}];
                const auto height = maker.chain().find(request.hash)->height().value;
                node.send_block(LinkId{i}, blocks[height - 1]);
            }
    }
    CHECK(node.height() == 200);
    CHECK(asked.size() == 200);
    for (const auto& [hash, count] : asked)
        CHECK(count == 1);
    CHECK(served.size() == 3);
}

TEST_CASE("BlockSync: large blocks are checked by jobs and handed on in order", "[node][sync]") {
    SyncPair pair;
    auto& maker = pair.right.fixture;
    for (std::uint64_t i = 0; i < 30; ++i) {
        std::vector<ledger::Transaction> transfers;
        for (std::uint64_t k = 0; k < 5; ++k)
            transfers.push_back(cairn::test::make_transfer(
                maker.chain().id(), {.from = 0, .to = 1, .amount = 1, .fee = 1, .nonce = i * 5 + k}
            ));
        const auto block =
            maker.build(maker.chain().tip().hash, {.transactions = transfers, .miner = 9});
        REQUIRE(maker.chain().submit(block, maker.now()).has_value());
    }
    pair.connect();
    CHECK(pair.left.height() == 30);
    CHECK(pair.left.fixture.balance(1) == 1'000'150);
}

TEST_CASE("BlockSync: a locator leads to the fork point", "[node][sync][S7]") {
    SyncNode node;
    node.fixture.extend(node.fixture.chain().tip().hash, 50);
    node.connect(LinkId{1});
    const auto ask = [&](std::vector<BlockHash> locator) {
        node.receive(LinkId{1}, wire::GetHeaders{.locator = std::move(locator), .stop = {}}, 77);
        const auto answers = node.take<wire::Headers>(LinkId{1});
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].second == 77);
        return answers[0].first.headers;
    };
    const auto hash_at = [&](std::uint64_t height) {
        return node.fixture.chain().at(Height{height})->hash;
    };
    CHECK(ask({}).size() == 50);
    CHECK(ask(std::vector<BlockHash>(wire::locator_hashes_max)).size() == 50);
    CHECK(ask({hash_at(10), hash_at(40)}).size() == 10);
    CHECK(ask({hash_at(50)}).empty());
}

}  // namespace cairn::node::test
