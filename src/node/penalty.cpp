#include "cairn/node/penalty.hpp"

namespace cairn::node {

std::string_view to_string(Fault fault) {
    switch (fault) {
        case Fault::bad_frame:
            return "bad_frame";
        case Fault::bad_message:
            return "bad_message";
        case Fault::wrong_order:
            return "wrong_order";
        case Fault::timeout:
            return "timeout";
        case Fault::stalled:
            return "stalled";
        case Fault::too_many_requests:
            return "too_many_requests";
        case Fault::unrequested:
            return "unrequested";
        case Fault::late_handshake_message:
            return "late_handshake_message";
        case Fault::frequent_ping:
            return "frequent_ping";
        case Fault::invalid_header:
            return "invalid_header";
        case Fault::invalid_block:
            return "invalid_block";
        case Fault::mutated_block:
            return "mutated_block";
        case Fault::bad_signature:
            return "bad_signature";
        case Fault::malformed_transaction:
            return "malformed_transaction";
        case Fault::slow_reader:
            return "slow_reader";
    }
    return "unknown";
}

Verdict judge(Fault fault) {
    using Action = Verdict::Action;
    switch (fault) {
        // Broken, late or of another version, but not proof of bad will.
        case Fault::bad_frame:
        case Fault::bad_message:
        case Fault::wrong_order:
        case Fault::timeout:
        case Fault::stalled:
        case Fault::malformed_transaction:
        case Fault::slow_reader:
            return {.action = Action::disconnect};
        // Happens to honest nodes when answers cross; a flood of it does not.
        case Fault::unrequested:
            return {.action = Action::annoy, .points = 1};
        case Fault::frequent_ping:
            return {.action = Action::annoy, .points = 5};
        case Fault::too_many_requests:
        case Fault::late_handshake_message:
        case Fault::bad_signature:
            return {.action = Action::annoy, .points = 10};
        // Nobody who checks what it relays can send these.
        case Fault::invalid_header:
        case Fault::invalid_block:
        case Fault::mutated_block:
            return {.action = Action::discourage};
    }
    return {};
}

namespace {

std::optional<Fault> fault_of_header(consensus::HeaderError error) {
    switch (error) {
        case consensus::HeaderError::wrong_chain:
        case consensus::HeaderError::wrong_height:
        case consensus::HeaderError::time_not_later:
        case consensus::HeaderError::wrong_target:
        case consensus::HeaderError::malformed_seal:
        case consensus::HeaderError::not_enough_work:
            return Fault::invalid_header;
        case consensus::HeaderError::too_early:
            // Its clock or ours is off: the block waits.
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Fault> fault_of(const chain::BlockError& error) {
    switch (error.rule) {
        case chain::BlockRule::malformed:
            return Fault::bad_message;
        case chain::BlockRule::header:
            return error.header ? fault_of_header(*error.header) : Fault::invalid_header;
        case chain::BlockRule::wrong_tx_root:
            return Fault::mutated_block;
        case chain::BlockRule::too_large:
        case chain::BlockRule::transaction:
        case chain::BlockRule::duplicate_transaction:
        case chain::BlockRule::execution:
        case chain::BlockRule::wrong_state_root:
            return Fault::invalid_block;
        case chain::BlockRule::unknown_parent:
        case chain::BlockRule::known:
        case chain::BlockRule::unreadable:
        // The operator may have invalidated a branch that others follow in good faith, and who
        // made the block invalid by a rule was blamed when it was found out.
        case chain::BlockRule::invalid_parent:
        case chain::BlockRule::known_invalid:
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Fault> fault_of(execution::TransactionError error) {
    switch (error) {
        case execution::TransactionError::bad_signature:
        // A peer knows its chain, and its transactions are not tried on others.
        case execution::TransactionError::wrong_chain:
            return Fault::bad_signature;
        case execution::TransactionError::too_large:
        case execution::TransactionError::body_not_canonical:
        case execution::TransactionError::amount_overflow:
        case execution::TransactionError::misplaced_coinbase:
            return Fault::malformed_transaction;
        case execution::TransactionError::nonce_too_low:
        case execution::TransactionError::nonce_too_high:
        case execution::TransactionError::insufficient_balance:
        case execution::TransactionError::balance_overflow:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace cairn::node
