/// The proof-of-work search: tries a stretch of nonces on one header and finds the lowest that
/// seals it (spec 05 §2). It is a pure function, so that it can leave the node as a job; the same
/// range gives the same outcome with every kernel.
#pragma once

#include "cairn/base/uint256.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::miner {

/// A stretch of nonces to try on one header. The last nonce must not exceed 2^64 - 1; whether the
/// chain allows nonces that high is for the caller to mind.
struct SearchRange {
    /// The encoded header without its seal: two whole SHA-256 blocks.
    std::array<std::uint8_t, 128> header{};
    /// A block hash, read as a big-endian number, may be at most this.
    Uint256 target{};
    /// The first nonce to try.
    std::uint64_t first = 0;
    /// How many nonces to try.
    std::uint64_t count = 0;
};

/// What a search found.
struct SearchOutcome {
    /// The lowest nonce of the range whose block hash is at most the target, if there is one.
    std::optional<std::uint64_t> nonce;
    /// Nonces up to and including the one found, or the whole range's count.
    std::uint64_t tried = 0;

    friend bool operator==(const SearchOutcome&, const SearchOutcome&) = default;
};

/// The ways to search, slowest first.
enum class Kernel {
    /// Four nonces at once in whatever the compiler makes of 128-bit vectors; runs everywhere.
    portable,
    /// Two nonces at once with the x86 SHA instructions.
    sha_ni,
    /// Sixteen nonces at once in 512-bit registers.
    avx512,
};

/// The name of `kernel`, as enumerated.
[[nodiscard]] std::string_view to_string(Kernel kernel);

/// Whether this build and this processor can run `kernel`.
[[nodiscard]] bool is_supported(Kernel kernel);

/// The fastest supported kernel.
[[nodiscard]] Kernel best_kernel();

/// Searches `range` with `kernel`, which must be supported.
[[nodiscard]] SearchOutcome search(const SearchRange& range, Kernel kernel);

/// Searches `range` with the best kernel.
[[nodiscard]] SearchOutcome search(const SearchRange& range);

}  // namespace cairn::miner
