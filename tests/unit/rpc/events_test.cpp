// Events as listeners read them.
#include "cairn/rpc/events.hpp"

#include "tests/support/pool_fixture.hpp"
#include "tests/unit/rpc/rpc_fixture.hpp"

using namespace cairn;
using namespace cairn::rpc;

namespace {

struct EventFixture : test::ChainFixture {
    /// A block on `parent`, submitted.
    chain::ChainChange extend(const BlockHash& parent, std::uint64_t salt) {
        const auto block = build(
            parent,
            {.transactions = {test::make_transfer(chain().id(), {.amount = salt, .fee = salt})}}
        );
        auto change = chain().submit(block, now());
        REQUIRE(change.has_value());
        return std::move(*change);
    }
};

std::string number_of(const Event& event, const char* name) {
    const auto document = codec::parse_json(event.data);
    REQUIRE(document.has_value());
    const auto* field = document->find(name);
    REQUIRE(field != nullptr);
    return codec::to_text(*field);
}

}  // namespace

TEST_CASE("Events: a new block is one event", "[rpc][events]") {
    EventFixture fixture;
    const auto parent = fixture.chain().tip().hash;
    const auto change = fixture.extend(parent, 1);
    const auto events =
        to_events(node::ChainEvent{std::make_shared<const chain::ChainChange>(change)});
    REQUIRE(events.size() == 1);
    CHECK(events.front().type == "block");
    CHECK(number_of(events.front(), "height") == "1");
    CHECK(number_of(events.front(), "transactions") == "2");
    CHECK(number_of(events.front(), "prev_hash") == '"' + to_hex(parent) + '"');
}

TEST_CASE("Events: a reorganisation tells both sides before the new blocks", "[rpc][events]") {
    EventFixture fixture;
    const auto fork = fixture.chain().tip().hash;
    const auto left = fixture.extend(fork, 1).connected.front()->hash();
    const auto first = fixture.build(fork, {});
    REQUIRE(fixture.chain().submit(first, fixture.now()).has_value());
    const auto change = fixture.extend(first->hash(), 2);
    REQUIRE(change.is_reorganisation());
    const auto events =
        to_events(node::ChainEvent{std::make_shared<const chain::ChainChange>(change)});
    REQUIRE(events.size() == 3);
    CHECK(events[0].type == "reorganisation");
    CHECK(number_of(events[0], "left") == "1");
    CHECK(number_of(events[0], "joined") == "2");
    CHECK(events[0].data.find(to_hex(left)) != std::string::npos);
    CHECK(events[1].type == "block");
    CHECK(number_of(events[2], "height") == "2");
}

TEST_CASE("Events: of a deep reorganisation 100 blocks a side are listed", "[rpc][events]") {
    EventFixture fixture;
    const auto parent = fixture.chain().tip().hash;
    const auto block = fixture.extend(parent, 1).connected.front();
    const auto listed = [&](std::size_t count) {
        chain::ChainChange change;
        change.disconnected.assign(count, block);
        change.connected.assign(1, block);
        const auto events =
            to_events(node::ChainEvent{std::make_shared<const chain::ChainChange>(change)});
        const auto document = codec::parse_json(events.front().data);
        REQUIRE(document.has_value());
        return document->find("disconnected")->if_array()->size();
    };
    CHECK(listed(reorganisation_blocks_max) == reorganisation_blocks_max);
    CHECK(listed(reorganisation_blocks_max + 1) == reorganisation_blocks_max);
}

TEST_CASE("Events: a transaction that waits tells who pays what", "[rpc][events]") {
    const auto transaction = test::unsigned_transfer(ChainId{}, {.fee = 7, .nonce = 3});
    const auto event = to_event(node::PoolEvent{transaction});
    CHECK(event.type == "transaction");
    CHECK(number_of(event, "transaction") == '"' + to_hex(transaction->id()) + '"');
    CHECK(number_of(event, "nonce") == "3");
    CHECK(number_of(event, "fee") == "7");
    CHECK(number_of(event, "size") == std::to_string(transaction->size()));
    CHECK(number_of(event, "from").size() > 2);
}

TEST_CASE("Events: a peer that came and one that went are told apart", "[rpc][events]") {
    const auto came = to_event(node::PeerEvent{
        .address = {"10.0.0.2", 5001}, .direction = node::Direction::outbound, .is_ready = true});
    CHECK(came.type == "peer");
    CHECK(came.data == R"({"address":"10.0.0.2:5001","direction":"outbound","status":"ready"})");
    const auto gone = to_event(node::PeerEvent{.address = {"::1", 5001}});
    CHECK(gone.data == R"({"address":"[::1]:5001","direction":"inbound","status":"gone"})");
}
