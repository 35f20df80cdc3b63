#include "src/app/pool_file.hpp"

#include "tests/unit/app/scratch_directory.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::app;
using cairn::app_test::ScratchDirectory;

namespace {

ChainId chain_number(std::uint8_t number) {
    ChainId chain;
    chain.bytes[0] = number;
    return chain;
}

mempool::SavedPool one_transaction() {
    mempool::SavedTransaction saved{.arrived = UnixMillis{5}, .transaction = {}};
    saved.transaction.payload = ledger::Transfer{{}, Amount{7}, "memo"};
    return {.saved = UnixMillis{9}, .floor_fee = 3, .transactions = {saved}};
}

}  // namespace

TEST_CASE("PoolFile: what was written is read back, and nothing where nothing is", "[app][M7]") {
    const ScratchDirectory scratch;
    const auto path = pool_file(scratch.path());
    CHECK(read_pool_file(path, chain_number(1)).value() == mempool::SavedPool{});
    const auto bytes = mempool::encode_saved_pool(chain_number(1), one_transaction());
    REQUIRE(write_pool_file(path, bytes).has_value());
    REQUIRE(write_pool_file(path, bytes).has_value());
    CHECK(read_pool_file(path, chain_number(1)).value() == one_transaction());
    CHECK_FALSE(std::filesystem::exists(path.string() + ".new"));
}

TEST_CASE("PoolFile: a file that cannot be used is set aside", "[app][M7]") {
    const ScratchDirectory scratch;
    const auto path = pool_file(scratch.path());
    auto bytes = mempool::encode_saved_pool(chain_number(1), one_transaction());
    bytes.back() ^= 1;
    REQUIRE(write_pool_file(path, bytes).has_value());
    const auto read = read_pool_file(path, chain_number(1));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().find("damaged") != std::string::npos);
    CHECK(read.error().find("mempool.dat.corrupt") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(std::filesystem::exists(path.string() + ".corrupt"));
    CHECK(read_pool_file(path, chain_number(1)).value() == mempool::SavedPool{});
}

TEST_CASE("PoolFile: a folder that is missing is a sentence, not a crash", "[app]") {
    const ScratchDirectory scratch;
    const auto path = pool_file(scratch.path()) / "below" / "a file";
    CHECK_FALSE(write_pool_file(path, {}).has_value());
}
