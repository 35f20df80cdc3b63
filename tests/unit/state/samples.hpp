/// What the tests of the state share.
#pragma once

#include "cairn/crypto/sha256.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/state/diff.hpp"

#include <string>

namespace cairn::state {

/// A change that sets `key` and says that there was nothing before.
inline StateChange set_to(std::string_view key, std::string_view value) {
    return {.key = to_bytes(key), .before = std::nullopt, .after = to_bytes(value)};
}

/// A change that erases `key`.
inline StateChange erased(std::string_view key) {
    return {.key = to_bytes(key), .before = std::nullopt, .after = std::nullopt};
}

/// One of many accounts.
inline ledger::AccountId account_number(std::uint64_t number) {
    return crypto::sha256(as_bytes(std::to_string(number))).as<ledger::AccountId>();
}

}  // namespace cairn::state
