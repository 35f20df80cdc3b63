#include "cairn/node/block_refusal.hpp"

#include "tests/unit/node/sync_network.hpp"

#include <functional>

namespace cairn::node::test {

namespace {

/// Five blocks from genesis of which the third takes one pebble too much. They are built beside a
/// longer chain, which never executes them.
std::vector<BlockPointer> branch_with_greedy_third() {
    ChainFixture maker;
    auto parent = maker.chain().tip().hash;
    maker.extend(parent, 9, 7);
    std::vector<BlockPointer> blocks;
    for (std::size_t i = 0; i < 5; ++i) {
        const std::uint64_t error = i == 2 ? 1 : 0;
        blocks.push_back(
            maker.build(parent, {.transactions = {}, .miner = 9, .reward_error = error})
        );
        REQUIRE(maker.chain().submit(blocks.back(), maker.now()));
        parent = blocks.back()->hash();
    }
    return blocks;
}

ledger::SealedHeader changed(
    const BlockPointer& block, const std::function<void(ledger::Header&)>& change
) {
    auto head = block->head();
    change(head.header);
    return head;
}

}  // namespace

TEST_CASE("BlockRefusals: the block to blame has the numbers, others name it", "[node][sync][R2]") {
    SyncNode node;
    node.fixture.extend(node.fixture.chain().tip().hash, 4, 8);
    const auto blocks = branch_with_greedy_third();
    node.connect(first);
    node.answer_headers(first, blocks);
    for (const auto& block : blocks)
        node.send_block(first, block);
    REQUIRE(node.blamed(Fault::invalid_block) == 1);
    CHECK_FALSE(node.sync.refusal(node.fixture.chain(), blocks[1]->hash()));
    const auto culprit = node.sync.refusal(node.fixture.chain(), blocks[2]->hash());
    REQUIRE(culprit);
    CHECK(culprit->rule == "execution.coinbase_amount");
    CHECK(culprit->expected == "50 pebbles");
    CHECK(culprit->actual == "51 pebbles");
    CHECK(culprit->height == Height{3});
    CHECK_FALSE(culprit->hint.empty());
    const auto last = node.sync.refusal(node.fixture.chain(), blocks[4]->hash());
    REQUIRE(last);
    CHECK(last->rule == "chain.invalid_parent");
    CHECK(last->height == Height{5});
    CHECK(last->actual == "the parent " + to_hex(blocks[3]->hash()));
    CHECK(last->hint == "explain block=" + to_hex(blocks[2]->hash()) + " tells why.");
}

TEST_CASE("BlockRefusals: a header tells what its parent asks for", "[node][sync]") {
    SyncNode node{cairn::test::easy_work_spec()};
    ChainFixture maker{cairn::test::easy_work_spec()};
    const auto block = build_branch(maker, maker.chain().tip().hash, 1)[0];
    const auto refusal_of = [&](const std::function<void(ledger::Header&)>& change) {
        const auto head = changed(block, change);
        node.connect(first);
        node.receive(first, wire::Headers{.headers = {head}});
        const auto refusal = node.sync.refusal(node.fixture.chain(), ledger::block_hash(head));
        REQUIRE(refusal);
        return *refusal;
    };
    const auto height = refusal_of([](auto& header) { header.height = Height{7}; });
    CHECK(height.rule == "consensus.wrong_height");
    CHECK(height.expected == "height 1");
    CHECK(height.actual == "height 7");
    CHECK(height.height == Height{7});
    const auto time = refusal_of([](auto& header) { header.time = UnixMillis{5}; });
    CHECK(time.rule == "consensus.time_not_later");
    CHECK(time.expected.starts_with("after " + std::to_string(maker.spec.time.value) + " ms ("));
    CHECK(time.actual == "5 ms (01/01/1970, 00:00:00 UTC)");
    const auto target = refusal_of([](auto& header) { header.target = 0x20300000; });
    CHECK(target.rule == "consensus.wrong_target");
    CHECK(target.expected.substr(0, 8) == "40000000");
    CHECK(target.actual.substr(0, 8) == "30000000");
    const auto chain = refusal_of([](auto& header) { header.chain.bytes[0] ^= 1; });
    CHECK(chain.rule == "consensus.wrong_chain");
    CHECK(chain.expected != chain.actual);
}

TEST_CASE("BlockRefusals: a time that is still to come is told until it has come", "[node][sync]") {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, 1);
    const auto time = blocks[0]->head().header.time.value;
    node.connect(first);
    node.now.wall = UnixMillis{time - 10'001};
    node.answer_headers(first, blocks);
    REQUIRE(node.fixture.chain().find(blocks[0]->hash()) == nullptr);
    const auto early = node.sync.refusal(node.fixture.chain(), blocks[0]->hash());
    REQUIRE(early);
    CHECK(early->rule == "consensus.too_early");
    CHECK(early->expected == "at most 10000 ms ahead of this node's clock");
    CHECK(early->actual.starts_with(std::to_string(time) + " ms ("));
    REQUIRE(node.fixture.chain().submit(blocks[0], UnixMillis{time}));
    CHECK_FALSE(node.sync.refusal(node.fixture.chain(), blocks[0]->hash()));
}

TEST_CASE("BlockRefusals: what the operator sets aside is told apart", "[node][sync][explain]") {
    SyncNode node;
    const auto third = node.fixture.extend(node.fixture.chain().tip().hash, 3);
    const auto middle = node.fixture.chain().at(Height{2})->hash;
    auto context = node.context();
    REQUIRE(node.sync.set_aside(context, middle));
    CHECK(node.height() == 1);
    const auto told = node.sync.refusal(node.fixture.chain(), middle);
    REQUIRE(told);
    CHECK(told->rule == "node.set_aside");
    CHECK(told->height == Height{2});
    CHECK_FALSE(told->expected.empty());
    CHECK_FALSE(told->actual.empty());
    const auto above = node.sync.refusal(node.fixture.chain(), third);
    REQUIRE(above);
    CHECK(above->rule == "chain.invalid_parent");
    CHECK(above->hint == "explain block=" + to_hex(middle) + " tells why.");
    CHECK(
        node.sync.set_aside(context, BlockHash{}).error().rule == chain::BlockRule::unknown_parent
    );
}

TEST_CASE("BlockRefusals: after a restart a block is invalid for an old reason", "[node][sync]") {
    SyncNode node;
    const auto third = node.fixture.extend(node.fixture.chain().tip().hash, 3);
    const auto middle = node.fixture.chain().at(Height{2})->hash;
    REQUIRE(node.fixture.chain().invalidate(middle));
    const BlockRefusals fresh;
    const auto told = fresh.find(node.fixture.chain(), middle);
    REQUIRE(told);
    CHECK(told->rule == "chain.known_invalid");
    CHECK(told->message.find("Before this node was started") == 0);
    CHECK(told->height == Height{2});
    CHECK(fresh.find(node.fixture.chain(), third)->rule == "chain.invalid_parent");
    CHECK_FALSE(fresh.find(node.fixture.chain(), node.fixture.chain().tip().hash));
    CHECK_FALSE(fresh.find(node.fixture.chain(), BlockHash{}));
}

TEST_CASE("BlockRefusals: a hash is known to be invalid without its header", "[node][sync]") {
    ChainFixture fixture;
    ChainFixture maker;
    const auto block = build_branch(maker, maker.chain().tip().hash, 1)[0];
    REQUIRE(fixture.chain().add_header(block->head(), block->hash(), fixture.now()));
    REQUIRE(fixture.chain().invalidate(block->hash()));
    REQUIRE(fixture.chain().commit());
    fixture.reopen();
    REQUIRE(fixture.chain().find(block->hash()) == nullptr);
    const auto told = BlockRefusals{}.find(fixture.chain(), block->hash());
    REQUIRE(told);
    CHECK(told->rule == "chain.known_invalid");
    CHECK_FALSE(told->height);
}

TEST_CASE("BlockRefusals: a wrong state root is told with the root", "[node][sync][K11]") {
    SyncNode node;
    ChainFixture maker;
    const auto block = maker.build(
        maker.chain().tip().hash,
        {.transactions = {}, .miner = 9, .interval_ms = 1'000, .wrong_state_root = true}
    );
    node.connect(first);
    node.answer_headers(first, {block});
    node.send_block(first, block);
    const auto refusal = node.sync.refusal(node.fixture.chain(), block->hash());
    REQUIRE(refusal);
    CHECK(refusal->rule == "chain.wrong_state_root");
    CHECK(refusal->actual == to_hex(block->head().header.state_root));
    auto right = block->head().header.state_root;
    right.bytes[0] ^= 1;
    CHECK(refusal->expected == to_hex(right));
    CHECK(node.height() == 0);
}

TEST_CASE("RefusalMemory: the oldest make room", "[node]") {
    RefusalMemory<BlockHash> memory;
    const auto hash_number = [](std::size_t number) {
        BlockHash hash;
        hash.bytes[0] = static_cast<std::uint8_t>(number);
        hash.bytes[1] = static_cast<std::uint8_t>(number >> 8U);
        return hash;
    };
    for (std::size_t i = 0; i < refusals_remembered_max; ++i)
        memory.remember(hash_number(i), {.code = "rejected"});
    CHECK(memory.find(hash_number(0)));
    memory.remember(hash_number(refusals_remembered_max), {.code = "rejected"});
    CHECK_FALSE(memory.find(hash_number(0)));
    CHECK(memory.find(hash_number(1)));
    CHECK(memory.find(hash_number(refusals_remembered_max)));
}

}  // namespace cairn::node::test
