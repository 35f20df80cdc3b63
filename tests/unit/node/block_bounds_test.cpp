// How many blocks are asked for, and how many wait for their time.
#include "tests/unit/node/sync_network.hpp"

#include "cairn/node/parked_blocks.hpp"

namespace cairn::node::test {

namespace {

ParkedBlock parked_block(std::uint64_t number, std::size_t body_bytes) {
    ParkedBlock block;
    block.head.header.time = UnixMillis{number};
    block.hash.bytes[0] = static_cast<std::uint8_t>(number);
    if (body_bytes > 0)
        block.body = Bytes(body_bytes);
    return block;
}

}  // namespace

TEST_CASE("ParkedBlocks: 64 wait, and of 65 the one that is due last goes", "[node][sync]") {
    ParkedBlocks parked;
    for (std::uint64_t i = 1; i <= parked_blocks_max; ++i)
        parked.park(parked_block(i, 1));
    CHECK(parked.size() == parked_blocks_max);
    parked.park(parked_block(0, 1));
    CHECK(parked.size() == parked_blocks_max);
    CHECK(parked.bytes() == parked_blocks_max);
    const auto due = parked.take_due(UnixMillis{1'000});
    CHECK(due.front().head.header.time.value == 0);
    CHECK(due.back().head.header.time.value == parked_blocks_max - 1);
    CHECK(parked.bytes() == 0);
}

TEST_CASE("ParkedBlocks: bodies wait up to 16 MiB, then headers alone", "[node][sync]") {
    ParkedBlocks parked;
    parked.park(parked_block(1, parked_bytes_max));
    parked.park(parked_block(2, 1));
    CHECK(parked.bytes() == parked_bytes_max);
    const auto due = parked.take_due(UnixMillis{2});
    REQUIRE(due.size() == 2);
    CHECK(due[0].body.has_value());
    CHECK_FALSE(due[1].body.has_value());
    parked.park(parked_block(3, parked_bytes_max + 1));
    CHECK(parked.bytes() == 0);
}

TEST_CASE("BlockSync: 16 blocks are asked of a peer, out of a window of 1024", "[node][sync]") {
    SyncNode node;
    ChainFixture maker;
    const auto blocks = build_branch(maker, maker.chain().tip().hash, download_window + 1);
    const auto wanted = [&] {
        for (const auto& queue : node.sync.queues())
            if (queue.name == "blocks_wanted")
                return queue.size;
        return std::size_t{0};
    };
    node.connect(first);
    node.answer_headers(first, blocks);
    CHECK(wanted() == download_window);
    // Their size is not known yet, so it is taken to be the largest.
    CHECK(node.take<wire::GetBlock>(first).size() == blocks_in_flight_per_peer_max);
}

}  // namespace cairn::node::test
