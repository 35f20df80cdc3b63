#include "cairn/codec/json.hpp"
#include "cairn/ledger/transaction.hpp"

namespace cairn::ledger {

namespace {

/// Longer than any kind's name, so that a wrong one is told from one that is too long.
constexpr std::size_t kind_name_bytes_max = 32;

/// Writes the members of the object, without its braces and its id.
void write_members(codec::JsonWriter& archive, const Transaction& transaction) {
    archive.write_name("kind");
    archive.write_text(to_string(transaction.kind()));
    if (!transaction.is_coinbase()) {
        archive(
            codec::field("from", transaction.from),
            codec::field("nonce", transaction.nonce),
            codec::field("fee", transaction.fee)
        );
    }
    std::visit(
        [&archive](const auto& payload) { archive(codec::flat(payload)); }, transaction.payload
    );
    if (!transaction.is_coinbase())
        archive(codec::field("signature", transaction.signature));
}

template <class SignedPayload>
void read_signed(codec::JsonReader& archive, Transaction& transaction) {
    auto& payload = transaction.payload.emplace<SignedPayload>();
    archive(
        codec::field("from", transaction.from),
        codec::field("nonce", transaction.nonce),
        codec::field("fee", transaction.fee),
        codec::flat(payload),
        codec::field("signature", transaction.signature)
    );
}

/// Reads the fields that the kind's name, the archive's current value, calls for.
void read_members(codec::JsonReader& archive, std::string_view kind, Transaction& transaction) {
    if (kind == to_string(TransactionKind::coinbase))
        archive(codec::flat(transaction.payload.emplace<Coinbase>()));
    else if (kind == to_string(TransactionKind::transfer))
        read_signed<Transfer>(archive, transaction);
    else
        read_signed<Record>(archive, transaction);
}

bool is_known_kind(std::string_view kind) {
    return kind == to_string(TransactionKind::coinbase) ||
           kind == to_string(TransactionKind::transfer) ||
           kind == to_string(TransactionKind::record);
}

}  // namespace

void Transaction::save(codec::JsonWriter& archive) const {
    archive.begin_object();
    write_members(archive, *this);
    archive.end_object();
}

void Transaction::load(codec::JsonReader& archive) {
    *this = Transaction{};
    archive.begin_object();
    // The id cannot be checked without the chain: `transaction_from_json` does that.
    archive.ignore_field("transaction");
    std::string_view kind;
    if (archive.open_field("kind")) {
        kind = archive.take_text(kind_name_bytes_max);
        if (!archive.failed() && !is_known_kind(kind))
            archive.fail(
                codec::DecodeError::unknown_tag, "coinbase, transfer or record", "another word"
            );
        archive.close_field();
    } else {
        archive.fail_missing("kind");
    }
    if (!archive.failed())
        read_members(archive, kind, *this);
    archive.end_object();
}

std::string to_json(const ChainId& chain, const Transaction& transaction) {
    codec::JsonWriter writer;
    writer.begin_object();
    writer(codec::field("transaction", transaction_id(chain, transaction)));
    write_members(writer, transaction);
    writer.end_object();
    return writer.take();
}

Result<Transaction, codec::JsonError> transaction_from_json(
    const ChainId& chain, const codec::Json& document
) {
    auto transaction = codec::from_json<Transaction>(document);
    if (!transaction)
        return transaction;
    const auto* claimed = document.find("transaction");
    if (claimed == nullptr)
        return transaction;
    const auto id = to_hex(transaction_id(chain, *transaction));
    if (const auto* text = claimed->if_text(); text == nullptr || *text != id)
        return tl::unexpected{
            codec::JsonError{codec::DecodeError::not_canonical, "transaction", id, "another id"}};
    return transaction;
}

}  // namespace cairn::ledger

namespace cairn::codec {

namespace {

constexpr std::string_view json_name = "json";
constexpr std::string_view bytes_name = "bytes";

}  // namespace

void CEREAL_SAVE_FUNCTION_NAME(
    JsonWriter& archive, const Enumerator<ledger::RecordFormat::bytes>& format
) {
    archive.write_text(format.value == ledger::RecordFormat::json ? json_name : bytes_name);
}

void CEREAL_LOAD_FUNCTION_NAME(
    JsonReader& archive, Enumerator<ledger::RecordFormat::bytes>& format
) {
    const auto name = archive.take_text(bytes_name.size());
    if (archive.failed())
        return;
    if (name != json_name && name != bytes_name)
        return archive.fail(DecodeError::unknown_tag, "json or bytes", "another word");
    format.value = name == json_name ? ledger::RecordFormat::json : ledger::RecordFormat::bytes;
}

}  // namespace cairn::codec
