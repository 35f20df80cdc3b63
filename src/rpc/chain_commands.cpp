// Blocks, headers, and what has to wait for them.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"

namespace cairn::rpc {

namespace {

/// What the block hash is taken of.
Bytes raw_header(const ledger::SealedHeader& head) {
    const auto header = ledger::encode_header(head.header);
    Bytes bytes{header.begin(), header.end()};
    bytes.insert(bytes.end(), head.seal.begin(), head.seal.end());
    return bytes;
}

/// `next` where the list that began at `from` goes on. A page of nothing leads nowhere: who follows
/// it would ask for it again.
void write_next(const Call& call, Height from, Height height) {
    if (height == from || call.view.chain().at(height) == nullptr)
        return;
    call.reply.write_name("next");
    call.reply.write_number(height.value);
}

}  // namespace

Outcome get_chain(const Call& call, const ChainRequest& request) {
    const auto& chain = call.view.chain();
    auto& reply = call.reply;
    reply.write_name("length");
    reply.write_number(chain.tip().height().value + 1);
    reply.write_name("from");
    reply.write_number(request.from.value);
    reply.write_name("chain");
    reply.begin_array();
    auto height = request.from;
    for (std::uint64_t i = 0; i < request.count.value; ++i, height = height.next()) {
        const auto* entry = chain.at(height);
        if (entry == nullptr || reply.text().size() > list_bytes_max)
            break;
        const auto block = read_block(chain, *entry);
        if (!block)
            return block.error();
        reply.write_raw(block_json(chain, *entry, *block));
    }
    reply.end_array();
    write_next(call, request.from, height);
    return Done{};
}

Outcome get_block(const Call& call, const BlockRequest& request) {
    if (request.height.has_value() == request.hash.has_value())
        return bad_field("height", "either height or hash", request.height ? "both" : "neither");
    const auto& chain = call.view.chain();
    const auto* entry = request.height ? chain.at(*request.height) : chain.find(*request.hash);
    if (entry == nullptr)
        return block_not_found(chain, request);
    const auto block = read_block(chain, *entry);
    if (!block)
        return block.error();
    call.reply.write_raw_field("block", block_json(chain, *entry, *block));
    call.reply.write_name("confirmations");
    call.reply.write_number(confirmations_of(chain, *entry));
    return Done{};
}

Outcome get_headers(const Call& call, const HeadersRequest& request) {
    const auto& chain = call.view.chain();
    auto& reply = call.reply;
    const bool is_raw = request.raw.value_or(false);
    const auto* first = chain.at(request.from);
    if (is_raw && first != nullptr) {
        reply.write_name("clock");
        reply.write_text(std::to_string(first->point.clock));
    }
    reply.write_name("headers");
    reply.begin_array();
    auto height = request.from;
    for (std::uint64_t i = 0; i < request.count.value; ++i, height = height.next()) {
        const auto* entry = chain.at(height);
        if (entry == nullptr || reply.text().size() > list_bytes_max)
            break;
        if (is_raw)
            reply.write_hex(raw_header(entry->head));
        else
            reply.write_raw(header_json(chain, *entry));
    }
    reply.end_array();
    write_next(call, request.from, height);
    return Done{};
}

Outcome validate(const Call& call, const ValidateRequest& request) {
    const auto tip = call.view.chain().tip().height();
    if (request.from > tip)
        return bad_field(
            "from",
            "a height of at most " + std::to_string(tip.value),
            std::to_string(request.from.value)
        );
    return Validating{.from = request.from};
}

Outcome wait(const Call& call, const WaitRequest& request) {
    if (!request.height && !request.transaction)
        return bad_field("height", "height, transaction, or both", "neither");
    return Waiting{
        .request = request,
        .until = call.now.steady + milliseconds{request.timeout_ms.value},
    };
}

}  // namespace cairn::rpc
