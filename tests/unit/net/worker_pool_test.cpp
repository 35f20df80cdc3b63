#include "src/net/worker_pool.hpp"

#include "tests/support/chain_fixture.hpp"

#include <asio/executor_work_guard.hpp>

#include <map>

using namespace cairn;
using namespace cairn::test;

namespace {

constexpr std::uint64_t block_count = 40;

/// Blocks whose transfers have signatures to check.
std::vector<BlockPointer> make_chain(ChainFixture& maker) {
    std::vector<BlockPointer> blocks;
    for (std::uint64_t nonce = 0; nonce < block_count; ++nonce) {
        std::vector<ledger::Transaction> transactions;
        for (std::uint64_t from = 0; from < 3; ++from)
            transactions.push_back(
                make_transfer(maker.chain().id(), {.from = from, .to = from + 1, .nonce = nonce})
            );
        blocks.push_back(maker.build(maker.chain().tip().hash, {.transactions = transactions}));
        REQUIRE(maker.chain().submit(blocks.back(), maker.now()));
    }
    return blocks;
}

/// The state root after `workers` threads have checked the blocks.
ledger::StateRoot checked_by(std::size_t workers, const std::vector<BlockPointer>& blocks) {
    ChainFixture fixture;
    asio::io_context home{1};
    const auto guard = asio::make_work_guard(home);
    std::map<node::JobId, node::CheckBlockResult> results;
    net::WorkerPool pool{
        home,
        fixture.chain(),
        {.workers = workers, .salt = 7},
        [&](node::JobId id, node::JobResult result, Duration) {
            results.emplace(id, std::get<node::CheckBlockResult>(std::move(result)));
            if (results.size() == blocks.size())
                home.stop();
        }};
    for (std::uint64_t i = 0; i < blocks.size(); ++i)
        pool.start({node::JobId{i}, node::CheckBlockJob{.bytes = blocks[i]->bytes(), .known = {}}});
    home.run();
    for (const auto& [id, result] : results) {
        REQUIRE(result.has_value());
        REQUIRE(fixture.chain().submit(*result, fixture.now()));
    }
    return fixture.chain().root_after({});
}

}  // namespace

TEST_CASE("WorkerPool: one thread and many check blocks to one state", "[net][K10]") {
    ChainFixture maker;
    const auto blocks = make_chain(maker);
    const auto root = maker.chain().root_after({});
    for (const std::size_t workers : {1U, 2U, 8U, 32U})
        CHECK(checked_by(workers, blocks) == root);
}
