#include "src/ledger/compact_hex.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/codec/timestamp.hpp"
#include "cairn/ledger/block.hpp"

namespace cairn::ledger {

namespace {

void write_head(
    codec::JsonWriter& writer, const BlockJsonContext& context, const SealedHeader& head
) {
    const auto& header = head.header;
    writer(
        codec::field("index", header.height),
        codec::field("hash", context.hash),
        codec::field("prev_hash", header.previous)
    );
    writer.write_name("timestamp");
    writer.write_text(codec::to_timestamp(header.time));
    writer(codec::field("time", header.time));
    writer.write_name("nonce");
    if (const auto nonce = nonce_of(head.seal); nonce && *nonce <= quantity_max)
        writer.write_number(*nonce);
    else
        writer.write_raw("null");
    writer.write_name("target");
    writer.write_hex(compact_bytes(header.target));
    writer.write_name("difficulty");
    writer.write_text(context.difficulty);
    writer(codec::field("tx_root", header.tx_root), codec::field("state_root", header.state_root));
}

void write_summary(codec::JsonWriter& writer, const BlockJsonContext& context, const Block& block) {
    write_head(writer, context, block.head);
    writer.write_name("size");
    writer.write_number(codec::encode(block).size());
    const auto* coinbase = block.transactions.empty()
                               ? nullptr
                               : std::get_if<Coinbase>(&block.transactions.front().payload);
    writer.write_name("miner");
    if (coinbase != nullptr)
        writer.write_text(to_address(coinbase->to, context.prefix));
    else
        writer.write_raw("null");
}

}  // namespace

std::string to_json(const BlockJsonContext& context, const Block& block) {
    codec::JsonWriter writer;
    writer.begin_object();
    write_summary(writer, context, block);
    writer.write_name("data");
    writer.begin_array();
    for (const auto& transaction : block.transactions)
        writer.write_raw(to_json(context.chain, transaction));
    writer.end_array();
    writer.end_object();
    return writer.take();
}

std::string summary_json(const BlockJsonContext& context, const Block& block) {
    codec::JsonWriter writer;
    writer.begin_object();
    write_summary(writer, context, block);
    writer.end_object();
    return writer.take();
}

std::string to_json(const BlockJsonContext& context, const SealedHeader& head) {
    codec::JsonWriter writer;
    writer.begin_object();
    write_head(writer, context, head);
    writer.end_object();
    return writer.take();
}

}  // namespace cairn::ledger
