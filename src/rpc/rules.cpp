// One switch for each enumeration: the compiler finds the enumerator that has no sentence yet.
#include "cairn/rpc/rules.hpp"

#include "cairn/mempool/saved_pool.hpp"
#include "cairn/node/penalty.hpp"
#include "cairn/node/refusal.hpp"
#include "cairn/receipt/receipt.hpp"
#include "cairn/rpc/command.hpp"
#include "cairn/rpc/door_rule.hpp"
#include "cairn/rpc/usage_rule.hpp"
#include "cairn/wallet/folder.hpp"
#include "cairn/wallet/keystore.hpp"
#include "cairn/wallet/mnemonic.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

std::string_view meaning_of(ErrorCode rule) {
    switch (rule) {
        case ErrorCode::not_json:
            return "The payload starts like a JSON object but is none.";
        case ErrorCode::bad_field:
            return "A field is missing, unknown, of another type or out of range.";
        case ErrorCode::unknown_command:
            return "No command has this name.";
        case ErrorCode::not_found:
            return "There is no such block, transaction or rule here.";
        case ErrorCode::wrong_chain:
            return "The request names another chain than this node's.";
        case ErrorCode::auth_required:
            return "A control command needs the content of control.cookie as auth.";
        case ErrorCode::forbidden:
            return "This is not allowed from there, or not on this node at all.";
        case ErrorCode::rejected:
            return "The node refused; the rule says why.";
        case ErrorCode::busy:
            return "Too much of this is under way; later it may work.";
        case ErrorCode::too_large:
            return "The answer would exceed a limit; ask for less.";
        case ErrorCode::internal:
            return "The node itself failed; its log says more.";
        case ErrorCode::bad_request:
        case ErrorCode::wrong_method:
        case ErrorCode::too_slow:
        case ErrorCode::wrong_content_type:
        case ErrorCode::stopping:
        case ErrorCode::no_node:
        case ErrorCode::no_answer:
            break;  // told by the rules of the door, `DoorRule`
    }
    return {};
}

std::string_view meaning_of(codec::DecodeError rule) {
    switch (rule) {
        case codec::DecodeError::truncated:
            return "The input ends inside a value.";
        case codec::DecodeError::trailing_bytes:
            return "The input goes on after the value.";
        case codec::DecodeError::varint_too_long:
            return "A variable-length number exceeds ten bytes or 64 bits.";
        case codec::DecodeError::varint_not_minimal:
            return "A variable-length number has a shorter form.";
        case codec::DecodeError::number_too_large:
            return "A number exceeds its limit, 2^53-1 for amounts, heights, times and nonces.";
        case codec::DecodeError::too_many:
            return "A list has more elements than its limit.";
        case codec::DecodeError::too_long:
            return "A byte string or text is longer than its limit.";
        case codec::DecodeError::unknown_tag:
            return "A kind, flag or word has no meaning here.";
        case codec::DecodeError::bad_text:
            return "Text is not valid UTF-8.";
        case codec::DecodeError::bad_json:
            return "This is not JSON, or holds a number that JSON readers do not share.";
        case codec::DecodeError::too_deep:
            return "JSON is nested too deep.";
        case codec::DecodeError::too_many_values:
            return "JSON holds too many values.";
        case codec::DecodeError::duplicate_key:
            return "An object names a key twice.";
        case codec::DecodeError::wrong_type:
            return "A field has another JSON type than expected.";
        case codec::DecodeError::missing_field:
            return "A field is missing.";
        case codec::DecodeError::unknown_field:
            return "A field is unknown.";
        case codec::DecodeError::bad_hex:
            return "Text is not lowercase hexadecimal of the right length.";
        case codec::DecodeError::not_canonical:
            return "A value stands in a second form where it has exactly one.";
    }
    return {};
}

std::string_view meaning_of(ledger::AddressError rule) {
    switch (rule) {
        case ledger::AddressError::mistyped:
            return "The address has a typing error: its checksum does not fit.";
        case ledger::AddressError::wrong_chain:
            return "The address belongs to another chain.";
        case ledger::AddressError::wrong_kind:
            return "The address is a contract's where a key's is expected, or the reverse.";
    }
    return {};
}

