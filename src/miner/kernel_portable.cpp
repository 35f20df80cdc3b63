/// The kernel for every processor: four lanes of the compiler's own vector type.
#include "src/miner/kernel.hpp"
#include "src/miner/lanes.hpp"

namespace cairn::miner {

namespace {

struct PortableVector {
    static constexpr std::uint64_t lane_count = 4;
    using Word [[gnu::vector_size(16)]] = std::uint32_t;

    [[gnu::always_inline]] static Word add(Word x, Word y) { return x + y; }

    template <int bits>
    [[gnu::always_inline]] static Word rotate_right(Word x) {
        return (x >> bits) | (x << (32 - bits));
    }

    template <int bits>
    [[gnu::always_inline]] static Word shift_right(Word x) {
        return x >> bits;
    }

    [[gnu::always_inline]] static Word exclusive_or(Word x, Word y, Word z) { return x ^ y ^ z; }

    [[gnu::always_inline]] static Word choose(Word x, Word y, Word z) { return z ^ (x & (y ^ z)); }

    [[gnu::always_inline]] static Word majority(Word x, Word y, Word z) {
        return (x & y) | (z & (x | y));
    }

    [[gnu::always_inline]] static Word broadcast(std::uint32_t x) { return Word{x, x, x, x}; }

    [[gnu::always_inline]] static Word count_up(std::uint32_t from) {
        return broadcast(from) + Word{0, 1, 2, 3};
    }

    [[gnu::always_inline]] static Word byteswap(Word x) {
        return (rotate_right<8>(x) & broadcast(0xff00ff00)) |
               (rotate_right<24>(x) & broadcast(0x00ff00ff));
    }

    /// A bit for each lane whose number is at most `limit`.
    [[gnu::always_inline]] static unsigned lanes_at_most(Word x, std::uint32_t limit) {
        unsigned hits = 0;
        for (unsigned lane = 0; lane < lane_count; ++lane)
            hits |= (x[lane] <= limit ? 1U : 0U) << lane;
        return hits;
    }
};

}  // namespace

std::uint64_t find_candidate_portable(const Stretch& stretch) {
    return Lanes<PortableVector>::find_candidate(stretch);
}

}  // namespace cairn::miner
