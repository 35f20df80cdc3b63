// Synchronisation with sides that are slow, wrong or hostile.
#include "tests/unit/node/sync_network.hpp"

namespace cairn::node::test {

TEST_CASE("BlockSync: a peer that holds up the sync is dropped", "[node][sync][S4]") {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 40);
    for (std::uint64_t i = 1; i <= 4; ++i) {
        node.connect(LinkId{i});
        node.answer_headers(LinkId{i}, blocks);
    }
    REQUIRE(node.sync.is_syncing());
    // The first three never answer; the fourth does.
    const auto serve = [&] {
        for (const auto& [request, number] : node.take<wire::GetBlock>(LinkId{4}))
            node.send_block(
                LinkId{4}, blocks[maker.chain().find(request.hash)->height().value - 1]
            );
    };
    serve();
    Duration waited{};
    while (node.height() < 40 && waited < seconds{20}) {
        node.wait(milliseconds{100});
        waited += milliseconds{100};
        for (const auto& blame : std::exchange(node.blames, {})) {
            CHECK(blame.second == Fault::stalled);
            node.disconnect(blame.first);
        }
        for (int i = 0; i < 10; ++i)
            serve();
    }
    CHECK(node.height() == 40);
    CHECK(waited <= seconds{15});
}

TEST_CASE(
    "BlockSync: at the tip a silent peer costs two seconds, not its link", "[node][sync][S6]"
) {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 1);
    node.connect(first);
    node.connect(second);
    node.answer_headers(first, blocks);
    node.answer_headers(second, blocks);
    REQUIRE(node.take<wire::GetBlock>(first).size() == 1);
    node.wait(milliseconds{1900});
    CHECK(node.take<wire::GetBlock>(second).empty());
    node.wait(milliseconds{200});
    CHECK(node.take<wire::GetBlock>(second).size() == 1);
    CHECK(node.blames.empty());
    node.send_block(second, blocks[0]);
    CHECK(node.height() == 1);
}

TEST_CASE("BlockSync: a wrong answer makes another peer be asked", "[node][sync][S6]") {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 2);
    node.connect(first);
    node.connect(second);
    node.answer_headers(first, {blocks[0]});
    node.answer_headers(second, {blocks[0]});
    REQUIRE(node.take<wire::GetBlock>(first).size() == 1);

    SECTION("not_found") {
        node.receive(first, wire::NotFound{.transactions = {}, .blocks = {blocks[0]->hash()}});
        CHECK(node.take<wire::GetBlock>(second).size() == 1);
        CHECK(node.blames.empty());
    }
    SECTION("a body that does not fit its header") {
        auto block = blocks[0]->block();
        std::get<ledger::Coinbase>(block.transactions[0].payload).amount = Amount{51};
        node.receive(first, wire::BlockMessage{.block = codec::encode(block)});
        CHECK(node.blamed(Fault::mutated_block) == 1);
        node.disconnect(first);
        CHECK(node.take<wire::GetBlock>(second).size() == 1);
        node.send_block(second, blocks[0]);
        CHECK(node.height() == 1);
    }
    SECTION("another block") {
        node.send_block(first, blocks[1]);
        CHECK(node.height() == 0);
        node.send_block(first, blocks[0]);
        CHECK(node.height() == 1);
    }
    SECTION("what another peer says clears nothing of the first") {
        node.receive(second, wire::NotFound{.transactions = {}, .blocks = {blocks[0]->hash()}});
        node.send_block(first, blocks[0]);
        CHECK(node.height() == 1);
    }
    SECTION("a link that closes") {
        node.disconnect(first);
        CHECK(node.take<wire::GetBlock>(second).size() == 1);
    }
}

TEST_CASE("BlockSync: claims do not make a node sync", "[node][sync][S5]") {
    SyncNode node;
    node.peers[first].claimed_tip.bytes.fill(0xff);
    node.connect(first);
    CHECK(node.sync.is_syncing());
    node.answer_headers(first, {});
    CHECK_FALSE(node.sync.is_syncing());
    CHECK(node.sync.proven_tip(first) == nullptr);
}

