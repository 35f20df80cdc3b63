#include "tests/unit/ledger/samples.hpp"

#include "cairn/crypto/sha256.hpp"

namespace cairn::ledger {

namespace {

using codec::DecodeError;

Transaction signed_by_dev0(Payload payload, Nonce nonce, Amount fee) {
    Transaction transaction;
    transaction.nonce = nonce;
    transaction.fee = fee;
    transaction.payload = std::move(payload);
    sign_transaction(development_key(0), sample_chain(), transaction);
    return transaction;
}

AccountId dev_account(std::size_t index) {
    return account_of(development_key(index).public_key());
}

std::string hex_of(const Transaction& transaction) {
    return to_hex(codec::encode(transaction));
}

/// The transfer's bytes with the byte at `index` replaced by the bytes that `hex` writes.
std::string transfer_with(std::size_t index, std::string_view hex) {
    return hex_of(sample_transfer()).replace(2 * index, 2, hex);
}

/// The transfer's JSON with `before` replaced by `after`.
std::string json_with(std::string_view before, std::string_view after) {
    auto text = codec::to_json(sample_transfer());
    return text.replace(text.find(before), before.size(), after);
}

/// The JSON of a coinbase with `fields` at its end.
std::string coinbase_json(std::string_view fields) {
    auto text = codec::to_json(sample_coinbase(""));
    text.pop_back();
    return text + std::string{fields} + "}";
}

/// Offsets in a transfer's bytes, whose nonce, fee and amount take one byte each.
constexpr std::size_t nonce_offset = 1 + 32;
constexpr std::size_t amount_offset = nonce_offset + 2 + 32;
constexpr std::size_t memo_offset = amount_offset + 1;

}  // namespace

ChainId sample_chain() {
    return crypto::sha256(as_bytes("cairn vectors")).as<ChainId>();
}

Transaction sample_transfer() {
    return signed_by_dev0(Transfer{dev_account(1), Amount{100}, "tea"}, Nonce{5}, Amount{10});
}

Transaction sample_record(RecordFormat format, std::string_view body) {
    return signed_by_dev0(
        Record{"prescriptions", "patient/17", format, to_bytes(body)}, Nonce{300}, Amount{1'000}
    );
}

Transaction sample_coinbase(std::string_view body) {
    Transaction transaction;
    transaction.payload = Coinbase{Height{7}, dev_account(2), Amount{50'001'010}, to_bytes(body)};
    return transaction;
}

std::vector<TransactionSample> valid_transactions() {
    const Transfer extreme{dev_account(1), Amount{quantity_max}, std::string(memo_bytes_max, 'm')};
    std::string deep(document_depth_max, '[');
    deep.append(document_depth_max, ']');
    return {
        {"coinbase", "without a body: the shortest kind", sample_coinbase("")},
        {"coinbase_body", "a document as body", sample_coinbase(R"({"data":[1,null,"x"]})")},
        {"coinbase_bytes", "decodes, though execution refuses the body", sample_coinbase("{ }")},
        {"transfer", "a plain transfer", sample_transfer()},
        {"transfer_unicode",
         "the memo is UTF-8 in binary and ASCII in JSON",
         signed_by_dev0(Transfer{dev_account(1), Amount{1}, "caf\u00e9 \U0001f600 \"\n"}, {}, {})},
        {"transfer_extremes",
         "every number at 2^53-1, the memo at its maximum",
         signed_by_dev0(extreme, Nonce{quantity_max}, Amount{quantity_max})},
        {"record_document",
         "keys in the order of RFC 8785",
         sample_record(RecordFormat::json, "{\"a\":[0.5,1e+21],\"z\":\"\u00e9\"}")},
        {"record_deepest",
         "a document at the greatest depth",
         sample_record(RecordFormat::json, deep)},
        {"record_bytes",
         "bytes that would be a document",
         sample_record(RecordFormat::bytes, "{}")},
        {"record_not_canonical",
         "decodes, though execution refuses the body",
         sample_record(RecordFormat::json, R"({"b":1,"a":2})")},
        {"record_too_deep",
         "decodes, though execution refuses the body",
         sample_record(RecordFormat::json, "[" + deep + "]")},
        {"record_empty", "an empty body is no document", sample_record(RecordFormat::json, "")},
    };
}

std::vector<InvalidSample> invalid_transactions() {
    const auto transfer = hex_of(sample_transfer());
    const auto record = hex_of(sample_record(RecordFormat::json, "1"));
    // kind, from, nonce and fee of two bytes each, then the stream with its length.
    const std::size_t format_offset = 1 + 32 + 2 + 2 + 1 + 13 + 1 + 10;
    return {
        {"empty", "no kind", "", DecodeError::truncated},
        {"kind_alone", "nothing after the kind", "01", DecodeError::truncated},
        {"kind_3", "participant is reserved", transfer_with(0, "03"), DecodeError::unknown_tag},
        {"kind_4", "deploy is reserved", transfer_with(0, "04"), DecodeError::unknown_tag},
        {"kind_5", "call is reserved", transfer_with(0, "05"), DecodeError::unknown_tag},
        {"kind_6", "anchor is reserved", transfer_with(0, "06"), DecodeError::unknown_tag},
        {"kind_7", "chain is reserved", transfer_with(0, "07"), DecodeError::unknown_tag},
        {"kind_8", "has no meaning", transfer_with(0, "08"), DecodeError::unknown_tag},
        {"kind_255", "has no meaning", transfer_with(0, "ff"), DecodeError::unknown_tag},
        {"trailing", "a byte after the signature", transfer + "00", DecodeError::trailing_bytes},
        {"coinbase_signed",
         "a coinbase has no signature",
         hex_of(sample_coinbase("")) + std::string(128, '0'),
         DecodeError::trailing_bytes},
        {"nonce_not_minimal",
         "5 in two bytes",
         transfer_with(nonce_offset, "8500"),
         DecodeError::varint_not_minimal},
        {"nonce_too_large",
         "2^53",
         transfer_with(nonce_offset, "8080808080808010"),
         DecodeError::number_too_large},
        {"amount_too_large",
         "2^64-1",
         transfer_with(amount_offset, "ffffffffffffffffff01"),
         DecodeError::number_too_large},
        {"amount_too_long",
         "2^64",
         transfer_with(amount_offset, "80808080808080808002"),
         DecodeError::varint_too_long},
        {"memo_too_long",
         "257 bytes claimed",
         transfer_with(memo_offset, "8102"),
         DecodeError::too_long},
        {"memo_not_utf8",
         "a lone continuation byte",
         transfer_with(memo_offset + 1, "80"),
         DecodeError::bad_text},
        {"stream_too_long",
         "65 bytes claimed",
         std::string{record}.replace(2 * 37, 2, "41"),
         DecodeError::too_long},
        {"format_2",
         "neither JSON nor bytes",
         std::string{record}.replace(2 * format_offset, 2, "02"),
         DecodeError::unknown_tag},
        {"body_bomb",
         "2^63 bytes of body claimed",
         std::string{record}.replace(2 * (format_offset + 1), 2, "80808080808080808001"),
         DecodeError::too_long},
    };
}

std::vector<InvalidSample> invalid_transactions_json() {
    return {
        {"not_an_object", "an array", "[]", DecodeError::wrong_type},
        {"no_kind", "the kind is missing", "{}", DecodeError::missing_field},
        {"kind_reserved", "deploy is reserved", R"({"kind":"deploy"})", DecodeError::unknown_tag},
        {"amount_fraction", "1.0 is no amount", json_with(":100", ":1.0"), DecodeError::wrong_type},
        {"amount_exponent", "1e3 is no amount", json_with(":100", ":1e3"), DecodeError::wrong_type},
        {"amount_text",
         "\"0x64\" is no amount",
         json_with(":100", R"(:"0x64")"),
         DecodeError::wrong_type},
        {"amount_negative", "-1 is no amount", json_with(":100", ":-1"), DecodeError::wrong_type},
        {"amount_2_53",
         "beyond every reader's integers",
         json_with(":100", ":9007199254740992"),
         DecodeError::number_too_large},
        {"amount_2_64",
         "beyond 64 bits",
         json_with(":100", ":18446744073709551616"),
         DecodeError::number_too_large},
        {"fee_missing",
         "every field is required",
         json_with(R"("fee":10,)", ""),
         DecodeError::missing_field},
        {"field_unknown",
         "misspelt fields are no comments",
         json_with(R"("fee":)", R"("fe":)"),
         DecodeError::missing_field},
        {"field_extra",
         "one field too many",
         json_with(R"("fee":)", R"("tip":1,"fee":)"),
         DecodeError::unknown_field},
        {"field_twice",
         "which one counts?",
         json_with(R"("fee":)", R"("fee":1,"fee":)"),
         DecodeError::duplicate_key},
        {"signature_long", "half a byte too much", json_with("\"}", "0\"}"), DecodeError::bad_hex},
        {"body_twice",
         "both forms of a body",
         coinbase_json(R"(,"body":1,"body_hex":"00")"),
         DecodeError::unknown_field},
        {"body_hex_document",
         "a document has the form body alone",
         coinbase_json(R"(,"body_hex":"7b7d")"),
         DecodeError::not_canonical},
        {"body_hex_empty",
         "an empty body of a coinbase is left out",
         coinbase_json(R"(,"body_hex":"")"),
         DecodeError::not_canonical},
        {"body_hex_capital",
         "hexadecimal is lowercase",
         coinbase_json(R"(,"body_hex":"FF")"),
         DecodeError::bad_hex},
        {"body_too_deep",
         "one level too many",
         coinbase_json(
             ",\"body\":" + std::string(document_depth_max + 1, '[') +
             std::string(document_depth_max + 1, ']')
         ),
         DecodeError::too_deep},
    };
}

Block sample_block() {
    Block block;
    block.transactions = {
        sample_coinbase(R"({"note":"a stone"})"),
        sample_transfer(),
        sample_record(RecordFormat::json, R"({"dose":"2 mg"})"),
    };
    auto& header = block.head.header;
    header.chain = chain_tag(sample_chain());
    header.height = Height{7};
    header.time = UnixMillis{1'793'491'205'678};
    header.target = 0x2040'0000;
    header.previous = crypto::sha256(as_bytes("previous")).as<BlockHash>();
    header.tx_root = tx_root(block.transactions);
    header.state_root = crypto::sha256(as_bytes("state")).as<StateRoot>();
    block.head.seal = make_nonce_seal(0x0001020304050607);
    return block;
}

std::vector<InvalidSample> invalid_blocks() {
    const auto block = to_hex(codec::encode(sample_block()));
    const auto head = block.substr(0, 2 * (header_bytes + 9));
    const auto with_count = [&](std::string_view count) {
        return head + std::string{count} + block.substr(head.size() + 2);
    };
    return {
        {"empty", "no bytes", "", DecodeError::truncated},
        {"head_alone", "no count of transactions", head, DecodeError::truncated},
        {"seal_too_long",
         "97 bytes claimed",
         std::string{block}.replace(2 * header_bytes, 2, "61"),
         DecodeError::too_long},
        {"height_too_large",
         "2^53",
         std::string{block}.replace(2 * 12, 16, "0000000000002000"),
         DecodeError::number_too_large},
        {"count_bomb",
         "2^63 transactions",
         with_count("80808080808080808001"),
         DecodeError::too_many},
        {"count_beyond_bytes",
         "55,000 transactions in a few hundred bytes",
         with_count("d8ad03"),
         DecodeError::truncated},
        {"count_too_small",
         "the third transaction is left over",
         with_count("02"),
         DecodeError::trailing_bytes},
        {"count_not_minimal",
         "3 in two bytes",
         with_count("8300"),
         DecodeError::varint_not_minimal},
        {"kind_reserved",
         "a transaction of kind 7",
         std::string{block}.replace(head.size() + 2, 2, "07"),
         DecodeError::unknown_tag},
        {"trailing",
         "a byte after the last transaction",
         block + "00",
         DecodeError::trailing_bytes},
    };
}

}  // namespace cairn::ledger
