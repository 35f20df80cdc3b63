/// What `send` and `record put` share: complete a transaction, sign it, hand it in, wait, report.
#pragma once

#include "src/app/client_commands.hpp"
#include "src/app/node_session.hpp"

#include "cairn/ledger/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::app {

/// Transactions that one sending signs at most, when other programs with the same key are faster.
inline constexpr int sending_attempts_max = 16;

/// A sender with a connection to a node of its chain.
struct Signer {
    NodeSession session;
    ChainFacts chain;
    crypto::SecretKey key;
};

/// Connects, asks for the chain and unlocks the sender's key. Errors: a `Failure` for bad options,
/// a node that cannot be reached or follows another chain than `options.chain`, a development
/// account on a chain without, and those of `unlock_account`.
[[nodiscard]] Result<Signer, Failure> open_signer(const SigningOptions& options);

/// Pebbles for each 1000 bytes that the node advises in its answer to `estimate_fee`, for being
/// among the next three blocks; nothing where `reply` says none.
[[nodiscard]] std::optional<std::uint64_t> advised_rate(const codec::Json& reply);

/// The fee in pebbles that `fee` means for `transaction`: decimal CRN, or `auto`, which is what the
/// node advises, and one pebble a byte where it does not know the question.
/// Errors: a usage `Failure`; those of asking.
[[nodiscard]] Result<Amount, Failure> choose_fee(
    const std::string& fee, const ledger::Transaction& transaction, NodeSession& session
);

/// Signs `payload` with the sender's next nonce, pending transactions counted, hands it in, waits
/// as told and writes what has become of it. Where another program has used that nonce meanwhile,
/// asks again and signs anew, up to `sending_attempts_max` times. Returns the exit status:
/// `timeout` when it has not come deep enough in time; it may still.
[[nodiscard]] int submit(
    const SigningOptions& options,
    Signer& signer,
    ledger::Payload payload,
    std::ostream& out,
    std::ostream& errors
);

}  // namespace cairn::app