TEST_CASE("BlockSync: headers that do not connect lead to one question", "[node][sync][S8]") {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 3);
    node.connect(first);
    node.answer_headers(first, {});
    node.sent.clear();
    node.now.steady = node.now.steady + seconds{2};
    for (int i = 0; i < 1000; ++i)
        node.receive(first, wire::Headers{.headers = {blocks[2]->head()}});
    CHECK(node.take<wire::GetHeaders>(first).size() == 1);
    CHECK(node.blames.empty());
}

TEST_CASE("BlockSync: lists that no honest peer sends are blamed", "[node][sync]") {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 10);
    node.connect(first);

    SECTION("a gap inside") {
        node.answer_headers(first, {blocks[0], blocks[2]});
        CHECK(node.blamed(Fault::invalid_header) == 1);
        CHECK(node.fixture.chain().find(blocks[0]->hash()) == nullptr);
    }
    SECTION("a header that breaks a rule") {
        auto head = blocks[0]->head();
        head.header.height = Height{2};
        node.receive(first, wire::Headers{.headers = {head}});
        CHECK(node.blamed(Fault::invalid_header) == 1);
    }
    SECTION("more than an announcement holds, unasked") {
        wire::Headers headers;
        for (const auto& block : blocks)
            headers.headers.push_back(block->head());
        node.receive(first, headers);
        CHECK(node.blamed(Fault::unrequested) == 1);
    }
}

TEST_CASE("BlockSync: unasked blocks count only as the next best", "[node][sync][S14]") {
    SyncNode node;
    const auto genesis = node.fixture.chain().tip().hash;
    ChainFixture maker;
    const auto low = build_branch(maker, genesis, 1, 7);
    ChainFixture other;
    const auto blocks = build_branch(other, genesis, 4);
    node.connect(first);
    node.answer_headers(first, {});
    node.send_block(first, blocks[0]);
    CHECK(node.height() == 1);
    node.send_block(first, low[0]);
    CHECK(node.fixture.chain().find(low[0]->hash()) == nullptr);
    node.send_block(first, blocks[3]);
    CHECK(node.fixture.chain().find(blocks[3]->hash()) == nullptr);
    node.send_block(first, blocks[1]);
    CHECK(node.height() == 2);
    CHECK(node.blames.empty());
}

