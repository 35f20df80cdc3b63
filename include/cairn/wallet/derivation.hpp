/// Keys out of a seed (BIP32): the tree of private keys, and the path of Cairn's accounts in it.
#pragma once

#include "cairn/crypto/schnorr.hpp"
#include "cairn/crypto/secret.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace cairn::wallet {

/// Added to an index, makes the child a hardened one: a leaked child key says nothing of the
/// parent.
inline constexpr std::uint32_t hardened = 0x80000000;
/// The third step of the path of BIP44, which names the system: the letters "crn" as a number. It
/// is not registered in SLIP-44, and one number serves every chain (spec 08 §3).
inline constexpr std::uint32_t coin_type = 0x63726e;

/// A private key of the tree with its chain code.
class ExtendedKey {
  public:
    /// The root for `seed`. Nothing where the seed makes no valid key, which has never been seen: a
    /// chance of 2^-127, as for `child`.
    [[nodiscard]] static std::optional<ExtendedKey> from_seed(const crypto::Secret& seed);

    /// The child with this index, `hardened` added or not.
    [[nodiscard]] std::optional<ExtendedKey> child(std::uint32_t index) const;

    /// 32 bytes, big-endian.
    [[nodiscard]] const crypto::Secret& key() const { return key_; }

    [[nodiscard]] const crypto::Secret& chain_code() const { return chain_code_; }

    /// The public key as a compressed point (SEC 1).
    [[nodiscard]] std::array<std::uint8_t, 33> public_point() const;

  private:
    ExtendedKey(crypto::Secret key, crypto::Secret chain_code);

    crypto::Secret key_;
    crypto::Secret chain_code_;
};

/// `m/44'/6517358'/<account>'/0/0`; `account` must be below `hardened`.
[[nodiscard]] std::string derivation_path(std::uint32_t account);

/// The key at `derivation_path(account)` under `seed`. Nothing with a chance of 2^-127.
[[nodiscard]] std::optional<crypto::SecretKey> derive_account(
    const crypto::Secret& seed, std::uint32_t account
);

}  // namespace cairn::wallet
