// The lines that tell the way of a transaction or block.
#include "cairn/node/trace.hpp"

#include "tests/unit/node/relay_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::node {

namespace {

using LogFields = std::vector<std::pair<std::string_view, std::string>>;

struct TraceFixture : cairn::test::RelayFixture {
    TraceFixture() { config.traces = true; }

    /// The fields of the one line that `step` has written.
    LogFields fields_of(std::string_view step) {
        collect();
        const auto lines = logged(step);
        REQUIRE(lines.size() == 1);
        CHECK(lines.front().level == LogEvent::Level::debug);
        return lines.front().fields;
    }
};

}  // namespace

TEST_CASE_METHOD(TraceFixture, "Trace: what ends a transaction's way is told", "[node]") {
    auto now = context();
    const TxId id{};
    trace_refused(now, id, "mempool.fee_too_low");
    trace_dropped(now, {{.id = id, .reason = mempool::DropReason::expired}});
    CHECK(
        fields_of("refused") ==
        LogFields{{"transaction", to_hex(id)}, {"rule", "mempool.fee_too_low"}}
    );
    CHECK(fields_of("dropped") == LogFields{{"transaction", to_hex(id)}, {"reason", "expired"}});
}

TEST_CASE_METHOD(TraceFixture, "Trace: a refused block is told with its rule", "[node]") {
    auto now = context();
    const BlockHash hash{};
    trace_refused(now, hash, {.rule = chain::BlockRule::wrong_state_root});
    CHECK(
        fields_of("refused") ==
        LogFields{{"block", to_hex(hash)}, {"rule", "chain.wrong_state_root"}}
    );
}

TEST_CASE_METHOD(TraceFixture, "Trace: a block that joins tells of each transaction", "[node]") {
    auto now = context();
    const auto block = build(chain().tip().hash);
    trace_stored(now, *block);
    trace_change(now, {.disconnected = {}, .connected = {block}, .invalidated = {}});
    CHECK(fields_of("stored") == LogFields{{"block", to_hex(block->hash())}});
    const auto lines = logged("connected");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].area == "block");
    CHECK(lines[1].area == "transaction");
    CHECK(lines[1].fields.front().second == to_hex(block->ids().front()));
}

TEST_CASE_METHOD(TraceFixture, "Trace: nothing is written unless it is wanted", "[node]") {
    config.traces = false;
    auto now = context();
    const auto& peer = add_peer(1, Direction::inbound);
    trace_relay(now, "announced", {}, peer);
    trace_transaction(now, "told", {}, peer);
    trace_received(now, {}, {}, peer.link);
    trace_accepted(now, {}, {});
    trace_refused(now, TxId{}, "rule");
    trace_block(now, "announced", {}, peer);
    trace_refused(now, BlockHash{}, chain::BlockError{});
    trace_stored(now, *build(chain().tip().hash));
    collect();
    CHECK(logs.empty());
}

}  // namespace cairn::node
