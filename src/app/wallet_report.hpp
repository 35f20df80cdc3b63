/// What the actions of `cairn wallet` share: how accounts are written and messages read.
#pragma once

#include "src/app/failure.hpp"
#include "src/app/node_session.hpp"
#include "src/app/wallet_commands.hpp"

#include "cairn/base/result.hpp"
#include "cairn/codec/json_text.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/ledger/chain_spec.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

namespace cairn::app {

/// `{"name", "address", "public_key"}`.
[[nodiscard]] codec::Json describe_account(
    const std::string& name, const crypto::PublicKey& key, std::string_view prefix
);

/// The account that the options name, for people or as a line of JSON.
void write_account(
    const WalletOptions& options,
    const ledger::ChainSpec& chain,
    const crypto::PublicKey& key,
    std::ostream& out
);

/// A chain as addresses need it.
struct AddressChain {
    std::string name;
    std::string prefix;
};

/// What is wrong with `text`, which is no address of an account on `chain`. `what` names it.
[[nodiscard]] Failure describe_address(
    ledger::AddressError error,
    const std::string& what,
    const std::string& text,
    const AddressChain& chain
);

/// The account that `text`, an account's name or an address, means on `chain`. `what` names it in
/// the errors' sentences. Errors: `data`, with three different sentences for the three mistakes in
/// an address (spec 05 R1); those of `find_account` for a wallet that is there and cannot be read.
[[nodiscard]] Result<ledger::AccountId, Failure> resolve_account(
    const WalletAccess& access,
    const std::string& what,
    const std::string& text,
    const AddressChain& chain
);

/// The address of the account that `text`, also one's 64 hexadecimal digits, means on the chain of
/// `session`'s node. Errors: those of asking for the chain and of `resolve_account`.
[[nodiscard]] Result<std::string, Failure> find_address(
    const WalletAccess& access, const std::string& text, NodeSession& session
);

/// The bytes of the message that the options name. Errors: `usage` where both or neither is given,
/// and for one that is longer than `message_bytes_max`; `io`.
[[nodiscard]] Result<Bytes, Failure> read_message(const WalletOptions& options);

}  // namespace cairn::app
