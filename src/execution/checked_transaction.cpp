#include "cairn/execution/checked_transaction.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/merkle.hpp"
#include "cairn/ledger/amount_text.hpp"
#include "cairn/ledger/body.hpp"

#include <utility>

namespace cairn::execution {

namespace {

/// The body that must be a document; nothing where there is none. A coinbase may leave it empty.
std::optional<ByteView> document_of(const ledger::Payload& payload) {
    using Document = std::optional<ByteView>;
    return std::visit(
        overloaded{
            [](const ledger::Coinbase& coinbase) {
                return coinbase.body.empty() ? Document{} : Document{coinbase.body};
            },
            [](const ledger::Transfer&) { return Document{}; },
            [](const ledger::Record& record) {
                const bool is_json = record.format == ledger::RecordFormat::json;
                return is_json ? Document{record.body} : Document{};
            },
        },
        payload
    );
}

tl::unexpected<TransactionRefusal> refused(
    TransactionError rule, std::string expected, std::string actual
) {
    return tl::unexpected{TransactionRefusal{rule, std::move(expected), std::move(actual)}};
}

std::string bytes_text(std::size_t count) {
    return std::to_string(count) + " bytes";
}

}  // namespace

std::string_view to_string(TransactionError error) {
    switch (error) {
        case TransactionError::too_large:
            return "too_large";
        case TransactionError::body_not_canonical:
            return "body_not_canonical";
        case TransactionError::bad_signature:
            return "bad_signature";
        case TransactionError::wrong_chain:
            return "wrong_chain";
        case TransactionError::amount_overflow:
            return "amount_overflow";
        case TransactionError::misplaced_coinbase:
            return "misplaced_coinbase";
        case TransactionError::nonce_too_low:
            return "nonce_too_low";
        case TransactionError::nonce_too_high:
            return "nonce_too_high";
        case TransactionError::insufficient_balance:
            return "insufficient_balance";
        case TransactionError::balance_overflow:
            return "balance_overflow";
    }
    return "unknown";
}

std::optional<Amount> cost_of(const ledger::Transaction& transaction) {
    const auto* const transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    return checked_add(transfer == nullptr ? Amount{} : transfer->amount, transaction.fee);
}

TransactionRefusal refuse_amounts(const ledger::Transaction& transaction) {
    const auto* const transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    const auto amount = transfer == nullptr ? Amount{} : transfer->amount;
    return {
        .rule = TransactionError::amount_overflow,
        .expected =
            "amount and fee of at most " + std::to_string(quantity_max) + " pebbles together",
        .actual = "an amount of " + std::to_string(amount.value) + " and a fee of " +
                  ledger::pebbles_text(transaction.fee.value),
    };
}

TransactionRefusal refuse_chain(const ledger::NamedChain& ours, const ledger::NamedChain& theirs) {
    return {
        .rule = TransactionError::wrong_chain,
        .expected = "the sender's BIP340 signature for the chain " + to_string(ours),
        .actual = "the sender's BIP340 signature for the chain " + to_string(theirs),
    };
}

CheckedTransaction::CheckedTransaction(
    ledger::Transaction transaction, const TxId& id, ByteView unsigned_bytes
)
    : transaction_{std::move(transaction)},
      id_{id},
      size_{unsigned_bytes.size() + crypto::Signature::size},
      leaf_hash_{crypto::leaf_hash(unsigned_bytes, transaction_.signature.view())} {}

CheckedTransaction CheckedTransaction::from_checked_block(
    ledger::Transaction transaction, const TxId& id
) {
    CAIRN_ASSERT(!transaction.is_coinbase());
    const auto unsigned_bytes = ledger::encode_unsigned(transaction);
    return CheckedTransaction{std::move(transaction), id, unsigned_bytes};
}

TransactionChecker::TransactionChecker(
    const ChainId& chain, const ledger::ChainSpec& spec, std::uint64_t salt
)
    : chain_{chain}, spec_{spec}, verifier_{salt} {}

Result<CheckedTransaction, TransactionRefusal> TransactionChecker::check(
    ledger::Transaction transaction, std::span<const ledger::NamedChain> others
) {
    if (transaction.is_coinbase())
        return refused(
            TransactionError::misplaced_coinbase, "a transaction with a sender", "a coinbase"
        );
    const auto unsigned_bytes = ledger::encode_unsigned(transaction);
    const auto size = unsigned_bytes.size() + crypto::Signature::size;
    const auto id = ledger::transaction_id(chain_, unsigned_bytes);
    const auto checked = check_in_block(transaction, id, size, false);
    if (!checked && checked.error() == TransactionError::bad_signature)
        for (const auto& other : others)
            if (const auto id_there = signed_id(other.id, transaction, unsigned_bytes)) {
                auto refusal = refuse_chain({.name = spec_.name, .id = chain_}, other);
                refusal.id_there = id_there;
                return tl::unexpected{std::move(refusal)};
            }
    if (!checked)
        return tl::unexpected{checked.error()};
    return CheckedTransaction{std::move(transaction), id, unsigned_bytes};
}

std::optional<TxId> TransactionChecker::signed_id(
    const ChainId& chain, const ledger::Transaction& transaction, ByteView unsigned_bytes
) {
    const auto key = transaction.from.as<crypto::PublicKey>();
    const auto id = ledger::transaction_id(chain, unsigned_bytes);
    const bool is_signed = verifier_.verify(key, id.as<Hash256>(), transaction.signature);
    return is_signed ? std::optional{id} : std::nullopt;
}

Result<void, TransactionRefusal> TransactionChecker::check_in_block(
    const ledger::Transaction& transaction,
    const TxId& id,
    std::size_t size,
    bool is_signature_known
) {
    if (size > spec_.limits.transaction_bytes)
        return refused(
            TransactionError::too_large,
            "at most " + bytes_text(spec_.limits.transaction_bytes) + ", signed",
            bytes_text(size)
        );
    // A coinbase has no fee and no sender; its amount is a matter of the block's execution.
    if (!transaction.is_coinbase() && !cost_of(transaction))
        return tl::unexpected{refuse_amounts(transaction)};
    if (const auto body = document_of(transaction.payload); body && !ledger::is_document(*body))
        return refused(
            TransactionError::body_not_canonical,
            "a JSON document as RFC 8785 writes it",
            ledger::describe_no_document(*body)
        );
    // Last, because it costs more than all the rest.
    if (transaction.is_coinbase() || is_signature_known)
        return {};
    const auto key = transaction.from.as<crypto::PublicKey>();
    if (!verifier_.verify(key, id.as<Hash256>(), transaction.signature))
        return refused(
            TransactionError::bad_signature,
            "the sender's BIP340 signature for the chain " + spec_.name,
            "a signature that does not verify"
        );
    return {};
}

}  // namespace cairn::execution
