#include "tests/support/index_twin.hpp"
#include "tests/unit/storage/store_fixture.hpp"

#include "cairn/codec/binary.hpp"

#include <lmdb.h>

namespace cairn::test {

using chain::StoreError;
using storage::LmdbStore;

namespace {

/// An LMDB transaction on a store's files, as another version of the program might write.
struct ForeignWriter {
    explicit ForeignWriter(const TemporaryDirectory& directory) {
        REQUIRE(mdb_env_create(&environment) == MDB_SUCCESS);
        mdb_env_set_maxdbs(environment, 16);
        mdb_env_set_mapsize(environment, storage::map_bytes_max);
        REQUIRE(
            mdb_env_open(environment, directory.path().c_str(), MDB_NOLOCK, 0600) == MDB_SUCCESS
        );
        REQUIRE(mdb_txn_begin(environment, nullptr, 0, &transaction) == MDB_SUCCESS);
    }

    ~ForeignWriter() {
        CHECK(mdb_txn_commit(transaction) == MDB_SUCCESS);
        mdb_env_close(environment);
    }

    ForeignWriter(const ForeignWriter&) = delete;
    ForeignWriter& operator=(const ForeignWriter&) = delete;

    MDB_dbi table(const char* name) const {
        MDB_dbi handle = 0;
        REQUIRE(mdb_dbi_open(transaction, name, 0, &handle) == MDB_SUCCESS);
        return handle;
    }

    void put(const char* name, ByteView key, ByteView content) const {
        const Bytes copy{key.begin(), key.end()};
        MDB_val target{key.size(), const_cast<std::uint8_t*>(copy.data())};
        MDB_val value{content.size(), const_cast<std::uint8_t*>(content.data())};
        REQUIRE(mdb_put(transaction, table(name), &target, &value, 0) == MDB_SUCCESS);
    }

    void set_format(std::uint32_t version) const {
        put("meta", as_bytes("format"), codec::encode(version));
    }

    MDB_env* environment = nullptr;
    MDB_txn* transaction = nullptr;
};

}  // namespace

TEST_CASE("Store: a later format version is refused with a sentence", "[storage][D9]") {
    const TemporaryDirectory directory;
    open_store(directory).reset();
    for (const std::uint32_t version : {storage::format_version + 1, 0U}) {
        ForeignWriter{directory}.set_format(version);
        std::string detail;
        const auto refused = LmdbStore::open(directory.path(), &detail);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error() == StoreError::version);
        CHECK(
            detail ==
            "the store has format " + std::to_string(version) + ", this program writes format 2"
        );
    }
}

TEST_CASE("Store: a store of version 1 gets its indexes from the bodies", "[storage][D9]") {
    const TemporaryDirectory directory;
    ChainFixture source;
    Random random{7};
    {
        auto store = open_store(directory);
        auto chain = open_chain(source, *store);
        for (int step = 0; step < 40; ++step) {
            const auto block = random_block(source, random);
            REQUIRE(source.chain().submit(block, source.now()));
            REQUIRE(chain->submit(block, source.now()));
        }
        REQUIRE(chain->commit());
    }
    {
        // What an earlier version leaves behind, and the rest of an attempt that was cut off.
        const ForeignWriter writer{directory};
        for (const auto* name : {"history", "streams", "records"})
            REQUIRE(mdb_drop(writer.transaction, writer.table(name), 0) == MDB_SUCCESS);
        writer.put("history", account_number(1).view(), Bytes{0, 0, 0, 0, 0, 9, 0, 9});
        writer.set_format(1);
    }
    for (int restart = 0; restart < 2; ++restart) {
        auto store = open_store(directory);
        const auto chain = open_chain(source, *store);
        CHECK(chain->tip().hash == source.chain().tip().hash);
        check_index(*chain, random);
    }
}

TEST_CASE("Store: a version 1 with a damaged body is refused as corrupt", "[storage][D9]") {
    const TemporaryDirectory directory;
    ChainFixture source;
    const auto block = source.build(source.chain().tip().hash);
    {
        auto store = open_store(directory);
        auto chain = open_chain(source, *store);
        REQUIRE(chain->submit(block, source.now()));
        REQUIRE(chain->commit());
    }
    {
        const ForeignWriter writer{directory};
        writer.put("bodies", block->hash().view(), Bytes(20, 1));
        writer.set_format(1);
    }
    std::string detail;
    const auto refused = LmdbStore::open(directory.path(), &detail);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == StoreError::corrupt);
    CHECK(detail == "the body of block 1 cannot be read");
}

}  // namespace cairn::test
