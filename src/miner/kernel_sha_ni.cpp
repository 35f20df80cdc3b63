/// The kernel for the x86 SHA instructions: two nonces in turn, so that one's rounds fill the wait
/// for the other's. Compiled without AVX: these instructions exist in the old SSE encoding alone,
/// and mixing encodings costs up to a hundredfold. kernel.hpp says what else is forbidden here.
#include "src/miner/kernel.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include <utility>

namespace cairn::miner {

namespace {

// NOLINTBEGIN(modernize-avoid-c-arrays)

/// The state words in the order that the instructions want, f lowest and a highest, h and c.
struct State {
    __m128i abef;
    __m128i cdgh;
};

/// One nonce on its way: the state and the last sixteen schedule words, four a register.
struct Chain {
    State state;
    __m128i words[4];
};

/// Four words, the first lowest.
[[gnu::always_inline]] inline __m128i four(
    std::uint32_t w0, std::uint32_t w1, std::uint32_t w2, std::uint32_t w3
) {
    return _mm_setr_epi32(
        static_cast<int>(w0), static_cast<int>(w1), static_cast<int>(w2), static_cast<int>(w3)
    );
}

/// The state of eight words a to h.
[[gnu::always_inline]] inline State pack(const std::uint32_t (&word)[8]) {
    return {four(word[5], word[4], word[1], word[0]), four(word[7], word[6], word[3], word[2])};
}

/// Rounds 4 * group to 4 * group + 3, after the schedule words that they need.
template <int group>
[[gnu::always_inline]] inline void four_rounds(Chain& chain) {
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
[[gnu::always_inline]] inline void
all_rounds(Chain& one, Chain& two, std::integer_sequence<int, groups...> /*groups*/) {
    ((four_rounds<groups>(one), four_rounds<groups>(two)), ...);
}

[[gnu::always_inline]] inline void compress(Chain& one, Chain& two) {
    all_rounds(one, two, std::make_integer_sequence<int, 16>{});
}

/// The third block of header and seal, on the state after the first two.
[[gnu::always_inline]] inline Chain start_seal(
    const State& midstate, const Stretch& stretch, std::uint32_t low
) {
    const __m128i zero = _mm_setzero_si128();
    return {
        midstate,
        {four(__builtin_bswap32(low), stretch.w1, padding_word, 0),
         zero,
         zero,
         four(0, 0, 0, sealed_header_bits)}};
}

/// The second hash, of the digest in which the first one ends.
[[gnu::always_inline]] inline Chain start_digest(const Chain& sealed, const State& midstate) {
    const __m128i abef = _mm_add_epi32(sealed.state.abef, midstate.abef);
    const __m128i cdgh = _mm_add_epi32(sealed.state.cdgh, midstate.cdgh);
    constexpr int swap_neighbours = 0b10110001;
    return {
        pack(initial_state),
        {_mm_shuffle_epi32(_mm_unpackhi_epi64(abef, cdgh), swap_neighbours),
         _mm_shuffle_epi32(_mm_unpacklo_epi64(abef, cdgh), swap_neighbours),
         four(padding_word, 0, 0, 0),
         four(0, 0, 0, digest_bits)}};
}

/// The top word of the block hash.
[[gnu::always_inline]] inline std::uint32_t top_word(const Chain& digest) {
    const auto a = static_cast<std::uint32_t>(_mm_extract_epi32(digest.state.abef, 3));
    return a + initial_state[0];
}

// NOLINTEND(modernize-avoid-c-arrays)

/// Clears the upper register halves that a caller may have left in use. A processor with the SHA
/// instructions need not have AVX, where this one would be unknown.
[[gnu::always_inline]] inline void clear_upper_halves() {
    if (static_cast<bool>(__builtin_cpu_supports("avx")))
        // NOLINTNEXTLINE(hicpp-no-assembler): the intrinsic exists only in files built for AVX
        asm volatile("vzeroupper");
}

}  // namespace

std::uint64_t find_candidate_sha_ni(const Stretch& stretch) {
    clear_upper_halves();
    const State midstate = pack(stretch.midstate);
    for (std::uint64_t offset = 0; offset < stretch.count; offset += 2) {
        const auto low = stretch.low + static_cast<std::uint32_t>(offset);
        Chain one = start_seal(midstate, stretch, low);
        Chain two = start_seal(midstate, stretch, low + 1);
        compress(one, two);
        one = start_digest(one, midstate);
        two = start_digest(two, midstate);
        compress(one, two);
        if (top_word(one) <= stretch.target_top)
            return offset;
        if (top_word(two) <= stretch.target_top && offset + 1 < stretch.count)
            return offset + 1;
    }
    return stretch.count;
}

}  // namespace cairn::miner

#endif
