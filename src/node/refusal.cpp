#include "cairn/node/refusal.hpp"

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
        case TransactionError::wrong_chain:
            return "The transaction was signed for another chain.";
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

/// What may be done about it.
std::string_view hint_on(TransactionError error) {
    switch (error) {
        case TransactionError::too_large:
            return "Keep the document elsewhere and record its digest.";
        case TransactionError::body_not_canonical:
            return "Sort the names, leave out spaces, and sign that text; cairn does both.";
        case TransactionError::bad_signature:
            return "Sign with the sender's key, for this chain.";
        case TransactionError::wrong_chain:
            return "Push it to a node of its chain, or sign it again for this one.";
        case TransactionError::amount_overflow:
            return "Amounts are counted in pebbles; nobody has that many.";
        case TransactionError::misplaced_coinbase:
            return "mine_block makes a block with its coinbase.";
        // The pool tells of these with numbers of its own.
        case TransactionError::nonce_too_low:
        case TransactionError::nonce_too_high:
        case TransactionError::insufficient_balance:
        case TransactionError::balance_overflow:
            return "balance tells what the account has and its next nonce.";
    }
    return {};
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
        case MempoolError::nonce_taken:
            return "A transaction of the sender with this nonce waits already.";
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

/// What is refused by a rule of `module`.
template <class Refusal>
CommandError rejected(std::string_view module, const Refusal& refusal, std::string_view hint) {
    CommandError error;
    error.code = "rejected";
    error.message = sentence(refusal.rule);
    error.rule = std::string{module} + "." + std::string{to_string(refusal.rule)};
    error.expected = refusal.expected;
    error.actual = refusal.actual;
    error.hint = hint;
    return error;
}

}  // namespace

std::string_view to_string(OperatorRule rule) {
    switch (rule) {
        case OperatorRule::no_coinbase:
            return "no_coinbase";
        case OperatorRule::set_aside:
            return "set_aside";
    }
    return "unknown";
}

CommandError refuse_without_coinbase() {
    CommandError error;
    error.code = "rejected";
    error.message = "Nobody is named who would earn what is mined.";
    error.rule = "node." + std::string{to_string(OperatorRule::no_coinbase)};
    error.expected = "an address that mined blocks pay";
    error.actual = "none";
    error.hint = "Start the node with --coinbase ADDRESS.";
    return error;
}

CommandError make_refusal(const execution::TransactionRefusal& refusal) {
    return rejected("transaction", refusal, hint_on(refusal.rule));
}

CommandError make_refusal(const mempool::Refusal& refusal) {
    return rejected("mempool", refusal, refusal.hint);
}

}  // namespace cairn::node
