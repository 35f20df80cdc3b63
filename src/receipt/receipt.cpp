#include "cairn/receipt/receipt.hpp"

#include "cairn/base/assert.hpp"

namespace cairn::receipt {

namespace {

/// The few values around the headers and their path, and a spec with all its balances.
constexpr codec::JsonLimits receipt_limits{
    .bytes = receipt_bytes_max,
    .depth = codec::json_depth_max,
    .values = headers_max + codec::json_values_max};

}  // namespace

std::string_view to_string(ReceiptError error) {
    switch (error) {
        case ReceiptError::malformed:
            return "malformed";
        case ReceiptError::wrong_chain:
            return "wrong_chain";
        case ReceiptError::wrong_genesis:
            return "wrong_genesis";
        case ReceiptError::wrong_header:
            return "wrong_header";
        case ReceiptError::unknown_start:
            return "unknown_start";
        case ReceiptError::wrong_checkpoint:
            return "wrong_checkpoint";
        case ReceiptError::wrong_transaction:
            return "wrong_transaction";
        case ReceiptError::bad_signature:
            return "bad_signature";
        case ReceiptError::wrong_path:
            return "wrong_path";
        case ReceiptError::wrong_digest:
            return "wrong_digest";
        case ReceiptError::wrong_document:
            return "wrong_document";
        case ReceiptError::unconfirmed:
            return "unconfirmed";
    }
    return "unknown";
}

void RawHeader::load(codec::JsonReader& archive) {
    bytes = archive.take_hex(ledger::header_bytes + ledger::seal_bytes_max);
}

std::string to_text(const Receipt& receipt) {
    const auto document = codec::parse_json(codec::to_json(receipt), receipt_limits);
    CAIRN_ASSERT(document.has_value());
    return codec::canonical_text(*document) + '\n';
}

Result<Receipt, ReceiptError> parse_receipt(std::string_view text) {
    if (text.ends_with('\n'))
        text.remove_suffix(1);
    const auto document = codec::parse_json(text, receipt_limits);
    if (!document || codec::canonical_text(*document) != text)
        return tl::unexpected{ReceiptError::malformed};
    auto receipt = codec::from_json<Receipt>(*document);
    if (!receipt || receipt->format != format_version || receipt->headers.empty())
        return tl::unexpected{ReceiptError::malformed};
    return std::move(*receipt);
}

}  // namespace cairn::receipt
