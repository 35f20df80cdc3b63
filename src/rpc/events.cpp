#include "cairn/rpc/events.hpp"

#include "cairn/codec/json.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

using BlockList = std::vector<std::shared_ptr<const chain::CheckedBlock>>;

void write_blocks(codec::JsonWriter& writer, std::string_view name, const BlockList& blocks) {
    writer.write_name(name);
    writer.begin_array();
    const auto count = std::min(blocks.size(), reorganisation_blocks_max);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& block = *blocks[i];
        writer.begin_object();
        writer(
            codec::field("height", block.head().header.height), codec::field("hash", block.hash())
        );
        writer.end_object();
    }
    writer.end_array();
}

Event reorganisation_event(const chain::ChainChange& change) {
    codec::JsonWriter writer;
    writer.begin_object();
    writer.write_name("left");
    writer.write_number(change.disconnected.size());
    writer.write_name("joined");
    writer.write_number(change.connected.size());
    write_blocks(writer, "disconnected", change.disconnected);
    write_blocks(writer, "connected", change.connected);
    writer.end_object();
    return {.type = "reorganisation", .data = writer.take()};
}

Event block_event(const chain::CheckedBlock& block) {
    const auto& header = block.head().header;
    codec::JsonWriter writer;
    writer.begin_object();
    writer(
        codec::field("height", header.height),
        codec::field("hash", block.hash()),
        codec::field("prev_hash", header.previous),
        codec::field("time", header.time)
    );
    writer.write_name("transactions");
    writer.write_number(block.ids().size());
    writer.write_name("size");
    writer.write_number(block.bytes().size());
    writer.end_object();
    return {.type = "block", .data = writer.take()};
}

}  // namespace

std::vector<Event> to_events(const node::ChainEvent& happened) {
    const auto& change = *happened.change;
    std::vector<Event> events;
    if (change.is_reorganisation())
        events.push_back(reorganisation_event(change));
    for (const auto& block : change.connected)
        events.push_back(block_event(*block));
    return events;
}

Event to_event(const node::PoolEvent& happened) {
    const auto& transaction = happened.transaction->transaction();
    codec::JsonWriter writer;
    writer.begin_object();
    writer(
        codec::field("transaction", happened.transaction->id()),
        codec::field("from", transaction.from),
        codec::field("nonce", transaction.nonce),
        codec::field("fee", transaction.fee)
    );
    writer.write_name("size");
    writer.write_number(happened.transaction->size());
    writer.end_object();
    return {.type = "transaction", .data = writer.take()};
}

Event to_event(const node::PeerEvent& happened) {
    codec::JsonWriter writer;
    const auto write = [&writer](std::string_view name, std::string_view text) {
        writer.write_name(name);
        writer.write_text(text);
    };
    const bool is_inbound = happened.direction == node::Direction::inbound;
    writer.begin_object();
    write("address", node::to_string(happened.address));
    write("direction", is_inbound ? "inbound" : "outbound");
    write("status", happened.is_ready ? "ready" : "gone");
    writer.end_object();
    return {.type = "peer", .data = writer.take()};
}

}  // namespace cairn::rpc
