#include "cairn/base/random.hpp"

#include "cairn/base/assert.hpp"

#include <bit>

namespace cairn {

Random::Random(std::uint64_t seed) {
    for (auto& word : state_) {
        seed += 0x9e3779b97f4a7c15U;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        word = mixed ^ (mixed >> 31U);
    }
}

std::uint64_t Random::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
    CAIRN_ASSERT(bound > 0);
    // Values below 2^64 mod bound are refused, so that every remainder is equally likely.
    const std::uint64_t refused_below = (0 - bound) % bound;
    std::uint64_t value = next();
    while (value < refused_below)
        value = next();
    return value % bound;
}

bool Random::chance(std::uint64_t numerator, std::uint64_t denominator) {
    return below(denominator) < numerator;
}

Random Random::split() {
    return Random{next()};
}

}  // namespace cairn
