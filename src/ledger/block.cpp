#include "cairn/ledger/block.hpp"

#include "cairn/crypto/merkle.hpp"

namespace cairn::ledger {

namespace {

/// Reads the next transaction and appends its id and leaf hash, taken from the bytes just read.
void read_transaction(
    codec::BinaryReader& reader,
    const ChainId& chain,
    DecodedBlock& decoded,
    std::vector<Hash256>& leaves
) {
    const auto start = reader.position();
    auto& transaction = decoded.block.transactions.emplace_back();
    reader(transaction);
    if (reader.failed())
        return;
    const auto bytes = reader.read_since(start);
    const auto signature_bytes = transaction.is_coinbase() ? 0 : crypto::Signature::size;
    decoded.ids.push_back(transaction_id(chain, bytes.first(bytes.size() - signature_bytes)));
    decoded.sizes.push_back(bytes.size());
    leaves.push_back(crypto::leaf_hash(bytes));
}

}  // namespace

std::vector<Hash256> leaf_hashes(const std::vector<Transaction>& transactions) {
    std::vector<Hash256> leaves;
    leaves.reserve(transactions.size());
    for (const auto& transaction : transactions)
        leaves.push_back(crypto::leaf_hash(codec::encode(transaction)));
    return leaves;
}

TxRoot tx_root(const std::vector<Transaction>& transactions) {
    return crypto::merkle_root(leaf_hashes(transactions)).as<TxRoot>();
}

Result<DecodedBlock, codec::DecodeError> decode_block(const ChainId& chain, ByteView bytes) {
    if (bytes.size() > block_bytes_max)
        return tl::unexpected{codec::DecodeError::too_long};
    codec::BinaryReader reader{bytes};
    DecodedBlock decoded;
    std::vector<Hash256> leaves;
    reader(decoded.block.head);
    const auto count = reader.take_count(
        block_transactions_max, transaction_bytes_min, codec::DecodeError::too_many
    );
    for (std::size_t i = 0; i < count && !reader.failed(); ++i)
        read_transaction(reader, chain, decoded, leaves);
    if (!reader.failed() && reader.bytes_left() > 0)
        reader.fail(codec::DecodeError::trailing_bytes);
    if (const auto error = reader.error())
        return tl::unexpected{*error};
    decoded.hash = block_hash(decoded.block.head);
    decoded.tx_root = crypto::merkle_root(leaves).as<TxRoot>();
    decoded.size = bytes.size();
    return decoded;
}

}  // namespace cairn::ledger
