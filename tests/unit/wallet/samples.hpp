/// What the wallet's tests share.
#pragma once

#include "cairn/crypto/schnorr.hpp"
#include "cairn/crypto/sealing.hpp"
#include "cairn/wallet/random.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <string>

namespace cairn::wallet {

/// A thousand openings a second, for tests that do not measure them.
inline constexpr crypto::ScryptParameters cheap{.n = 16, .r = 1, .p = 1};

/// Counts on from `first`: no randomness, but different at each call.
inline RandomSource counting(std::uint8_t first = 0) {
    return [next = first](std::span<std::uint8_t> bytes) mutable {
        std::generate(bytes.begin(), bytes.end(), [&next] { return next++; });
        return true;
    };
}

/// The key whose bytes are all `byte`.
inline crypto::SecretKey key_of(std::uint8_t byte) {
    return crypto::SecretKey::from_bytes(Bytes(crypto::SecretKey::size, byte)).value();
}

/// The JSON of `proto_spec/vectors/wallet/<name>`; throws when it cannot be read.
inline nlohmann::json load_vectors(const std::string& name) {
    std::ifstream file{std::string{CAIRN_VECTORS_DIR "/wallet/"} + name};
    return nlohmann::json::parse(file);
}

/// The bytes that a JSON string writes in hexadecimal; throws when it does not.
inline Bytes bytes_of(const nlohmann::json& hex) {
    return from_hex(hex.get<std::string>()).value();
}

}  // namespace cairn::wallet
