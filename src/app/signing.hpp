/// What `send` and `record put` share: complete a transaction, sign it, hand it in, wait, report.
#pragma once

#include "src/app/client_commands.hpp"
#include "src/app/node_session.hpp"

#include "cairn/ledger/transaction.hpp"

#include <string>

namespace cairn::app {

/// A sender with a connection to a node of its chain.
struct Signer {
    NodeSession session;
    ChainFacts chain;
    crypto::SecretKey key;
    /// The sender's state with all that waits in the node's mempool.
    Amount balance;
    Nonce nonce;
};

/// Connects and asks for chain, balance and nonce. Errors: a `Failure` for bad options, a node that
/// cannot be reached, a chain without development accounts or another than `options.chain`.
[[nodiscard]] Result<Signer, Failure> open_signer(const SigningOptions& options);

/// The fee in pebbles that `options.fee` means for `transaction`; `auto` is one pebble a byte.
/// Errors: a usage `Failure`.
[[nodiscard]] Result<Amount, Failure> choose_fee(
    const std::string& fee, const ledger::Transaction& transaction
);

/// Signs `payload`, hands it in, waits as told and writes what has become of it. Returns the exit
/// status: `timeout` when it has not come deep enough in time; it may still.
[[nodiscard]] int submit(
    const SigningOptions& options,
    Signer& signer,
    ledger::Payload payload,
    std::ostream& out,
    std::ostream& errors
);

}  // namespace cairn::app
