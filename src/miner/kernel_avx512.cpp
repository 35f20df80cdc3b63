/// The kernel for AVX-512F: sixteen lanes, with rotations and three-operand logic in one
/// instruction each. Compiled with flags of its own; kernel.hpp says what that forbids here.
#include "src/miner/kernel.hpp"

#if defined(__x86_64__)

#include "src/miner/lanes.hpp"

#include <immintrin.h>

namespace cairn::miner {

namespace {

struct Avx512Vector {
    static constexpr std::uint64_t lane_count = 16;
    using Word = __m512i;

    [[gnu::always_inline]] static Word add(Word x, Word y) { return _mm512_add_epi32(x, y); }

    template <int bits>
    [[gnu::always_inline]] static Word rotate_right(Word x) {
        return _mm512_ror_epi32(x, bits);
    }

    template <int bits>
    [[gnu::always_inline]] static Word shift_right(Word x) {
        return _mm512_srli_epi32(x, bits);
    }

    // The last argument is the truth table, read as the result for x, y, z = 111 down to 000.

    [[gnu::always_inline]] static Word exclusive_or(Word x, Word y, Word z) {
        return _mm512_ternarylogic_epi32(x, y, z, 0b10010110);
    }

    [[gnu::always_inline]] static Word choose(Word x, Word y, Word z) {
        return _mm512_ternarylogic_epi32(x, y, z, 0b11001010);
    }

    [[gnu::always_inline]] static Word majority(Word x, Word y, Word z) {
        return _mm512_ternarylogic_epi32(x, y, z, 0b11101000);
    }

    [[gnu::always_inline]] static Word broadcast(std::uint32_t x) {
        return _mm512_set1_epi32(static_cast<int>(x));
    }

    [[gnu::always_inline]] static Word count_up(std::uint32_t from) {
        const Word indices =
            _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        return add(broadcast(from), indices);
    }

    /// AVX-512F alone has no shuffle of bytes: takes every second byte from either rotation.
    [[gnu::always_inline]] static Word byteswap(Word x) {
        return choose(broadcast(0xff00ff00), rotate_right<8>(x), rotate_right<24>(x));
    }

    /// A bit for each lane whose number is at most `limit`.
    [[gnu::always_inline]] static unsigned lanes_at_most(Word x, std::uint32_t limit) {
        return _mm512_cmple_epu32_mask(x, broadcast(limit));
    }
};

}  // namespace

std::uint64_t find_candidate_avx512(const Stretch& stretch) {
    const std::uint64_t offset = Lanes<Avx512Vector>::find_candidate(stretch);
    // SHA instructions, and other SSE code, crawl while upper register halves are in use.
    _mm256_zeroupper();
    return offset;
}

}  // namespace cairn::miner

#endif
