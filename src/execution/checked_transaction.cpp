#include "cairn/execution/checked_transaction.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/merkle.hpp"
#include "cairn/ledger/body.hpp"

#include <utility>

namespace cairn::execution {

namespace {

/// Whether `body` is what its transaction says it is. A coinbase may leave its body empty.
bool is_body_canonical(const ledger::Payload& payload) {
    return std::visit(
        overloaded{
            [](const ledger::Coinbase& coinbase) {
                return coinbase.body.empty() || ledger::is_document(coinbase.body);
            },
            [](const ledger::Transfer&) { return true; },
            [](const ledger::Record& record) {
                return record.format != ledger::RecordFormat::json ||
                       ledger::is_document(record.body);
            },
        },
        payload
    );
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

Result<CheckedTransaction, TransactionError> TransactionChecker::check(
    ledger::Transaction transaction
) {
    if (transaction.is_coinbase())
        return tl::unexpected{TransactionError::misplaced_coinbase};
    const auto unsigned_bytes = ledger::encode_unsigned(transaction);
    const auto size = unsigned_bytes.size() + crypto::Signature::size;
    const auto id = ledger::transaction_id(chain_, unsigned_bytes);
    if (const auto checked = check_in_block(transaction, id, size, false); !checked)
        return tl::unexpected{checked.error()};
    return CheckedTransaction{std::move(transaction), id, unsigned_bytes};
}

Result<void, TransactionError> TransactionChecker::check_in_block(
    const ledger::Transaction& transaction,
    const TxId& id,
    std::size_t size,
    bool is_signature_known
) {
    if (size > spec_.limits.transaction_bytes)
        return tl::unexpected{TransactionError::too_large};
    // A coinbase has no fee and no sender; its amount is a matter of the block's execution.
    if (!transaction.is_coinbase() && !cost_of(transaction))
        return tl::unexpected{TransactionError::amount_overflow};
    if (!is_body_canonical(transaction.payload))
        return tl::unexpected{TransactionError::body_not_canonical};
    // Last, because it costs more than all the rest.
    if (transaction.is_coinbase() || is_signature_known)
        return {};
    const auto key = transaction.from.as<crypto::PublicKey>();
    if (!verifier_.verify(key, id.as<Hash256>(), transaction.signature))
        return tl::unexpected{TransactionError::bad_signature};
    return {};
}

}  // namespace cairn::execution
