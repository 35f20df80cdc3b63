#include "src/rpc/chain_reading.hpp"

#include "cairn/codec/binary.hpp"

namespace cairn::rpc {

namespace {

tl::unexpected<Error> unreadable() {
    return tl::unexpected{Error{
        .code = ErrorCode::internal,
        .message = "The node cannot read its own disk.",
        .rule = "unreadable",
        .hint = "Look into the node's log."}};
}

}  // namespace

Result<TransactionStatus, Error> find_transaction(
    const chain::Blockchain& chain, const mempool::Mempool& pool, const TxId& id
) {
    const auto place = chain.find_transaction(id);
    if (!place)
        return unreadable();
    TransactionStatus status{.place = *place};
    if (status.place)
        status.confirmations = chain.tip().height().value - status.place->height.value + 1;
    else
        status.is_pending = pool.contains(id);
    return status;
}

Result<ledger::Block, Error> read_block(
    const chain::Blockchain& chain, const chain::BlockEntry& entry
) {
    const auto bytes = chain.read_body(entry.hash);
    if (!bytes)
        return unreadable();
    if (!*bytes)
        return tl::unexpected{Error{
            .code = ErrorCode::not_found,
            .message = "Only the header of this block is known.",
            .hint = "Ask get_headers, or try again later."}};
    auto block = codec::decode<ledger::Block>(**bytes);
    if (!block)
        return unreadable();
    return std::move(*block);
}

std::uint64_t confirmations_of(const chain::Blockchain& chain, const chain::BlockEntry& entry) {
    if (!entry.is_active())
        return 0;
    return chain.tip().height().value - entry.height().value + 1;
}

std::string difficulty_of(const chain::Blockchain& chain, const chain::BlockEntry& entry) {
    return consensus::to_decimal(chain.engine().work_of(entry.head.header));
}

std::string block_json(
    const chain::Blockchain& chain, const chain::BlockEntry& entry, const ledger::Block& block
) {
    const auto difficulty = difficulty_of(chain, entry);
    return ledger::to_json(
        {.chain = chain.id(),
         .prefix = chain.spec().prefix,
         .hash = entry.hash,
         .difficulty = difficulty},
        block
    );
}

std::string header_json(const chain::Blockchain& chain, const chain::BlockEntry& entry) {
    const auto difficulty = difficulty_of(chain, entry);
    return ledger::to_json(
        {.chain = chain.id(),
         .prefix = chain.spec().prefix,
         .hash = entry.hash,
         .difficulty = difficulty},
        entry.head
    );
}

}  // namespace cairn::rpc
