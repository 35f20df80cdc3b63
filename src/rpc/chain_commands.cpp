// Blocks, headers, and what has to wait for them.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"
#include "src/rpc/listed_page.hpp"
#include "src/rpc/page.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

/// What the block hash is taken of.
Bytes raw_header(const ledger::SealedHeader& head) {
    const auto header = ledger::encode_header(head.header);
    Bytes bytes{header.begin(), header.end()};
    bytes.insert(bytes.end(), head.seal.begin(), head.seal.end());
    return bytes;
}

/// A page of the active chain.
struct ChainPage {
    Page elements;
    /// The lowest height.
    Height from;
    PageLinks<std::uint64_t> links;
};

/// The page that `request` asks for; `to_json` gives an element's JSON.
/// Errors: `bad_field` for two ends; those of `to_json`.
template <class Request, class ToJson>
Result<ChainPage, Error> read_page(const Call& call, const Request& request, ToJson to_json) {
    if (request.before && request.from > Height{0})
        return tl::unexpected{two_ends()};
    const auto& chain = call.view.chain();
    const auto length = chain.tip().height().value + 1;
    const bool is_down = request.before.has_value();
    const auto start = is_down ? std::min(request.before->value, length) : request.from.value;
    Page page{is_down ? PageDirection::backwards : PageDirection::onwards, request.count.value};
    // Going down, it stands above the block that is next.
    auto at = start;
    while (!page.is_full() && (is_down ? at > 0 : at < length)) {
        auto element = to_json(*chain.at(Height{is_down ? at - 1 : at}));
        if (!element)
            return tl::unexpected{element.error()};
        if (!page.has_room_for(*element))
            break;
        page.add(std::move(*element));
        at = is_down ? at - 1 : at + 1;
    }
    const auto [low, high] = std::minmax(start, at);
    PageLinks<std::uint64_t> links;
    // A page of nothing, asked for as such, leads nowhere: who follows it would get it again.
    if (request.count.value > 0 && high < length)
        links.next = high;
    if (request.count.value > 0 && low > 0)
        links.previous = std::min(low, length);
    return ChainPage{.elements = std::move(page), .from = Height{low}, .links = links};
}

/// A block that a request names, with its entry.
struct NamedBlock {
    const chain::BlockEntry* entry = nullptr;
    ledger::Block block;
};

/// Errors: `bad_field` unless one of the two is given, `not_found`, `internal`.
Result<NamedBlock, Error> read_named(const Call& call, const BlockRequest& request) {
    if (request.height.has_value() == request.hash.has_value())
        return tl::unexpected{
            bad_field("height", "either height or hash", request.height ? "both" : "neither")};
    const auto& chain = call.view.chain();
    const auto* entry = request.height ? chain.at(*request.height) : chain.find(*request.hash);
    if (entry == nullptr)
        return tl::unexpected{block_not_found(chain, request)};
    return read_block(chain, *entry).map([entry](ledger::Block&& block) {
        return NamedBlock{.entry = entry, .block = std::move(block)};
    });
}

}  // namespace

Outcome get_chain(const Call& call, const ChainRequest& request) {
    const auto& chain = call.view.chain();
    const auto page = read_page(call, request, [&chain](const chain::BlockEntry& entry) {
        return read_block(chain, entry).map([&](const ledger::Block& block) {
            return block_json(chain, entry, block);
        });
    });
    if (!page)
        return page.error();
    auto& reply = call.reply;
    reply.write_name("length");
    reply.write_number(chain.tip().height().value + 1);
    reply(codec::field("from", page->from));
    page->elements.write(reply, "chain");
    write_links(reply, page->links);
    return Done{};
}

Outcome get_block(const Call& call, const BlockRequest& request) {
    const auto named = read_named(call, request);
    if (!named)
        return named.error();
    const auto& chain = call.view.chain();
    call.reply.write_raw_field("block", block_json(chain, *named->entry, named->block));
    call.reply.write_name("confirmations");
    call.reply.write_number(confirmations_of(chain, *named->entry));
    return Done{};
}

Outcome block_transactions(const Call& call, const BlockTransactionsRequest& request) {
    const auto named = read_named(call, request.block);
    if (!named)
        return named.error();
    const auto& chain = call.view.chain();
    const auto& transactions = named->block.transactions;
    auto& reply = call.reply;
    reply.write_raw_field("block", block_summary_json(chain, *named->entry, named->block));
    reply.write_name("confirmations");
    reply.write_number(confirmations_of(chain, *named->entry));
    reply.write_name("total");
    reply.write_number(transactions.size());
    const auto list = counted_list(transactions.size(), [&](std::size_t index) {
        return ledger::to_json(chain.id(), transactions[index]);
    });
    return write_listed(call, request.page, "transactions", list);
}

Outcome get_headers(const Call& call, const HeadersRequest& request) {
    const auto& chain = call.view.chain();
    auto& reply = call.reply;
    const bool is_raw = request.raw.value_or(false);
    const auto page =
        read_page(call, request, [&](const chain::BlockEntry& entry) -> Result<std::string, Error> {
            return is_raw ? '"' + to_hex(raw_header(entry.head)) + '"' : header_json(chain, entry);
        });
    if (!page)
        return page.error();
    if (const auto* first = chain.at(page->from); is_raw && first != nullptr) {
        reply.write_name("clock");
        reply.write_text(std::to_string(first->point.clock));
    }
    page->elements.write(reply, "headers");
    write_links(reply, page->links);
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
