/// Stores and chains on disk, opened with what must hold.
#pragma once

#include "tests/support/chain_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

#include "cairn/storage/lmdb_store.hpp"

#include <catch2/catch.hpp>

namespace cairn::test {

inline std::unique_ptr<storage::LmdbStore> open_store(const TemporaryDirectory& directory) {
    std::string detail;
    auto store = storage::LmdbStore::open(directory.path(), &detail);
    INFO(detail);
    REQUIRE(store.has_value());
    return std::move(*store);
}

inline std::unique_ptr<chain::Blockchain> open_chain(
    const ChainFixture& like, storage::LmdbStore& store
) {
    auto opened = chain::Blockchain::open(like.spec, *like.engine, store, 1);
    REQUIRE(opened.has_value());
    return std::move(*opened);
}

}  // namespace cairn::test
