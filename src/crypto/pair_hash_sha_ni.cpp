/// Pairs hashed by the x86 SHA instructions: two pairs in turn, so that one's rounds fill the wait
/// for the other's, and the message is put together in registers, because bytes just written to
/// memory cannot be read back at once in other pieces.
#include "src/crypto/pair_hash.hpp"

#if defined(__x86_64__)

#include "cairn/crypto/sha_ni.hpp"

namespace cairn::crypto {

namespace {

using sha_ni::Chain;
using sha_ni::compress;
using sha_ni::State;

constexpr std::size_t hash_bytes = 32;
/// The bits of a prefix of one byte and two hashes.
constexpr std::uint32_t message_bits = (1 + 2 * hash_bytes) * 8;

/// A message of 65 bytes: all but the last fill the first block.
struct Message {
    // NOLINTNEXTLINE(modernize-avoid-c-arrays): no std::array here
    __m128i words[4];
    /// The first word of the second block: the last byte, and the bit that ends every message.
    __m128i last;
};

[[gnu::always_inline]] inline __m128i load(const std::uint8_t* bytes) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

/// Swaps the bytes of each word.
[[gnu::always_inline]] inline __m128i swap(__m128i words) {
    return _mm_shuffle_epi8(
        words, _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
    );
}

[[gnu::always_inline]] inline Message make_message(
    std::uint8_t prefix, const std::uint8_t* left, const std::uint8_t* right
) {
    constexpr int all_but_one = 15;
    const __m128i first = _mm_slli_si128(_mm_cvtsi32_si128(prefix), all_but_one);
    const __m128i left_head = load(left);
    const __m128i left_tail = load(left + 16);
    const __m128i right_head = load(right);
    const __m128i right_tail = load(right + 16);
    const __m128i last = _mm_slli_epi32(_mm_srli_si128(right_tail, all_but_one), 24);
    return {
        {swap(_mm_alignr_epi8(left_head, first, all_but_one)),
         swap(_mm_alignr_epi8(left_tail, left_head, all_but_one)),
         swap(_mm_alignr_epi8(right_head, left_tail, all_but_one)),
         swap(_mm_alignr_epi8(right_tail, right_head, all_but_one))},
        _mm_or_si128(last, _mm_cvtsi32_si128(static_cast<int>(padding_word >> 8U)))};
}

[[gnu::always_inline]] inline Chain first_block(const Message& message) {
    const auto& words = message.words;
    return {sha_ni::pack(initial_state), {words[0], words[1], words[2], words[3]}};
}

[[gnu::always_inline]] inline Chain second_block(const State& state, const Message& message) {
    const __m128i zero = _mm_setzero_si128();
    return {state, {message.last, zero, zero, sha_ni::four(0, 0, 0, message_bits)}};
}

[[gnu::always_inline]] inline void store(const State& state, std::uint8_t* hash) {
    const auto [abcd, efgh] = digest_of(state);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(hash), swap(abcd));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(hash + 16), swap(efgh));
}

[[gnu::always_inline]] inline void hash_one(const Message& message, std::uint8_t* hash) {
    Chain chain = first_block(message);
    compress(chain);
    const State middle = sum(chain.state, sha_ni::pack(initial_state));
    chain = second_block(middle, message);
    compress(chain);
    store(sum(chain.state, middle), hash);
}

[[gnu::always_inline]] inline void hash_two(
    const Message& one, const Message& two, std::uint8_t* hashes
) {
    Chain chain_one = first_block(one);
    Chain chain_two = first_block(two);
    compress(chain_one, chain_two);
    const State middle_one = sum(chain_one.state, sha_ni::pack(initial_state));
    const State middle_two = sum(chain_two.state, sha_ni::pack(initial_state));
    chain_one = second_block(middle_one, one);
    chain_two = second_block(middle_two, two);
    compress(chain_one, chain_two);
    store(sum(chain_one.state, middle_one), hashes);
    store(sum(chain_two.state, middle_two), hashes + hash_bytes);
}

}  // namespace

void hash_pair_sha_ni(
    std::uint8_t prefix, const std::uint8_t* left, const std::uint8_t* right, std::uint8_t* hash
) {
    sha_ni::clear_upper_halves();
    hash_one(make_message(prefix, left, right), hash);
}

void hash_pairs_sha_ni(
    std::uint8_t prefix, const std::uint8_t* pairs, std::size_t count, std::uint8_t* hashes
) {
    constexpr std::size_t pair_bytes = 2 * hash_bytes;
    sha_ni::clear_upper_halves();
    for (; count >= 2; count -= 2) {
        const Message one = make_message(prefix, pairs, pairs + hash_bytes);
        pairs += pair_bytes;
        const Message two = make_message(prefix, pairs, pairs + hash_bytes);
        pairs += pair_bytes;
        hash_two(one, two, hashes);
        hashes += pair_bytes;
    }
    if (count != 0)
        hash_one(make_message(prefix, pairs, pairs + hash_bytes), hashes);
}

}  // namespace cairn::crypto

#endif