std::string_view meaning_of(consensus::HeaderError rule) {
    switch (rule) {
        case consensus::HeaderError::wrong_chain:
            return "The header names another chain.";
        case consensus::HeaderError::wrong_height:
            return "The height is not the parent's plus one.";
        case consensus::HeaderError::time_not_later:
            return "The time is not after the median of the last eleven blocks.";
        case consensus::HeaderError::too_early:
            return "The time is further ahead of the node's clock than ten block intervals.";
        case consensus::HeaderError::wrong_target:
            return "The target is not the one that the difficulty rule gives.";
        case consensus::HeaderError::malformed_seal:
            return "The seal does not have the engine's form.";
        case consensus::HeaderError::not_enough_work:
            return "The hash exceeds the target.";
    }
    return {};
}

std::string_view meaning_of(execution::TransactionError rule) {
    switch (rule) {
        case execution::TransactionError::too_large:
            return "The transaction has more bytes than the chain allows.";
        case execution::TransactionError::body_not_canonical:
            return "The body is not a document in canonical JSON.";
        case execution::TransactionError::bad_signature:
            return "The transaction is not signed by its sender, or for an unknown chain.";
        case execution::TransactionError::wrong_chain:
            return "The transaction was signed for another chain.";
        case execution::TransactionError::amount_overflow:
            return "Amount and fee together exceed 2^53-1.";
        case execution::TransactionError::misplaced_coinbase:
            return "A coinbase stands outside the first place of a block.";
        case execution::TransactionError::nonce_too_low:
            return "The account has used this nonce.";
        case execution::TransactionError::nonce_too_high:
            return "A nonce is missing before this one.";
        case execution::TransactionError::insufficient_balance:
            return "Amount and fee exceed the balance.";
        case execution::TransactionError::balance_overflow:
            return "The recipient's balance would exceed 2^53-1.";
    }
    return {};
}

std::string_view meaning_of(execution::ExecutionRule rule) {
    switch (rule) {
        case execution::ExecutionRule::transaction:
            return "A transaction of the block breaks a rule of its own.";
        case execution::ExecutionRule::coinbase_missing:
            return "The first transaction is not a coinbase.";
        case execution::ExecutionRule::coinbase_misplaced:
            return "A later transaction is a coinbase.";
        case execution::ExecutionRule::coinbase_height:
            return "The coinbase names another height.";
        case execution::ExecutionRule::coinbase_amount:
            return "The coinbase is not exactly subsidy plus fees.";
        case execution::ExecutionRule::fee_overflow:
            return "The sum of the fees exceeds 2^53-1.";
    }
    return {};
}

std::string_view meaning_of(receipt::ReceiptError rule) {
    switch (rule) {
        case receipt::ReceiptError::malformed:
            return "The file is not the canonical JSON of a receipt.";
        case receipt::ReceiptError::wrong_chain:
            return "The receipt is of another chain than the one expected.";
        case receipt::ReceiptError::wrong_genesis:
            return "Genesis header and spec are not what the chain's id commits to.";
        case receipt::ReceiptError::wrong_header:
            return "A header breaks a rule, or does not rest on the one before.";
        case receipt::ReceiptError::unknown_start:
            return "The receipt begins above genesis, and no checkpoint is trusted there.";
        case receipt::ReceiptError::wrong_checkpoint:
            return "The trusted checkpoint is not where it must be among the headers.";
        case receipt::ReceiptError::wrong_transaction:
            return "The bytes are not a record with this id.";
        case receipt::ReceiptError::bad_signature:
            return "The record is not signed by its sender.";
        case receipt::ReceiptError::wrong_path:
            return "The path does not lead from the record to the block's root.";
        case receipt::ReceiptError::wrong_digest:
            return "The digest is not that of the record's body.";
        case receipt::ReceiptError::wrong_document:
            return "The document at hand is not the one recorded.";
        case receipt::ReceiptError::unconfirmed:
            return "Fewer blocks rest on the record than asked for.";
    }
    return {};
}

std::string_view meaning_of(chain::BlockRule rule) {
    switch (rule) {
        case chain::BlockRule::malformed:
            return "The bytes are not a block's canonical form.";
        case chain::BlockRule::header:
            return "The block breaks a rule of headers.";
        case chain::BlockRule::too_large:
            return "The block has more bytes than the chain allows.";
        case chain::BlockRule::wrong_tx_root:
            return "The body is not the one that the header commits to.";
        case chain::BlockRule::transaction:
            return "A transaction of the block breaks a rule of its own.";
        case chain::BlockRule::duplicate_transaction:
            return "A transaction stands in the block twice.";
        case chain::BlockRule::unknown_parent:
            return "The block's parent is not known.";
        case chain::BlockRule::invalid_parent:
            return "The block's parent is known to be invalid.";
        case chain::BlockRule::execution:
            return "The block's transactions cannot be executed.";
        case chain::BlockRule::wrong_state_root:
            return "Executing the block gives another state than its header says.";
        case chain::BlockRule::known:
            return "The chain has this block already.";
        case chain::BlockRule::known_invalid:
            return "This block was refused or set aside before.";
        case chain::BlockRule::unreadable:
            return "The node's own disk does not give back what it needs.";
    }
    return {};
}

