#include "tests/unit/storage/store_fixture.hpp"

#include "cairn/codec/binary.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <future>

namespace cairn::test {

using chain::StoreError;
using storage::LmdbStore;

TEST_CASE("Store: a chain comes back from disk as it was committed", "[storage]") {
    const TemporaryDirectory directory;
    ChainFixture source;
    const auto transfer = make_transfer(source.chain().id(), {});
    const auto first = source.build(source.chain().tip().hash, {.transactions = {transfer}});
    REQUIRE(source.chain().submit(first, source.now()));
    const auto tip = source.extend(first->hash(), 30);
    const auto root = source.chain().root_after({});
    {
        auto store = open_store(directory);
        auto chain = open_chain(source, *store);
        for (std::uint64_t height = 1; height <= 31; ++height) {
            const auto hash = source.chain().at(Height{height})->hash;
            auto body = source.chain().read_body(hash).value().value();
            chain::BlockChecker checker{chain->id(), source.spec, *source.engine, 3};
            auto block = std::make_shared<const chain::CheckedBlock>(checker.check(body).value());
            REQUIRE(chain->submit(block, source.now()));
        }
        REQUIRE(chain->commit());
    }
    auto store = open_store(directory);
    auto chain = open_chain(source, *store);
    CHECK(chain->tip().hash == tip);
    CHECK(chain->root_after({}) == root);
    CHECK(
        chain->find_transaction(first->ids()[1]).value() ==
        chain::TransactionPlace{.height = Height{1}, .index = 1}
    );
    CHECK(chain->read_body(BlockHash{}).value() == std::nullopt);
}

TEST_CASE("Store: a reorganisation moves headers between the branches", "[storage][R1]") {
    const TemporaryDirectory directory;
    ChainFixture source;
    const auto genesis = source.chain().tip().hash;
    std::vector<BlockPointer> blocks;
    for (const std::size_t miner : {1U, 2U}) {
        auto parent = genesis;
        for (std::size_t i = 0; i < 2 + miner; ++i) {
            blocks.push_back(source.build(parent, {.transactions = {}, .miner = miner}));
            parent = blocks.back()->hash();
            REQUIRE(source.chain().submit(blocks.back(), source.now()));
        }
    }
    {
        auto store = open_store(directory);
        auto chain = open_chain(source, *store);
        for (const auto& block : blocks) {
            REQUIRE(chain->submit(block, source.now()));
            REQUIRE(chain->commit());
        }
    }
    auto store = open_store(directory);
    auto chain = open_chain(source, *store);
    CHECK(chain->tip().hash == blocks.back()->hash());
    CHECK(chain->branch_tips().size() == 2);
    CHECK(chain->root_after({}) == source.chain().root_after({}));
    const auto* side = chain->find(blocks[2]->hash());
    REQUIRE(side != nullptr);
    CHECK(side->status == chain::BlockStatus::stored);
}

TEST_CASE("Store: who reads while a batch is written finds all of it or nothing", "[storage]") {
    const TemporaryDirectory directory;
    ChainFixture source;
    auto store = open_store(directory);
    auto chain = open_chain(source, *store);
    std::size_t readings = 0;
    for (int i = 0; i < 50; ++i) {
        const auto block = source.build(source.chain().tip().hash);
        REQUIRE(source.chain().submit(block, source.now()));
        REQUIRE(chain->submit(block, source.now()));
        const auto started = chain->begin_commit().value().value();
        auto writing = std::async(std::launch::async, [&started] { return started.write(); });
        do {
            const bool has_body = store->read_body(block->hash()).value().has_value();
            const bool has_place = store->find_transaction(block->ids()[0]).value().has_value();
            REQUIRE((has_place || !has_body));
            ++readings;
        } while (writing.wait_for(std::chrono::seconds{0}) != std::future_status::ready);
        REQUIRE(chain->end_commit(writing.get()));
        REQUIRE(store->read_body(block->hash()).value() == block->bytes());
    }
    CHECK(readings > 50);
}

TEST_CASE("Store: a second user of one directory is refused", "[storage][D7]") {
    const TemporaryDirectory directory;
    const auto first = open_store(directory);
    std::string detail;
    const auto second = LmdbStore::open(directory.path(), &detail);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error() == StoreError::locked);
    CHECK(detail.find("another process") != std::string::npos);
}

TEST_CASE("Store: a file that is not a store is refused", "[storage][D8]") {
    const TemporaryDirectory directory;
    std::ofstream{directory.path() / "data.mdb"} << std::string(8192, 'x');
    std::string detail;
    const auto refused = LmdbStore::open(directory.path(), &detail);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == StoreError::corrupt);
    CHECK_FALSE(detail.empty());
}

TEST_CASE("Store: a body whose bytes changed on disk is never served", "[storage][D3]") {
    const TemporaryDirectory directory;
    ChainFixture source;
    const auto block = source.build(source.chain().tip().hash);
    {
        auto store = open_store(directory);
        auto chain = open_chain(source, *store);
        REQUIRE(chain->submit(block, source.now()));
        REQUIRE(chain->commit());
    }
    const auto path = directory.path() / "data.mdb";
    std::string content;
    {
        std::ifstream file{path, std::ios::binary};
        content.assign(std::istreambuf_iterator<char>{file}, {});
    }
    const auto body = std::string{as_text(block->bytes())};
    const auto place = content.find(body);
    REQUIRE(place != std::string::npos);
    // The last byte of a coinbase: no header, hash or length depends on it.
    for (auto at = place; at != std::string::npos; at = content.find(body, at + 1))
        content[at + body.size() - 2] = static_cast<char>(content[at + body.size() - 2] ^ 1);
    std::ofstream{path, std::ios::binary | std::ios::trunc} << content;
    auto store = open_store(directory);
    const auto read = store->read_body(block->hash());
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error() == StoreError::corrupt);
    CHECK(store->last_detail().find(to_hex(block->hash())) != std::string::npos);
}

}  // namespace cairn::test
