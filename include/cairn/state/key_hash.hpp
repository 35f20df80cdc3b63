/// The hash of state keys in memory. It reaches no output.
#pragma once

#include "cairn/base/bytes.hpp"

#include <absl/hash/hash.h>
#include <absl/numeric/int128.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace cairn::state {

/// Multiplies and folds eight bytes at a time under a secret: fast, and no peer can aim at it.
/// Account ids are not uniform to begin with, for whoever makes keys can choose among them.
struct KeyHash {
    std::uint64_t salt;

    /// Salted with what Abseil seeds its hashes with: where the system has put the process, which
    /// it chooses anew for each.
    [[nodiscard]] static KeyHash of_process() { return {.salt = absl::Hash<std::uint64_t>{}(0)}; }

    std::size_t operator()(ByteView key) const {
        auto state = salt ^ key.size();
        while (key.size() >= sizeof(std::uint64_t)) {
            state = mix(state ^ load(key.first(sizeof(std::uint64_t))));
            key = key.subspan(sizeof(std::uint64_t));
        }
        return mix(state ^ load(key));
    }

  private:
    static std::uint64_t load(ByteView bytes) {
        std::uint64_t word = 0;
        if (!bytes.empty())
            std::memcpy(&word, bytes.data(), bytes.size());
        return word;
    }

    [[nodiscard]] std::uint64_t mix(std::uint64_t word) const {
        // An odd factor, so that no word is lost; the constant is 2^64 divided by the golden ratio.
        const auto product = absl::uint128{word} * ((salt + 0x9e3779b97f4a7c15U) | 1U);
        return absl::Uint128High64(product) ^ absl::Uint128Low64(product);
    }
};

struct SameKey {
    bool operator()(ByteView left, ByteView right) const {
        return std::equal(left.begin(), left.end(), right.begin(), right.end());
    }
};

}  // namespace cairn::state
