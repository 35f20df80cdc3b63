/// Who is to blame, and what follows: the one place where faults become penalties (spec 04 §8).
#pragma once

#include "cairn/chain/checked_block.hpp"
#include "cairn/execution/checked_transaction.hpp"

#include <cstdint>
#include <string_view>

namespace cairn::node {

/// What a peer did wrong, as far as consequences differ.
enum class Fault : std::uint8_t {
    bad_frame,               ///< framing broken: nothing that follows can be understood
    bad_message,             ///< a payload that does not decode
    wrong_order,             ///< a message that its state does not allow
    timeout,                 ///< an answer that did not come
    stalled,                 ///< held up the whole download
    too_many_requests,       ///< more outstanding requests than allowed
    unrequested,             ///< an answer that nobody asked for
    late_handshake_message,  ///< a second hello, a feature after the acknowledgement
    frequent_ping,           ///< more than one ping a second
    invalid_header,          ///< a header that no honest node can have sent
    invalid_block,           ///< a block that breaks a rule which its hash commits to
    mutated_block,           ///< a body that does not fit its header
    bad_signature,           ///< a transaction that nobody signed
    malformed_transaction,   ///< bytes that are not a transaction
    slow_reader,             ///< does not read what it asked for
};
[[nodiscard]] std::string_view to_string(Fault fault);

/// What happens to the sender.
struct Verdict {
    enum class Action : std::uint8_t { ignore, annoy, disconnect, discourage };
    Action action = Action::ignore;
    /// With `annoy`: how many points.
    std::uint32_t points = 0;
};

/// The verdict on `fault`. Exhaustive: a new fault forces a decision.
[[nodiscard]] Verdict judge(Fault fault);

/// The fault that a refused block is, or nothing where the sender may be honest (a block from the
/// future, an unknown parent).
[[nodiscard]] std::optional<Fault> fault_of(const chain::BlockError& error);
/// The same for a transaction: policy and contextual refusals are nobody's fault.
[[nodiscard]] std::optional<Fault> fault_of(execution::TransactionError error);

}  // namespace cairn::node