std::string_view meaning_of(mempool::MempoolError rule) {
    switch (rule) {
        case mempool::MempoolError::known:
            return "The transaction waits already.";
        case mempool::MempoolError::nonce_too_low:
            return "The chain has used this nonce.";
        case mempool::MempoolError::nonce_too_far:
            return "The nonce is further ahead of the account than the pool keeps.";
        case mempool::MempoolError::insufficient_balance:
            return "The sender's waiting transactions together cost more than it has.";
        case mempool::MempoolError::fee_too_low:
            return "The fee is below what the pool asks for now.";
        case mempool::MempoolError::nonce_taken:
            return "Another transaction with this nonce waits, and was not to be replaced.";
        case mempool::MempoolError::replacement_fee_too_low:
            return "The fee is less than a tenth above the one it would replace.";
        case mempool::MempoolError::replacement_breaks_later:
            return "The sender could not pay its later transactions any more.";
        case mempool::MempoolError::sender_full:
            return "The sender has as many waiting transactions as one may have.";
        case mempool::MempoolError::pool_full:
            return "The pool is full of transactions that pay better.";
    }
    return {};
}

std::string_view meaning_of(mempool::DropReason rule) {
    switch (rule) {
        case mempool::DropReason::replaced:
            return "Another transaction with its nonce pays more.";
        case mempool::DropReason::evicted:
            return "The pool was full, and this one paid the least.";
        case mempool::DropReason::unpayable:
            return "The sender cannot pay it any more.";
        case mempool::DropReason::nonce_used:
            return "The chain has used its nonce.";
        case mempool::DropReason::expired:
            return "It waited too long.";
    }
    return {};
}

std::string_view meaning_of(mempool::SavedPoolError rule) {
    switch (rule) {
        case mempool::SavedPoolError::not_a_pool:
            return "The file does not begin like a saved mempool.";
        case mempool::SavedPoolError::unknown_version:
            return "The mempool was saved by another version of the program.";
        case mempool::SavedPoolError::other_chain:
            return "The saved mempool is another chain's.";
        case mempool::SavedPoolError::damaged:
            return "The saved mempool's checksum does not fit, or its content breaks off.";
    }
    return {};
}

std::string_view meaning_of(node::Fault rule) {
    switch (rule) {
        case node::Fault::bad_frame:
            return "Framing is broken, so nothing that follows can be understood.";
        case node::Fault::bad_message:
            return "A message does not decode, or a list in it is beyond its limit.";
        case node::Fault::wrong_order:
            return "A message came in a state that does not allow it.";
        case node::Fault::timeout:
            return "An answer did not come in time.";
        case node::Fault::stalled:
            return "A peer held up the whole download.";
        case node::Fault::too_many_requests:
            return "A peer has more requests under way than allowed.";
        case node::Fault::unrequested:
            return "An answer came that nobody asked for.";
        case node::Fault::late_handshake_message:
            return "A message of the handshake came after it.";
        case node::Fault::frequent_ping:
            return "A peer pings more than once a second.";
        case node::Fault::invalid_header:
            return "A peer sent a header that no honest node can have sent.";
        case node::Fault::invalid_block:
            return "A peer sent a block that breaks a rule which its hash commits to.";
        case node::Fault::mutated_block:
            return "A peer sent a body that does not fit its header.";
        case node::Fault::bad_signature:
            return "A peer sent a transaction that nobody signed.";
        case node::Fault::malformed_transaction:
            return "A peer sent bytes that are no transaction.";
        case node::Fault::slow_reader:
            return "A peer does not read what it asked for.";
    }
    return {};
}

std::string_view meaning_of(node::OperatorRule rule) {
    switch (rule) {
        case node::OperatorRule::no_coinbase:
            return "Nobody is named who would earn what the node mines.";
        case node::OperatorRule::set_aside:
            return "The node's operator has set the block aside.";
    }
    return {};
}

