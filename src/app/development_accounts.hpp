/// The accounts `dev0` to `dev9`, whose keys everybody knows.
#pragma once

#include "src/app/failure.hpp"

#include "cairn/base/result.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/ledger/chain_spec.hpp"

#include <string>
#include <string_view>

namespace cairn::app {

/// The key of the account `name`. Errors: a usage `Failure` that lists the names.
[[nodiscard]] Result<crypto::SecretKey, Failure> development_account(std::string_view name);

/// The spec of the chain `name`: built in, or described in the file of that name.
/// Errors: the `Failure` of `read_chain`.
[[nodiscard]] Result<ledger::ChainSpec, Failure> find_chain(const std::string& name);

/// That `chain` has no development accounts, by a rule of module `app`.
[[nodiscard]] Failure no_development_accounts(const std::string& chain, std::string hint);

}  // namespace cairn::app
