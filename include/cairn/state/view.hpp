/// The state, seen read-only: a map from key bytes to value bytes with typed views on top (spec
/// 07).
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/codec/binary.hpp"
#include "cairn/ledger/account.hpp"

#include <optional>

namespace cairn::state {

/// Something that answers what a key's value is.
class StateView {
  public:
    virtual ~StateView() = default;
    /// The value under `key`; nothing when there is none. Valid until the state changes.
    [[nodiscard]] virtual std::optional<ByteView> find(ByteView key) const = 0;
};

/// What the state holds of an account; an absent account is one of zeros, and one of zeros is
/// absent.
struct AccountState {
    Amount balance;
    Nonce nonce;

    friend bool operator==(const AccountState&, const AccountState&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("balance", codec::varint(balance)),
            codec::field("nonce", codec::varint(nonce))
        );
    }
};

/// The key of an account: the byte `a`, then its id.
inline constexpr std::uint8_t account_key_prefix = 'a';
using AccountKey = std::array<std::uint8_t, 33>;
[[nodiscard]] AccountKey account_key(const ledger::AccountId& account);

/// The account that is stored as `value`, which stood under an account's key.
[[nodiscard]] AccountState decode_account(ByteView value);

/// The account's balance and nonce in `view`.
[[nodiscard]] AccountState read_account(const StateView& view, const ledger::AccountId& account);

}  // namespace cairn::state
