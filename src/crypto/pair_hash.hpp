/// The hash of a byte and two hashes, which is most of what trees are made of.
///
/// The kernels are compiled for processors that may not be the one running; so this header, which
/// they include, holds declarations alone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn::crypto {

#if defined(__x86_64__)
/// SHA-256 of `prefix`, the 32 bytes at `left` and those at `right`, to the 32 at `hash`.
void hash_pair_sha_ni(
    std::uint8_t prefix, const std::uint8_t* left, const std::uint8_t* right, std::uint8_t* hash
);

/// The same for `count` pairs, one behind the other at `pairs`, to `hashes`: a good deal faster
/// than one by one. `hashes` may be `pairs`.
void hash_pairs_sha_ni(
    std::uint8_t prefix, const std::uint8_t* pairs, std::size_t count, std::uint8_t* hashes
);
#endif

}  // namespace cairn::crypto
