#include "cairn/ledger/account.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/bech32m.hpp"

namespace cairn::ledger {

namespace {

/// One byte of kind and the account.
constexpr std::size_t payload_bytes = 1 + AccountId::size;

}  // namespace

std::string_view to_string(AddressError error) {
    switch (error) {
        case AddressError::mistyped:
            return "mistyped";
        case AddressError::wrong_chain:
            return "wrong_chain";
        case AddressError::wrong_kind:
            return "wrong_kind";
    }
    return "unknown";
}

std::string to_address(const AccountId& account, std::string_view prefix, AccountKind kind) {
    Bytes payload{static_cast<std::uint8_t>(kind)};
    payload.insert(payload.end(), account.bytes.begin(), account.bytes.end());
    const auto text = crypto::bech32m_encode(prefix, payload);
    CAIRN_ASSERT(text.has_value());
    return *text;
}

Result<AccountId, AddressError> from_address(
    std::string_view text, std::string_view prefix, AccountKind kind
) {
    const auto decoded = crypto::bech32m_decode(text);
    if (!decoded || decoded->payload.size() != payload_bytes)
        return tl::unexpected{AddressError::mistyped};
    if (decoded->prefix != prefix)
        return tl::unexpected{AddressError::wrong_chain};
    const ByteView payload{decoded->payload};
    if (payload[0] != static_cast<std::uint8_t>(kind))
        return tl::unexpected{AddressError::wrong_kind};
    return *AccountId::from_view(payload.subspan(1));
}

}  // namespace cairn::ledger
