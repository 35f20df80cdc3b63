#include "cairn/state/view.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>

namespace cairn::state {

AccountKey account_key(const ledger::AccountId& account) {
    AccountKey key{};
    key[0] = account_key_prefix;
    std::copy(account.bytes.begin(), account.bytes.end(), key.begin() + 1);
    return key;
}

AccountState read_account(const StateView& view, const ledger::AccountId& account) {
    const auto value = view.find(account_key(account));
    if (!value)
        return {};
    const auto decoded = codec::decode<AccountState>(*value);
    // Only `Overlay::write_account` writes under this prefix.
    CAIRN_ASSERT(decoded.has_value());
    return *decoded;
}

}  // namespace cairn::state