TEST_CASE("BlockSync: a branch with a bad block changes nothing", "[node][sync][R2]") {
    SyncNode node;
    const auto genesis = node.fixture.chain().tip().hash;
    const auto own = node.fixture.extend(genesis, 4, 8);
    ChainFixture maker;
    auto blocks = build_branch(maker, genesis, 2);
    blocks.push_back(maker.build(
        blocks[1]->hash(),
        {.transactions = {}, .miner = 9, .interval_ms = 1'000, .wrong_state_root = true}
    ));
    // The children of a bad block cannot be built on its chain, only on its header.
    for (int i = 0; i < 2; ++i) {
        auto block = blocks.back()->block();
        auto& header = block.head.header;
        header.previous = blocks.back()->hash();
        header.height = header.height.next();
        header.time.value += 1'000;
        std::get<ledger::Coinbase>(block.transactions[0].payload).height = header.height;
        header.tx_root = ledger::tx_root(block.transactions);
        blocks.push_back(maker.seal(std::move(block)));
    }
    node.connect(first);
    node.answer_headers(first, blocks);
    for (const auto& block : blocks)
        node.send_block(first, block);
    CHECK(node.fixture.chain().tip().hash == own);
    CHECK(node.blamed(Fault::invalid_block) == 1);
    CHECK(node.blames.size() == 1);
    CHECK(node.moves == 0);
    // It is not asked for again.
    node.take<wire::GetBlock>(first);
    node.connect(second);
    node.answer_headers(second, blocks);
    CHECK(node.take<wire::GetBlock>(second).empty());
}

TEST_CASE("BlockSync: an unknown header version is valid, with a warning", "[node][sync][K8]") {
    SyncNode node;
    for (const std::uint32_t version : {ledger::header_version, std::uint32_t{0x20000000}}) {
        auto block = node.fixture.build(node.fixture.chain().tip().hash)->block();
        block.head.header.version = version;
        const auto sealed = node.fixture.seal(std::move(block));
        auto context = node.context();
        REQUIRE(node.sync.accept_block(context, sealed, std::nullopt));
        std::size_t warnings = 0;
        for (const auto& output : node.outbox.take_outputs())
            if (const auto* line = std::get_if<LogEvent>(&output))
                warnings += line->level == LogEvent::Level::warning ? 1U : 0U;
        CHECK(warnings == (version == ledger::header_version ? 0U : 1U));
    }
}

TEST_CASE("BlockSync: an unreadable store asks for a commit, which fails", "[node][sync]") {
    SyncNode node;
    const auto genesis = node.fixture.chain().tip().hash;
    node.fixture.extend(genesis, 2, 8);
    REQUIRE(node.fixture.chain().commit());
    node.fixture.store.bodies.erase(node.fixture.chain().tip().hash);
    ChainFixture maker;
    const auto blocks = build_branch(maker, genesis, 3);
    node.connect(first);
    node.answer_headers(first, {blocks[0], blocks[1], blocks[2]});
    auto context = node.context();
    for (const auto& block : blocks)
        node.sync.on_message(
            context, node.peers.at(first), wire::BlockMessage{.block = block->bytes()}, 0
        );
    std::size_t errors = 0;
    bool is_committing = false;
    for (const auto& output : node.outbox.take_outputs()) {
        is_committing = is_committing || std::holds_alternative<CommitStore>(output);
        if (const auto* line = std::get_if<LogEvent>(&output))
            errors += line->level == LogEvent::Level::error ? 1U : 0U;
    }
    CHECK(is_committing);
    CHECK(errors == 1);
    CHECK_FALSE(node.fixture.chain().commit().has_value());
    CHECK(node.outbox.take_blames().empty());
}

TEST_CASE("BlockSync: a block from the future is kept until it is due", "[node][sync][K5][T1]") {
    SyncNode node;
    ChainFixture maker;
    const auto block = maker.build(
        maker.chain().tip().hash, {.transactions = {}, .miner = 9, .interval_ms = 1'000'000}
    );
    const auto due = UnixMillis{block->head().header.time.value - 10'000};
    node.now.wall = UnixMillis{due.value - 5'000};
    node.connect(first);
    node.answer_headers(first, {});
    node.sent.clear();

    SECTION("its body, without a second download") {
        node.send_block(first, block);
    }
    SECTION("its header") {
        node.answer_headers(first, {block});
    }
    CHECK(node.height() == 0);
    CHECK(node.blames.empty());
    REQUIRE(node.sync.next_wakeup().has_value());
    CHECK(*node.sync.next_wakeup() <= node.now.steady + seconds{5});
    node.wait(milliseconds{4'999});
    CHECK(node.height() == 0);
    node.wait(milliseconds{1});
    if (node.height() == 0) {
        node.answer_headers(first, {block});
        REQUIRE(node.take<wire::GetBlock>(first).size() == 1);
        node.send_block(first, block);
    }
    CHECK(node.height() == 1);
    CHECK(node.blames.empty());
}

TEST_CASE("BlockSync: more requests than allowed are blamed, others wait", "[node][sync]") {
    SyncNode node;
    const auto tip = node.fixture.extend(node.fixture.chain().tip().hash, 1);
    node.connect(first);
    node.outbox.set_queued_bytes(first, send_queue_pause_bytes);
    auto context = node.context();
    const auto& peer = node.peers.at(first);
    for (std::size_t i = 0; i < small_blocks_in_flight_per_peer_max; ++i)
        node.sync.on_message(context, peer, wire::GetBlock{.hash = tip}, 0);
    node.sync.finish(context);
    CHECK(node.outbox.take_blames().empty());
    for (const auto& output : node.outbox.take_outputs())
        CHECK_FALSE(std::holds_alternative<SendBytes>(output));
    node.sync.on_message(context, peer, wire::GetBlock{.hash = tip}, 0);
    CHECK(node.outbox.take_blames() == std::vector{std::pair{first, Fault::too_many_requests}});
    node.outbox.set_queued_bytes(first, 0);
    node.settle(context);
    CHECK(node.take<wire::BlockMessage>(first).size() == small_blocks_in_flight_per_peer_max);
}

}  // namespace cairn::node::test
