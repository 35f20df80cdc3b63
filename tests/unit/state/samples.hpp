/// What the tests of the state share.
#pragma once

#include "cairn/crypto/sha256.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/state/diff.hpp"

#include <string>

namespace cairn::state {

inline StateKey key(std::string_view text) {
    return to_key(as_bytes(text));
}

inline StateValue value(std::string_view text) {
    return to_value(as_bytes(text));
}

/// A change that sets `name` and says that there was nothing before.
inline StateChange set_to(std::string_view name, std::string_view content) {
    return {.key = key(name), .before = std::nullopt, .after = value(content)};
}

/// A change that erases `name`.
inline StateChange erased(std::string_view name) {
    return {.key = key(name), .before = std::nullopt, .after = std::nullopt};
}

/// One of many accounts.
inline ledger::AccountId account_number(std::uint64_t number) {
    return crypto::sha256(as_bytes(std::to_string(number))).as<ledger::AccountId>();
}

}  // namespace cairn::state
