/// Accounts and how people write them: bech32m addresses (BIP350) with a prefix per chain.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"
#include "cairn/crypto/schnorr.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::ledger {

/// A BIP340 x-only public key, or a contract id; the kind in the address keeps them apart.
using AccountId = FixedBytes<32, struct AccountIdTag>;

/// The first byte of an address payload (spec 05 §1).
enum class AccountKind : std::uint8_t { key = 0, contract = 1 };

/// Why a text is not an address of this chain and kind. Three different mistakes, three answers.
enum class AddressError : std::uint8_t {
    mistyped,     ///< not bech32m: a wrong character, length or checksum
    wrong_chain,  ///< a good address, but its prefix is another chain's
    wrong_kind,   ///< a good address of this chain, but of a contract where a key is expected, ...
};
[[nodiscard]] std::string_view to_string(AddressError error);

/// `account` as an address with `prefix`, such as `crn1...`.
[[nodiscard]] std::string to_address(
    const AccountId& account, std::string_view prefix, AccountKind kind = AccountKind::key
);

/// The account that `text` names on the chain whose prefix is `prefix`.
/// Errors: `mistyped`, `wrong_chain`, `wrong_kind`, looked for in that order.
[[nodiscard]] Result<AccountId, AddressError> from_address(
    std::string_view text, std::string_view prefix, AccountKind kind = AccountKind::key
);

/// The account that a key pair controls.
[[nodiscard]] inline AccountId account_of(const crypto::PublicKey& key) {
    return key.as<AccountId>();
}

}  // namespace cairn::ledger
