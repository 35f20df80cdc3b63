#include "cairn/ledger/transaction.hpp"

#include "cairn/crypto/sha256.hpp"

namespace cairn::ledger {

namespace {

void write_unsigned(codec::BinaryWriter& archive, const Transaction& transaction) {
    archive.write_fixed(static_cast<std::uint8_t>(transaction.kind()));
    if (!transaction.is_coinbase()) {
        archive(transaction.from);
        archive.write_varint(transaction.nonce.value);
        archive.write_varint(transaction.fee.value);
    }
    std::visit([&archive](const auto& payload) { archive(payload); }, transaction.payload);
}

/// Reads everything after the kind of a transaction that is no coinbase.
template <class SignedPayload>
void read_signed(codec::BinaryReader& archive, Transaction& transaction) {
    archive(
        transaction.from,
        codec::varint(transaction.nonce),
        codec::varint(transaction.fee),
        transaction.payload.emplace<SignedPayload>(),
        transaction.signature
    );
}

}  // namespace

std::string_view to_string(TransactionKind kind) {
    switch (kind) {
        case TransactionKind::coinbase:
            return "coinbase";
        case TransactionKind::transfer:
            return "transfer";
        case TransactionKind::record:
            return "record";
        case TransactionKind::participant:
            return "participant";
        case TransactionKind::deploy:
            return "deploy";
        case TransactionKind::call:
            return "call";
        case TransactionKind::anchor:
            return "anchor";
        case TransactionKind::chain:
            return "chain";
    }
    return "unknown";
}

TransactionKind Transaction::kind() const {
    return std::visit(
        overloaded{
            [](const Coinbase&) { return TransactionKind::coinbase; },
            [](const Transfer&) { return TransactionKind::transfer; },
            [](const Record&) { return TransactionKind::record; },
        },
        payload
    );
}

void Transaction::save(codec::BinaryWriter& archive) const {
    write_unsigned(archive, *this);
    if (!is_coinbase())
        archive(signature);
}

void Transaction::load(codec::BinaryReader& archive) {
    *this = Transaction{};
    switch (static_cast<TransactionKind>(archive.take_fixed<std::uint8_t>())) {
        case TransactionKind::coinbase:
            archive(payload.emplace<Coinbase>());
            return;
        case TransactionKind::transfer:
            return read_signed<Transfer>(archive, *this);
        case TransactionKind::record:
            return read_signed<Record>(archive, *this);
        case TransactionKind::participant:
        case TransactionKind::deploy:
        case TransactionKind::call:
        case TransactionKind::anchor:
        case TransactionKind::chain:
            break;
    }
    // Reserved kinds, and bytes that no enumerator names.
    archive.fail(codec::DecodeError::unknown_tag);
}

Bytes encode_unsigned(const Transaction& transaction) {
    codec::BinaryWriter writer;
    // Room for a transfer without memo.
    constexpr std::size_t usual_bytes = 128;
    writer.reserve(usual_bytes);
    write_unsigned(writer, transaction);
    return writer.take();
}

TxId transaction_id(const ChainId& chain, const Transaction& transaction) {
    return transaction_id(chain, encode_unsigned(transaction));
}

TxId transaction_id(const ChainId& chain, ByteView unsigned_bytes) {
    static const crypto::TaggedHasher hasher{"cairn/tx"};
    auto computation = hasher.begin();
    computation.update(chain.view());
    computation.update(unsigned_bytes);
    return computation.finish().as<TxId>();
}

void sign_transaction(
    const crypto::SecretKey& key, const ChainId& chain, Transaction& transaction
) {
    transaction.from = account_of(key.public_key());
    transaction.signature = key.sign(transaction_id(chain, transaction).as<Hash256>());
}

}  // namespace cairn::ledger
