/// Blocks as plain values (spec 05 §4).
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"
#include "cairn/ledger/header.hpp"
#include "cairn/ledger/transaction.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::ledger {

/// Binary: the sealed header, a varint count, the transactions.
struct Block {
    SealedHeader head;
    /// The coinbase first, when the block is valid.
    std::vector<Transaction> transactions;

    friend bool operator==(const Block&, const Block&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("head", head),
            codec::field(
                "transactions",
                codec::bounded<block_transactions_max, transaction_bytes_min>(transactions)
            )
        );
    }
};

/// The hash of each transaction's leaf in the tree of `tx_root`.
[[nodiscard]] std::vector<Hash256> leaf_hashes(const std::vector<Transaction>& transactions);

/// RFC 6962 tree hash over the transactions' full bytes.
[[nodiscard]] TxRoot tx_root(const std::vector<Transaction>& transactions);

/// A block read from its bytes, with all that only the bytes tell, hashed once.
struct DecodedBlock {
    Block block;
    BlockHash hash;
    /// One for each transaction, in order.
    std::vector<TxId> ids;
    /// Bytes of each transaction, in order.
    std::vector<std::size_t> sizes;
    /// What the header's `tx_root` ought to be.
    TxRoot tx_root;
    std::size_t size = 0;
};

/// Reads a block of `chain` from its canonical bytes, computing ids and root from the bytes at
/// hand. Errors: any `DecodeError`; `too_long` when `bytes` exceeds `block_bytes_max`.
[[nodiscard]] Result<DecodedBlock, codec::DecodeError> decode_block(
    const ChainId& chain, ByteView bytes
);

/// What a block's JSON adds to its bytes.
struct BlockJsonContext {
    ChainId chain;
    /// The address prefix of the chain, for `miner`.
    std::string_view prefix;
    BlockHash hash;
    /// The difficulty as text: the expected number of hashes, `2^256 / (target + 1)`, in decimal.
    std::string_view difficulty;
};

/// One JSON object: `index, hash, prev_hash, timestamp, time, nonce, target, difficulty, tx_root,
/// state_root, size, miner, data`. `target` is eight hexadecimal digits; `difficulty` is text,
/// because it may exceed 2^53-1; `miner` is an address, or null without a coinbase; `nonce` is null
/// where the seal is not a nonce up to 2^53-1; `data` holds each transaction with its id.
[[nodiscard]] std::string to_json(const BlockJsonContext& context, const Block& block);
/// The same without `data`.
[[nodiscard]] std::string summary_json(const BlockJsonContext& context, const Block& block);
/// The same without `size`, `miner` and `data`: what a header alone tells.
[[nodiscard]] std::string to_json(const BlockJsonContext& context, const SealedHeader& head);

}  // namespace cairn::ledger
