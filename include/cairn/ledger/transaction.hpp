/// Transactions as plain values (spec 05 §3), their canonical form, ids and signatures.
///
/// Binary: `kind u8 | from[32] | nonce varint | fee varint | payload | signature[64]`; a coinbase
/// is `kind u8 | payload` alone: nobody sends or signs it. The kinds 3 to 7 are reserved: they are
/// refused where bytes are decoded, with `DecodeError::unknown_tag`.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/result.hpp"
#include "cairn/codec/binary.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/ledger/body.hpp"
#include "cairn/ledger/limits.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace cairn::ledger {

/// The first byte of a transaction. Fixed for good, so that formats need not change later.
enum class TransactionKind : std::uint8_t {
    coinbase = 0,
    transfer = 1,
    record = 2,
    participant = 3,  ///< reserved
    deploy = 4,       ///< reserved
    call = 5,         ///< reserved
    anchor = 6,       ///< reserved
    chain = 7,        ///< reserved
};
[[nodiscard]] std::string_view to_string(TransactionKind kind);

/// The first transaction of each block: what its miner earns.
struct Coinbase {
    Height height;
    AccountId to;
    Amount amount;
    /// A document (canonical JSON), or empty.
    Bytes body;

    friend bool operator==(const Coinbase&, const Coinbase&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("height", codec::varint(height)),
            codec::field("to", to),
            codec::field("amount", codec::varint(amount)),
            body_field(body, BodyForm::optional_document)
        );
    }
};

/// Moves `amount` from the sender to `to`.
struct Transfer {
    AccountId to;
    Amount amount;
    std::string memo;

    friend bool operator==(const Transfer&, const Transfer&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("to", to),
            codec::field("amount", codec::varint(amount)),
            codec::field("memo", codec::bounded<memo_bytes_max>(memo))
        );
    }
};

/// What a record's body is. In JSON the enumerator's name.
enum class RecordFormat : std::uint8_t { json = 0, bytes = 1 };

/// A document of the sender's, under a stream and a key.
struct Record {
    std::string stream;
    std::string key;
    RecordFormat format = RecordFormat::json;
    /// A document (canonical JSON) when `format` is `json`.
    Bytes body;

    friend bool operator==(const Record&, const Record&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("stream", codec::bounded<stream_bytes_max>(stream)),
            codec::field("key", codec::bounded<key_bytes_max>(key)),
            codec::field("format", codec::enumerator<RecordFormat::bytes>(format))
        );
        // A second call, because the body's JSON form depends on the format just read.
        const bool is_json = format == RecordFormat::json;
        archive(body_field(body, is_json ? BodyForm::document : BodyForm::bytes));
    }
};

using Payload = std::variant<Coinbase, Transfer, Record>;

/// One entry of the ledger. Of a coinbase, only the payload counts: the other fields are zero.
struct Transaction {
    AccountId from;
    Nonce nonce;
    Amount fee;
    Payload payload;
    crypto::Signature signature;

    friend bool operator==(const Transaction&, const Transaction&) = default;

    [[nodiscard]] TransactionKind kind() const;

    [[nodiscard]] bool is_coinbase() const { return std::holds_alternative<Coinbase>(payload); }

    /// The canonical binary form.
    void save(codec::BinaryWriter& archive) const;
    void load(codec::BinaryReader& archive);
    /// JSON: `kind` by name, `from`, `nonce`, `fee`, the payload's fields, `signature`; of a
    /// coinbase, `kind` and the payload's fields. The id, which depends on the chain, is added by
    /// `to_json(chain, transaction)` and not looked at in reading.
    void save(codec::JsonWriter& archive) const;
    void load(codec::JsonReader& archive);
};

/// Everything before the signature: what the id and the signature commit to, together with the
/// chain.
[[nodiscard]] Bytes encode_unsigned(const Transaction& transaction);

/// `tagged_hash("cairn/tx", chain || encode_unsigned(transaction))` (BIP340 tagged hash).
[[nodiscard]] TxId transaction_id(const ChainId& chain, const Transaction& transaction);
/// The same from bytes at hand: `unsigned_bytes` is a transaction's encoding without its signature.
[[nodiscard]] TxId transaction_id(const ChainId& chain, ByteView unsigned_bytes);

/// Sets `from` and `signature` by `key`: a BIP340 signature over the id.
void sign_transaction(const crypto::SecretKey& key, const ChainId& chain, Transaction& transaction);

/// The transaction's JSON object with its id first: `{"transaction":"<id>","kind":...}`.
[[nodiscard]] std::string to_json(const ChainId& chain, const Transaction& transaction);

/// The transaction of `chain` that `document` describes. The id may be left out.
/// Errors: those of `codec::JsonReader`; `not_canonical` at `transaction` for an id that is not the
/// transaction's.
[[nodiscard]] Result<Transaction, codec::JsonError> transaction_from_json(
    const ChainId& chain, const codec::Json& document
);

}  // namespace cairn::ledger

namespace cairn::codec {

/// @{
/// A record's format is `"json"` or `"bytes"` in JSON.
void CEREAL_SAVE_FUNCTION_NAME(
    JsonWriter& archive, const Enumerator<ledger::RecordFormat::bytes>& format
);
void CEREAL_LOAD_FUNCTION_NAME(
    JsonReader& archive, Enumerator<ledger::RecordFormat::bytes>& format
);
/// @}

}  // namespace cairn::codec