std::string_view meaning_of(wallet::KeystoreError rule) {
    switch (rule) {
        case wallet::KeystoreError::truncated:
            return "The wallet file ends too early; a backup or its words restore it.";
        case wallet::KeystoreError::damaged:
            return "Bytes of the wallet file have changed; a backup or its words restore it.";
        case wallet::KeystoreError::not_a_wallet:
            return "The file is whole, but something else than a wallet.";
        case wallet::KeystoreError::unsupported_version:
            return "The wallet file was written by a later version of the program.";
        case wallet::KeystoreError::unsupported_sealing:
            return "The wallet file is sealed in another way, or one that asks for too much.";
        case wallet::KeystoreError::wrong_passphrase:
            return "The wallet does not open with this passphrase.";
        case wallet::KeystoreError::no_randomness:
            return "The system gave no random bytes to seal a wallet with.";
    }
    return {};
}

std::string_view meaning_of(wallet::FolderError rule) {
    switch (rule) {
        case wallet::FolderError::bad_name:
            return "A wallet's name is 1 to 32 of a-z A-Z 0-9 - _, the first a letter or digit.";
        case wallet::FolderError::missing:
            return "No wallet has this name.";
        case wallet::FolderError::exists:
            return "There is such a file already; it was left as it is.";
        case wallet::FolderError::changed:
            return "Another program changed the wallet meanwhile; it was left as it is.";
        case wallet::FolderError::unreadable:
            return "The system refuses to read the file.";
        case wallet::FolderError::unwritable:
            return "The system refuses to write the file; the old one is as it was.";
        case wallet::FolderError::not_verified:
            return "What was written does not read back; the old file is as it was.";
    }
    return {};
}

std::string_view meaning_of(wallet::MnemonicError rule) {
    switch (rule) {
        case wallet::MnemonicError::wrong_count:
            return "Recovery words are 12, 15, 18, 21 or 24.";
        case wallet::MnemonicError::unknown_word:
            return "A word is not in the list of recovery words.";
        case wallet::MnemonicError::wrong_checksum:
            return "A recovery word is another than it was, or stands in another place.";
        case wallet::MnemonicError::bad_passphrase:
            return "The passphrase of recovery words is printable ASCII.";
    }
    return {};
}

/// Adds every enumerator up to `last`, which must be the enumeration's last.
template <class Enumeration>
void append(std::vector<Rule>& rules, std::string_view module, Enumeration last) {
    for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i) {
        const auto rule = static_cast<Enumeration>(i);
        rules.push_back({to_string(rule), module, meaning_of(rule)});
    }
}

std::vector<Rule> make_rules() {
    std::vector<Rule> rules;
    append(rules, "rpc", command_error_last);
    append(rules, "http", door_rule_last);
    append(rules, "codec", codec::DecodeError::not_canonical);
    append(rules, "ledger", ledger::AddressError::wrong_kind);
    append(rules, "consensus", consensus::HeaderError::not_enough_work);
    append(rules, "execution", execution::TransactionError::balance_overflow);
    append(rules, "execution", execution::ExecutionRule::fee_overflow);
    append(rules, "receipt", receipt::receipt_error_last);
    append(rules, "chain", chain::BlockRule::unreadable);
    append(rules, "mempool", mempool::MempoolError::pool_full);
    append(rules, "mempool", mempool::DropReason::expired);
    append(rules, "mempool", mempool::SavedPoolError::damaged);
    append(rules, "node", node::Fault::slow_reader);
    append(rules, "node", node::operator_rule_last);
    append(rules, "wallet", wallet::KeystoreError::no_randomness);
    append(rules, "wallet", wallet::FolderError::not_verified);
    append(rules, "wallet", wallet::MnemonicError::bad_passphrase);
    append(rules, "app", usage_rule_last);
    return rules;
}

}  // namespace

const std::vector<Rule>& rule_table() {
    static const auto rules = make_rules();
    return rules;
}

std::vector<Rule> find_rules(std::string_view name) {
    std::string_view module;
    if (const auto point = name.rfind('.'); point != std::string_view::npos) {
        module = name.substr(0, point);
        name = name.substr(point + 1);
    }
    // What refuses a transaction alone calls itself so, whichever module checks it.
    if (module == "transaction")
        module = "execution";
    std::vector<Rule> found;
    std::copy_if(
        rule_table().begin(),
        rule_table().end(),
        std::back_inserter(found),
        [=](const Rule& rule) {
            return rule.name == name && (module.empty() || rule.module == module);
        }
    );
    return found;
}

std::string_view similar_rule(std::string_view name) {
    name = name.substr(name.rfind('.') + 1);
    std::vector<std::string_view> names;
    for (const auto& rule : rule_table())
        names.push_back(rule.name);
    return most_similar(name, names);
}

}  // namespace cairn::rpc
