#include "cairn/node/refusal.hpp"

#include "cairn/base/quantity.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace cairn::node {

namespace {

using execution::TransactionError;
using mempool::MempoolError;

std::string_view sentence(TransactionError error) {
    switch (error) {
        case TransactionError::too_large:
            return "The transaction has more bytes than this chain allows.";
        case TransactionError::body_not_canonical:
            return "The body is not canonical JSON (RFC 8785).";
        case TransactionError::bad_signature:
            return "The signature is not the sender's, or it was made for another chain.";
        case TransactionError::amount_overflow:
            return "Amount and fee together exceed what a balance can hold.";
        case TransactionError::misplaced_coinbase:
            return "A coinbase is made by a miner and cannot be sent.";
        case TransactionError::nonce_too_low:
            return "The sender has used this nonce.";
        case TransactionError::nonce_too_high:
            return "A transaction of the sender is missing before this one.";
        case TransactionError::insufficient_balance:
            return "The sender cannot pay amount and fee.";
        case TransactionError::balance_overflow:
            return "The recipient's balance would exceed its maximum.";
    }
    return "The transaction is refused.";
}

std::string_view sentence(MempoolError error) {
    switch (error) {
        case MempoolError::known:
            return "The transaction waits in the mempool already.";
        case MempoolError::nonce_too_low:
            return "The chain holds a transaction of the sender with this nonce.";
        case MempoolError::nonce_too_far:
            return "The nonce is too far ahead of the sender's account.";
        case MempoolError::insufficient_balance:
            return "The sender cannot pay this together with its waiting transactions.";
        case MempoolError::fee_too_low:
            return "The fee is below what the mempool asks for now.";
        case MempoolError::replacement_fee_too_low:
            return "Replacing a waiting transaction takes a fee that is 10 % higher.";
        case MempoolError::replacement_breaks_later:
            return "The replacement would leave later transactions of the sender unpaid.";
        case MempoolError::sender_full:
            return "The sender has as many waiting transactions as one may have.";
        case MempoolError::pool_full:
            return "The mempool is full of transactions that pay more.";
    }
    return "The transaction is refused.";
}

CommandError make_error(std::string_view module, std::string_view rule, std::string_view text) {
    CommandError error;
    error.code = "rejected";
    error.message = text;
    error.rule = std::string{module} + "." + std::string{rule};
    return error;
}

}  // namespace

CommandError make_refusal(TransactionError error, const ledger::ChainSpec& spec) {
    auto result = make_error("transaction", execution::to_string(error), sentence(error));
    switch (error) {
        case TransactionError::too_large:
            result.expected =
                "at most " + std::to_string(spec.limits.transaction_bytes) + " bytes, signed";
            result.actual = "more";
            result.hint = "Keep the document elsewhere and record its digest.";
            break;
        case TransactionError::body_not_canonical:
            result.expected = "a JSON document as RFC 8785 writes it";
            result.actual = "other bytes";
            result.hint = "Sort the names, leave out spaces, and sign that text; cairn does both.";
            break;
        case TransactionError::bad_signature:
            result.expected = "the sender's BIP340 signature for the chain " + spec.name;
            result.actual = "a signature that does not verify";
            result.hint = "Sign with the sender's key, for this chain.";
            break;
        case TransactionError::amount_overflow:
            result.expected = "amount and fee of at most " + std::to_string(quantity_max);
            result.actual = "more";
            result.hint = "Amounts are counted in pebbles; nobody has that many.";
            break;
        case TransactionError::misplaced_coinbase:
            result.expected = "a transaction with a sender";
            result.actual = "a coinbase";
            result.hint = "mine_block makes a block with its coinbase.";
            break;
        case TransactionError::nonce_too_low:
        case TransactionError::nonce_too_high:
        case TransactionError::insufficient_balance:
        case TransactionError::balance_overflow:
            // A transaction is not wrong by itself for these; the pool tells them with numbers.
            break;
    }
    return result;
}

CommandError make_refusal(const mempool::Refusal& refusal) {
    auto result = make_error("mempool", mempool::to_string(refusal.rule), sentence(refusal.rule));
    result.expected = refusal.expected;
    result.actual = refusal.actual;
    result.hint = refusal.hint;
    return result;
}

}  // namespace cairn::node
