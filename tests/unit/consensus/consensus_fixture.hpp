/// What the tests of engines and header rules share: specs, and hashes on either side of a target.
#pragma once

#include "cairn/consensus/engine.hpp"

#include <cstdint>

namespace cairn::consensus::test {

inline constexpr std::uint32_t target_limit = 0x1f00'ffff;

/// Proof of work with 15 s blocks, retargeting.
inline ledger::EngineSpec proof_of_work_spec() {
    return {
        .kind = ledger::EngineKind::proof_of_work,
        .block_interval_ms = 15'000,
        .retarget = true,
        .target_limit = target_limit,
    };
}

inline ledger::EngineSpec instant_seal_spec() {
    return {
        .kind = ledger::EngineKind::instant_seal,
        .block_interval_ms = 15'000,
        .retarget = false,
        .target_limit = 0,
    };
}

/// The hash that reads as `number`.
inline BlockHash hash_of_number(const Uint256& number) {
    return {.bytes = number.to_big_endian()};
}

/// A proof-of-work seal, little-endian (spec 05 §2), written out so that the tests pin its form.
inline Bytes seal_of_nonce(std::uint64_t nonce) {
    Bytes seal;
    for (unsigned i = 0; i < 8; ++i)
        seal.push_back(static_cast<std::uint8_t>(nonce >> (8 * i)));
    return seal;
}

}  // namespace cairn::consensus::test
