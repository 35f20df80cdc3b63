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

AccountState decode_account(ByteView value) {
    const auto decoded = codec::decode<AccountState>(value);
    // Only `Overlay::write_account` writes under an account's prefix.
    CAIRN_ASSERT(decoded.has_value());
    return *decoded;
}

AccountState read_account(const StateView& view, const ledger::AccountId& account) {
    const auto value = view.find(account_key(account));
    if (!value)
        return {};
    return decode_account(*value);
}

}  // namespace cairn::state
