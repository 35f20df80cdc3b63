#include "src/net/commit_writer.hpp"

#include "tests/support/memory_store.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <string>

using namespace cairn;
using namespace cairn::test;

namespace {

/// A store that writes once the test lets it.
struct SlowStore final : MemoryStore {
    Result<void, chain::StoreError> commit(const chain::StoreBatch& batch) override {
        gate.get_future().wait();
        gate = {};
        return MemoryStore::commit(batch);
    }

    std::promise<void> gate;
};

struct WriterFixture {
    void start() {
        writer.start(chain::StartedCommit{store, std::make_shared<const chain::StoreBatch>()});
    }

    void let_write() { store.gate.set_value(); }

    /// Lets the home thread take what is ready, or the next.
    void poll() {
        home.restart();
        home.poll();
    }

    void run_one() {
        home.restart();
        home.run_one();
    }

    SlowStore store{};
    asio::io_context home{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(home);
    /// Written (w) or not (e), and finished (f).
    std::string told{};
    net::CommitWriter writer{
        home,
        {.written = [this](const auto& written) { told += written ? 'w' : 'e'; },
         .finished = [this] { told += 'f'; }}};
};

}  // namespace

TEST_CASE("CommitWriter: the home thread goes on while it writes", "[net]") {
    WriterFixture fixture;
    for (const char* told : {"wf", "wfwf"}) {
        const auto before = fixture.told;
        fixture.start();
        fixture.poll();
        CHECK(fixture.told == before);
        fixture.let_write();
        fixture.run_one();
        CHECK(fixture.told == told);
    }
    CHECK(fixture.store.commits == 2);
}

TEST_CASE("CommitWriter: who waits has the result, and is told of the end after", "[net]") {
    WriterFixture fixture;
    fixture.writer.wait();
    CHECK(fixture.told.empty());
    fixture.start();
    fixture.let_write();
    fixture.writer.wait();
    CHECK(fixture.told == "w");
    CHECK(fixture.store.commits == 1);
    fixture.writer.wait();
    CHECK(fixture.told == "w");
    fixture.run_one();
    CHECK(fixture.told == "wf");
}

TEST_CASE("CommitWriter: a write that fails is told", "[net][D4]") {
    WriterFixture fixture;
    fixture.store.fail_next_commit = true;
    fixture.start();
    fixture.let_write();
    fixture.run_one();
    CHECK(fixture.told == "ef");
}

TEST_CASE("CommitWriter: nothing to write is finished at once", "[net]") {
    WriterFixture fixture;
    fixture.writer.start(std::nullopt);
    CHECK(fixture.told.empty());
    fixture.run_one();
    CHECK(fixture.told == "f");
    CHECK(fixture.store.commits == 0);
}

TEST_CASE("CommitWriter: its end waits for what it writes, and tells nobody", "[net]") {
    SlowStore store;
    std::string told;
    {
        asio::io_context home{1};
        net::CommitWriter writer{
            home, {.written = [&](const auto&) { told += 'w'; }, .finished = [&] { told += 'f'; }}};
        writer.start(chain::StartedCommit{store, std::make_shared<const chain::StoreBatch>()});
        store.gate.set_value();
    }
    CHECK(store.commits == 1);
    CHECK(told.empty());
}
