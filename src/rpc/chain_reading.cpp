#include "src/rpc/chain_reading.hpp"

#include "cairn/codec/binary.hpp"

namespace cairn::rpc {

namespace {

/// What a wrong address is answered.
Error bad_address(ledger::AddressError error, std::string_view address, std::string_view prefix) {
    auto result =
        bad_field("address", "an address like " + std::string{prefix} + "1...", printable(address));
    result.rule = "ledger." + std::string{ledger::to_string(error)};
    switch (error) {
        case ledger::AddressError::mistyped:
            result.message = "The address has a typing error.";
            result.hint = "Copy it whole; never correct an address by guessing.";
            break;
        case ledger::AddressError::wrong_chain:
            result.message = "The address belongs to another chain.";
            result.hint = "Ask a node of that chain, or for the address on this one.";
            break;
        case ledger::AddressError::wrong_kind:
            result.message = "The address is a contract's, not a key's.";
            result.hint = "Accounts of contracts come with a later version.";
            break;
    }
    return result;
}

/// `difficulty` must outlive it.
ledger::BlockJsonContext json_context(
    const chain::Blockchain& chain, const chain::BlockEntry& entry, std::string_view difficulty
) {
    return {
        .chain = chain.id(),
        .prefix = chain.spec().prefix,
        .hash = entry.hash,
        .difficulty = difficulty};
}

}  // namespace

Error unreadable() {
    return {
        .code = ErrorCode::internal,
        .message = "The node cannot read its own disk.",
        .rule = "chain.unreadable",
        .hint = "Look into the node's log."};
}

Result<const ledger::Block*, Error> BlockReader::at(Height height) {
    if (height_ == height)
        return &block_;
    const auto* entry = chain_.at(height);
    const auto bytes = entry != nullptr ? chain_.read_body(entry->hash) : std::optional<Bytes>{};
    if (!bytes || !*bytes)
        return tl::unexpected{unreadable()};
    auto block = codec::decode<ledger::Block>(**bytes);
    if (!block)
        return tl::unexpected{unreadable()};
    block_ = std::move(*block);
    height_ = height;
    ++blocks_read_;
    bytes_read_ += (*bytes)->size();
    transactions_read_ += block_.transactions.size();
    return &block_;
}

Result<ledger::AccountId, Error> read_address(
    const chain::Blockchain& chain, std::string_view address
) {
    // What replies call an account may be asked for as it is.
    if (const auto key = fixed_from_hex<ledger::AccountId>(address))
        return *key;
    const auto account = ledger::from_address(address, chain.spec().prefix);
    if (!account)
        return tl::unexpected{bad_address(account.error(), address, chain.spec().prefix)};
    return *account;
}

void write_address(
    codec::JsonWriter& reply, const chain::Blockchain& chain, const ledger::AccountId& account
) {
    reply.write_name("address");
    reply.write_text(ledger::to_address(account, chain.spec().prefix));
}

Result<TransactionStatus, Error> find_transaction(
    const chain::Blockchain& chain, const mempool::Mempool& pool, const TxId& id
) {
    const auto place = chain.find_transaction(id);
    if (!place)
        return tl::unexpected{unreadable()};
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
        return tl::unexpected{unreadable()};
    if (!*bytes)
        return tl::unexpected{Error{
            .code = ErrorCode::not_found,
            .message = "Only the header of this block is known.",
            .expected = "a block with its transactions",
            .actual = "a header",
            .hint = "Ask get_headers, or try again later."}};
    auto block = codec::decode<ledger::Block>(**bytes);
    if (!block)
        return tl::unexpected{unreadable()};
    return std::move(*block);
}

Error block_not_found(const chain::Blockchain& chain, const BlockRequest& request) {
    return {
        .code = ErrorCode::not_found,
        .message = "There is no such block here.",
        .expected = request.height
                        ? "a height of at most " + std::to_string(chain.tip().height().value)
                        : "the hash of a block that this node knows",
        .actual = request.height ? std::to_string(request.height->value) : to_hex(*request.hash),
        .hint = "The height of the last block is in status."};
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
    return ledger::to_json(json_context(chain, entry, difficulty), block);
}

std::string block_summary_json(
    const chain::Blockchain& chain, const chain::BlockEntry& entry, const ledger::Block& block
) {
    const auto difficulty = difficulty_of(chain, entry);
    return ledger::summary_json(json_context(chain, entry, difficulty), block);
}

std::string header_json(const chain::Blockchain& chain, const chain::BlockEntry& entry) {
    const auto difficulty = difficulty_of(chain, entry);
    return ledger::to_json(json_context(chain, entry, difficulty), entry.head);
}

}  // namespace cairn::rpc
