/// The kernel for the x86 SHA instructions: two nonces in turn, so that one's rounds fill the wait
/// for the other's. cairn/crypto/sha_ni.hpp and kernel.hpp say what is forbidden here.
#include "src/miner/kernel.hpp"

#if defined(__x86_64__)

#include "cairn/crypto/sha_ni.hpp"

namespace cairn::miner {

namespace {

using crypto::sha_ni::Chain;
using crypto::sha_ni::compress;
using crypto::sha_ni::four;
using crypto::sha_ni::pack;
using crypto::sha_ni::State;

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
    const auto [abcd, efgh] = digest_of(sum(sealed.state, midstate));
    return {
        pack(initial_state), {abcd, efgh, four(padding_word, 0, 0, 0), four(0, 0, 0, digest_bits)}};
}

/// The top word of the block hash.
[[gnu::always_inline]] inline std::uint32_t top_word(const Chain& digest) {
    const auto a = static_cast<std::uint32_t>(_mm_extract_epi32(digest.state.abef, 3));
    return a + initial_state[0];
}

}  // namespace

std::uint64_t find_candidate_sha_ni(const Stretch& stretch) {
    crypto::sha_ni::clear_upper_halves();
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
