#include "cairn/miner/search.hpp"

#include "src/miner/kernel.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/processor.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <span>

namespace cairn::miner {

namespace {

using HashState = std::array<std::uint32_t, 8>;
using HashBlock = std::array<std::uint32_t, 16>;

std::uint32_t sigma_0(std::uint32_t x) {
    return std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3U);
}

std::uint32_t sigma_1(std::uint32_t x) {
    return std::rotr(x, 17) ^ std::rotr(x, 19) ^ (x >> 10U);
}

/// T1 and T2 of a SHA-256 round (FIPS 180-4 §6.2.2).
struct RoundTerms {
    std::uint32_t first;
    std::uint32_t second;
};

RoundTerms round_terms(const HashState& state, std::uint32_t addend) {
    const auto& [a, b, c, d, e, f, g, h] = state;
    const std::uint32_t rotated_e = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t rotated_a = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    return {
        .first = h + rotated_e + ((e & f) ^ (~e & g)) + addend,
        .second = rotated_a + ((a & b) ^ (a & c) ^ (b & c))};
}

/// The state after one more block. Plain, for it runs a few times a search; crypto's SHA-256 gives
/// no state between blocks.
HashState compress(const HashState& before, HashBlock words) {
    HashState state = before;
    for (std::size_t t = 0; t < 64; ++t) {
        auto& word = words[t % 16];
        if (t >= 16)
            word +=
                sigma_0(words[(t + 1) % 16]) + words[(t + 9) % 16] + sigma_1(words[(t + 14) % 16]);
        const auto [first, second] = round_terms(state, round_constants[t] + word);
        std::shift_right(state.begin(), state.end(), 1);
        state[4] += first;
        state[0] = first + second;
    }
    for (std::size_t i = 0; i < state.size(); ++i)
        state[i] += before[i];
    return state;
}

/// The sixteen words of 64 bytes.
HashBlock words_of(std::span<const std::uint8_t, 64> bytes) {
    HashBlock words{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        words[i / 4] = (words[i / 4] << 8U) | bytes[i];
    return words;
}

/// The half of a nonce as the word of the block in which its little-endian bytes stand.
std::uint32_t nonce_word(std::uint64_t half) {
    return __builtin_bswap32(static_cast<std::uint32_t>(half));
}

HashState hash_header(const std::array<std::uint8_t, 128>& header) {
    const std::span<const std::uint8_t, 128> bytes{header};
    const HashState first = compress(std::to_array(initial_state), words_of(bytes.first<64>()));
    return compress(first, words_of(bytes.last<64>()));
}

/// The block hash as a number.
Uint256 block_hash(const HashState& midstate, std::uint64_t nonce) {
    HashBlock block{nonce_word(nonce), nonce_word(nonce >> 32U), padding_word};
    block[15] = sealed_header_bits;
    const HashState inner = compress(midstate, block);
    block = {};
    std::copy(inner.begin(), inner.end(), block.begin());
    block[8] = padding_word;
    block[15] = digest_bits;
    const HashState outer = compress(std::to_array(initial_state), block);
    Uint256 hash;
    for (std::size_t i = 0; i < outer.size(); ++i)
        hash.limbs[i / 2] = (hash.limbs[i / 2] << 32U) | outer[i];
    return hash;
}

/// The work on at most `count` nonces from `nonce` on, ended where the upper half changes.
Stretch make_stretch(
    const HashState& midstate, const Uint256& target, std::uint64_t nonce, std::uint64_t count
) {
    constexpr std::uint64_t halves = std::uint64_t{1} << 32U;
    const std::uint64_t low = nonce % halves;
    const auto [first, second] = round_terms(midstate, round_constants[0]);
    Stretch stretch{};
    std::copy(midstate.begin(), midstate.end(), std::begin(stretch.midstate));
    stretch.w1 = nonce_word(nonce / halves);
    stretch.round_0_a = first + second;
    stretch.round_0_e = midstate[3] + first;
    stretch.w16_part = sigma_0(stretch.w1);
    stretch.w17 = stretch.w1 + sigma_0(padding_word) + sigma_1(sealed_header_bits);
    stretch.w19 = sigma_1(stretch.w17);
    stretch.w21 = sigma_1(stretch.w19);
    stretch.w23_part = stretch.w16_part + sigma_1(stretch.w21);
    stretch.target_top = static_cast<std::uint32_t>(target.limbs[0] >> 32U);
    stretch.low = static_cast<std::uint32_t>(low);
    stretch.count = std::min(count, halves - low);
    return stretch;
}

std::uint64_t find_candidate(const Stretch& stretch, Kernel kernel) {
#if defined(__x86_64__)
    switch (kernel) {
        case Kernel::portable:
            break;
        case Kernel::sha_ni:
            return find_candidate_sha_ni(stretch);
        case Kernel::avx512:
            return find_candidate_avx512(stretch);
    }
#else
    CAIRN_ASSERT(kernel == Kernel::portable);
#endif
    return find_candidate_portable(stretch);
}

}  // namespace

std::string_view to_string(Kernel kernel) {
    switch (kernel) {
        case Kernel::portable:
            return "portable";
        case Kernel::sha_ni:
            return "sha_ni";
        case Kernel::avx512:
            return "avx512";
    }
    CAIRN_ASSERT(false);
}

bool is_supported(Kernel kernel) {
    switch (kernel) {
        case Kernel::portable:
            return true;
#if defined(__x86_64__)
        case Kernel::sha_ni:
            return crypto::has_sha_instructions();
        case Kernel::avx512:
            return static_cast<bool>(__builtin_cpu_supports("avx512f"));
#else
        case Kernel::sha_ni:
        case Kernel::avx512:
            return false;
#endif
    }
    CAIRN_ASSERT(false);
}

Kernel best_kernel() {
    if (is_supported(Kernel::avx512))
        return Kernel::avx512;
    return is_supported(Kernel::sha_ni) ? Kernel::sha_ni : Kernel::portable;
}

SearchOutcome search(const SearchRange& range, Kernel kernel) {
    CAIRN_ASSERT(is_supported(kernel));
    CAIRN_ASSERT(
        range.count == 0 ||
        range.first <= std::numeric_limits<std::uint64_t>::max() - (range.count - 1)
    );
    const HashState midstate = hash_header(range.header);
    std::uint64_t tried = 0;
    while (tried < range.count) {
        const Stretch stretch =
            make_stretch(midstate, range.target, range.first + tried, range.count - tried);
        const std::uint64_t offset = find_candidate(stretch, kernel);
        tried += offset;
        if (offset == stretch.count)
            continue;
        // Kernels look at the top word alone; where it equals the target's, the others decide.
        const std::uint64_t nonce = range.first + tried;
        ++tried;
        if (block_hash(midstate, nonce) <= range.target)
            return {.nonce = nonce, .tried = tried};
    }
    return {.nonce = std::nullopt, .tried = tried};
}

SearchOutcome search(const SearchRange& range) {
    return search(range, best_kernel());
}

}  // namespace cairn::miner
