/// What search.cpp and the kernels share: the prepared work.
///
/// Like cairn/crypto/sha256_constants.hpp, and for its reason, this header holds data alone, and
/// kernels define everything in unnamed namespaces.
#pragma once

#include "cairn/crypto/sha256_constants.hpp"

#include <cstdint>

namespace cairn::miner {

using crypto::initial_state;
using crypto::padding_word;
using crypto::round_constants;

// NOLINTBEGIN(modernize-avoid-c-arrays)

/// The last word of the third block: the bits of 128 bytes of header and 8 of nonce.
inline constexpr std::uint32_t sealed_header_bits = 136 * 8;
/// The last word of the second hash's only block.
inline constexpr std::uint32_t digest_bits = 32 * 8;

/// The second hash starts from constants alone: after its round 0 the state words a and e are w0
/// plus these, namely T1 + T2 and d + T1 of a round whose word is zero. A test of every kernel
/// against plain SHA-256 would notice a wrong digit.
inline constexpr std::uint32_t digest_round_0_a = 0xfc08884d;
inline constexpr std::uint32_t digest_round_0_e = 0x98c7e2a2;

/// Nonces that share a header and the upper half of the nonce, with all that follows from these
/// two alone. In the third block w0 is the lower half and w1 the upper half, each byte-swapped,
/// w2 the padding, w3 to w14 zero and w15 the length, so that only w0 differs between nonces.
/// (Letting the upper half vary instead would spare one round more, but the nonces of a range are
/// consecutive.)
struct Stretch {
    /// SHA-256's state after the two blocks of the header.
    std::uint32_t midstate[8];
    /// Word 1 of the third block.
    std::uint32_t w1;
    /// After round 0 the state words a and e are w0 plus these.
    std::uint32_t round_0_a;
    std::uint32_t round_0_e;
    /// The nonce-free parts of the first scheduled words; w17, w19 and w21 are whole.
    std::uint32_t w16_part;
    std::uint32_t w17;
    std::uint32_t w19;
    std::uint32_t w21;
    std::uint32_t w23_part;
    /// The most significant word of the target.
    std::uint32_t target_top;
    /// The lower half of the first nonce; `low + count` is at most 2^32.
    std::uint32_t low;
    /// How many nonces to try.
    std::uint64_t count;
};

// NOLINTEND(modernize-avoid-c-arrays)

/// A kernel returns the offset of the first nonce of the stretch for which the top word of the
/// block hash is at most the target's, or `count` when there is none.
std::uint64_t find_candidate_portable(const Stretch& stretch);
#if defined(__x86_64__)
std::uint64_t find_candidate_sha_ni(const Stretch& stretch);
std::uint64_t find_candidate_avx512(const Stretch& stretch);
#endif

}  // namespace cairn::miner
