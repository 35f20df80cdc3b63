/// Receipts (spec 09): the proof, for who has no node, that a record stands in a block of a chain.
///
/// A receipt holds the transaction, its path to the block's root, and the headers from genesis, or
/// from a checkpoint that the reader trusts, to a tip. Nothing here reads files or clocks.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/consensus/engine.hpp"
#include "cairn/consensus/header_rules.hpp"
#include "cairn/ledger/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::receipt {

/// Headers of one receipt: two weeks of a chain with a block every six seconds. Longer stretches
/// begin at a checkpoint.
inline constexpr std::size_t headers_max = 200'000;
/// Bytes of a receipt's file: room for that many headers.
inline constexpr std::size_t receipt_bytes_max = 64'000'000;
/// Hashes of a path: a tree of 2^53 leaves has no longer one.
inline constexpr std::size_t path_max = 53;
/// Headers up to a checkpoint, itself included: what the time rule of its child looks at.
inline constexpr std::size_t checkpoint_headers = consensus::median_time_span;
inline constexpr std::uint64_t format_version = 1;

/// Why a receipt proves nothing, or not yet enough.
enum class ReceiptError : std::uint8_t {
    malformed,          ///< not the canonical JSON of a receipt
    wrong_chain,        ///< of another chain than the one expected
    wrong_genesis,      ///< genesis header and spec are not what the chain's id commits to
    wrong_header,       ///< a header breaks a rule, or does not rest on the one before
    unknown_start,      ///< it begins above genesis, and no checkpoint is trusted there
    wrong_checkpoint,   ///< the trusted checkpoint is not among its headers
    wrong_transaction,  ///< its bytes are not a record with this id
    bad_signature,      ///< the record is not signed by its sender
    wrong_path,         ///< the path does not lead to the block's root
    wrong_digest,       ///< the digest is not that of the record's body
    wrong_document,     ///< the document at hand is not the one recorded
    unconfirmed,        ///< all is right, but too few blocks rest on it
};
inline constexpr ReceiptError receipt_error_last = ReceiptError::unconfirmed;
[[nodiscard]] std::string_view to_string(ReceiptError error);

/// A header and its seal, as they are hashed.
struct RawHeader {
    Bytes bytes;

    friend bool operator==(const RawHeader&, const RawHeader&) = default;

    void save(codec::JsonWriter& archive) const { archive.write_hex(bytes); }

    void load(codec::JsonReader& archive);
};

/// Any JSON value, kept as it is.
struct RawJson {
    codec::Json value;

    friend bool operator==(const RawJson&, const RawJson&) = default;

    void save(codec::JsonWriter& archive) const { archive.write_raw(codec::to_text(value)); }

    void load(codec::JsonReader& archive) { value = archive.current(); }
};

struct Receipt {
    std::uint64_t format = format_version;
    ChainId chain;
    RawJson spec;
    RawHeader genesis;
    /// Without a gap, upwards; the first has height 1 or is ten below a checkpoint.
    std::vector<RawHeader> headers;
    /// C(h) of the first header (spec 06 §3) in decimal, when it is not the first block and the
    /// chain retargets.
    std::optional<std::string> clock;
    /// Of the block that holds the record.
    Height height;
    /// The record's number among the block's `count` transactions.
    std::uint64_t index = 0;
    std::uint64_t count = 0;
    std::vector<Hash256> path;
    TxId transaction;
    Bytes bytes;
    /// SHA-256 of the record's body.
    Hash256 digest;

    friend bool operator==(const Receipt&, const Receipt&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("format", format),
            codec::field("chain", chain),
            codec::field("spec", spec),
            codec::field("genesis", genesis),
            codec::field("headers", codec::bounded<headers_max>(headers)),
            codec::field("clock", codec::bounded<20>(clock)),
            codec::field("height", height),
            codec::field("index", index),
            codec::field("count", count),
            codec::field("path", codec::bounded<path_max>(path)),
            codec::field("transaction", transaction),
            codec::field("bytes", codec::bounded<ledger::transaction_bytes_max>(bytes)),
            codec::field("digest", digest)
        );
    }
};

/// The receipt's file: canonical JSON (RFC 8785) and a line feed.
[[nodiscard]] std::string to_text(const Receipt& receipt);
/// Errors: `malformed` for any other text than `to_text` of a receipt, the line feed aside.
[[nodiscard]] Result<Receipt, ReceiptError> parse_receipt(std::string_view text);

/// A block that the reader knows to be on the chain.
struct Checkpoint {
    Height height;
    BlockHash hash;
};

/// What a reader holds a receipt against.
struct Expectation {
    ChainId chain;
    std::optional<Checkpoint> checkpoint;
    /// Blocks from the record's to the receipt's last, both counted.
    std::uint64_t confirmations = 1;
    /// The file that is said to be recorded: JSON for a document, else the very bytes.
    std::optional<std::string_view> document;
};

/// What a receipt proves.
struct Proven {
    TxId transaction;
    ledger::AccountId from;
    ledger::Record record;
    Height height;
    BlockHash block;
    UnixMillis time;
    std::uint64_t confirmations = 0;
    BlockHash tip;
    /// Of all headers after genesis, or after the first one.
    consensus::Work work;
};

/// Checks `receipt` by the rules of spec 09 §3. Errors: all but `malformed`; `unconfirmed` only
/// when nothing else is wrong.
[[nodiscard]] Result<Proven, ReceiptError> verify(
    const Receipt& receipt, const Expectation& expected
);

}  // namespace cairn::receipt
