#include "cairn/node/block_download.hpp"

#include "tests/unit/node/sync_network.hpp"

namespace cairn::node::test {

namespace {

/// Half of what has to come in the ten seconds that are measured: it counts twice, as come, and as
/// what is on its way.
constexpr std::size_t enough_bytes = 10 * download_bytes_per_second_min / 2;

/// A download of forty blocks, of which a peer has shown the headers.
struct Download {
    Download() : blocks{build_branch(maker, maker.chain().tip().hash, 40)} {}

    void add(LinkId link) {
        node.peers[link].link = link;
        auto context = node.context();
        headers.on_peer_ready(context, node.peers[link]);
        wire::Headers message;
        for (const auto& block : blocks)
            message.headers.push_back(block->head());
        ++requests;
        headers.on_headers(context, node.peers[link], message, requests, parked, refusals);
    }

    void begin() {
        download.follow(node.fixture.chain());
        auto context = node.context();
        download.request(context, headers);
        check();
    }

    /// The next block that `link` was asked for comes.
    void deliver(LinkId link, std::size_t bytes) {
        for (const auto& block : blocks) {
            const auto receipt = download.on_block(node.now, link, block->hash(), bytes);
            if (receipt != BlockDownload::Receipt::unrequested)
                return;
        }
        FAIL("nothing was asked of this peer");
    }

    void check() {
        auto context = node.context();
        download.check_progress(context, headers, BlockDownload::Phase::following);
    }

    SyncNode node;
    ChainFixture maker;
    std::vector<BlockPointer> blocks;
    HeaderSync headers;
    ParkedBlocks parked;
    BlockRefusals refusals;
    BlockDownload download{200'000};
    std::uint32_t requests = 0;
};

}  // namespace

TEST_CASE("BlockDownload: a peer below 128 KiB/s gives way to another", "[node][sync]") {
    const bool is_enough = GENERATE(true, false);
    const std::size_t bytes = is_enough ? enough_bytes : enough_bytes - 1;
    Download test;
    test.add(first);
    test.add(second);
    test.begin();
    test.node.now.steady = test.node.now.steady + seconds{5};
    test.deliver(second, enough_bytes);
    test.deliver(first, bytes);
    test.check();
    CHECK(test.node.outbox.take_blames().empty());
    REQUIRE(test.download.next_wakeup());
    CHECK(*test.download.next_wakeup() == test.node.now.steady + seconds{5});
    test.node.now.steady = test.node.now.steady + seconds{5};
    test.check();
    const auto blames = test.node.outbox.take_blames();
    if (is_enough) {
        CHECK(blames.empty());
    } else {
        REQUIRE(blames.size() == 1);
        CHECK(blames.front() == std::pair{first, Fault::stalled});
        CHECK(test.headers.proven_tip(first) == nullptr);
    }
}

TEST_CASE("BlockDownload: a slow peer is better than none", "[node][sync]") {
    Download test;
    test.add(first);
    test.begin();
    for (int i = 0; i < 3; ++i) {
        test.node.now.steady = test.node.now.steady + seconds{10};
        test.deliver(first, 1'000);
        test.check();
    }
    CHECK(test.node.outbox.take_blames().empty());
}

TEST_CASE("BlockDownload: small blocks are not held to a rate", "[node][sync]") {
    Download test;
    test.download = BlockDownload{1'000};
    test.add(first);
    test.add(second);
    test.begin();
    for (int i = 0; i < 5; ++i) {
        test.node.now.steady = test.node.now.steady + seconds{10};
        test.deliver(first, 1'000);
        test.deliver(second, 1'000);
        test.check();
    }
    CHECK(test.node.outbox.take_blames().empty());
}

}  // namespace cairn::node::test
