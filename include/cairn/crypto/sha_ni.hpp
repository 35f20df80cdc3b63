/// SHA-256 by the x86 SHA instructions, for kernels to build on: files of their own that are
/// compiled for these, and without AVX, because the instructions exist in the old SSE encoding
/// alone and mixing encodings costs up to a hundredfold. All functions are local to the file that
/// includes them, and the types are trivial; sha256_constants.hpp says why.
#pragma once

#include "cairn/crypto/sha256_constants.hpp"

#include <immintrin.h>

#include <utility>

namespace cairn::crypto::sha_ni {

// NOLINTBEGIN(modernize-avoid-c-arrays)

/// The state words in the order that the instructions want, f lowest and a highest, h and c.
struct State {
    __m128i abef;
    __m128i cdgh;
};

/// One message on its way: the state and the last sixteen schedule words, four a register.
struct Chain {
    State state;
    __m128i words[4];
};

/// Four words, the first lowest.
[[gnu::always_inline]] static inline __m128i four(
    std::uint32_t w0, std::uint32_t w1, std::uint32_t w2, std::uint32_t w3
) {
    return _mm_setr_epi32(
        static_cast<int>(w0), static_cast<int>(w1), static_cast<int>(w2), static_cast<int>(w3)
    );
}

/// The state of eight words a to h.
[[gnu::always_inline]] static inline State pack(const std::uint32_t (&word)[8]) {
    return {four(word[5], word[4], word[1], word[0]), four(word[7], word[6], word[3], word[2])};
}

/// Rounds 4 * group to 4 * group + 3, after the schedule words that they need.
template <int group>
[[gnu::always_inline]] static inline void four_rounds(Chain& chain) {
    auto& w = chain.words;
    if constexpr (group >= 4) {
        const __m128i seven_back = _mm_alignr_epi8(w[(group + 3) % 4], w[(group + 2) % 4], 4);
        const __m128i older = _mm_sha256msg1_epu32(w[group % 4], w[(group + 1) % 4]);
        w[group % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(older, seven_back), w[(group + 3) % 4]);
    }
    const auto& k = round_constants;
    constexpr int t = 4 * group;
    const __m128i constants = four(k[t], k[t + 1], k[t + 2], k[t + 3]);
    const __m128i addends = _mm_add_epi32(w[group % 4], constants);
    auto& [abef, cdgh] = chain.state;
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, addends);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_unpackhi_epi64(addends, addends));
}

/// All 64 rounds of both chains, group by group in turn.
template <int... groups>
[[gnu::always_inline]] static inline void
all_rounds(Chain& one, Chain& two, std::integer_sequence<int, groups...> /*groups*/) {
    ((four_rounds<groups>(one), four_rounds<groups>(two)), ...);
}

[[gnu::always_inline]] static inline void compress(Chain& one, Chain& two) {
    all_rounds(one, two, std::make_integer_sequence<int, 16>{});
}

/// All 64 rounds of one chain.
template <int... groups>
[[gnu::always_inline]] static inline void
all_rounds(Chain& chain, std::integer_sequence<int, groups...> /*groups*/) {
    (four_rounds<groups>(chain), ...);
}

[[gnu::always_inline]] static inline void compress(Chain& chain) {
    all_rounds(chain, std::make_integer_sequence<int, 16>{});
}

/// The digest in which `state` ends: its first four words and its last, the first lowest.
struct Digest {
    __m128i abcd;
    __m128i efgh;
};

[[gnu::always_inline]] static inline Digest digest_of(const State& state) {
    constexpr int swap_neighbours = 0b10110001;
    return {
        _mm_shuffle_epi32(_mm_unpackhi_epi64(state.abef, state.cdgh), swap_neighbours),
        _mm_shuffle_epi32(_mm_unpacklo_epi64(state.abef, state.cdgh), swap_neighbours)};
}

[[gnu::always_inline]] static inline State sum(const State& one, const State& two) {
    return {_mm_add_epi32(one.abef, two.abef), _mm_add_epi32(one.cdgh, two.cdgh)};
}

// NOLINTEND(modernize-avoid-c-arrays)

/// Clears the upper register halves that a caller may have left in use. A processor with the SHA
/// instructions need not have AVX, where this one would be unknown.
[[gnu::always_inline]] static inline void clear_upper_halves() {
    if (static_cast<bool>(__builtin_cpu_supports("avx")))
        // NOLINTNEXTLINE(hicpp-no-assembler): the intrinsic exists only in files built for AVX
        asm volatile("vzeroupper");
}

}  // namespace cairn::crypto::sha_ni
