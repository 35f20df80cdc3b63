#include "cairn/crypto/merkle.hpp"

#include "src/crypto/pair_hash.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/processor.hpp"
#include "cairn/crypto/sha256.hpp"

#include <array>

namespace cairn::crypto {

namespace {

constexpr std::array<std::uint8_t, 1> leaf_prefix{0x00};
constexpr std::array<std::uint8_t, 1> node_prefix{0x01};

Hash256 hash_pair(
    const std::array<std::uint8_t, 1>& prefix, const Hash256& left, const Hash256& right
) {
#if defined(__x86_64__)
    if (has_sha_instructions()) {
        Hash256 hash;
        hash_pair_sha_ni(prefix.front(), left.bytes.data(), right.bytes.data(), hash.bytes.data());
        return hash;
    }
#endif
    return sha256(prefix, left.view(), right.view());
}

/// Hashes the pairs of neighbours in `level`, to its beginning.
void hash_pairs(const std::array<std::uint8_t, 1>& prefix, std::span<Hash256> level) {
    static_assert(sizeof(Hash256) == Hash256::size, "hashes lie one behind the other");
    const std::size_t count = level.size() / 2;
#if defined(__x86_64__)
    if (has_sha_instructions()) {
        auto* const bytes = level.empty() ? nullptr : level.front().bytes.data();
        return hash_pairs_sha_ni(prefix.front(), bytes, count, bytes);
    }
#endif
    for (std::size_t i = 0; i < count; ++i)
        level[i] = hash_pair(prefix, level[2 * i], level[2 * i + 1]);
}

/// Makes `level` the level above it: its nodes hashed in pairs, an odd last one taken over.
///
/// RFC 6962 splits a tree at the largest power of two below its size. Pairing from the left gives
/// the same tree, because every subtree but the rightmost of a level is then full.
void rise(std::vector<Hash256>& level) {
    const std::size_t pairs = level.size() / 2;
    hash_node_pairs(level);
    if (level.size() % 2 != 0)
        level[pairs] = level.back();
    level.resize(pairs + level.size() % 2);
}

}  // namespace

Hash256 leaf_hash(ByteView bytes) {
    return sha256(leaf_prefix, bytes);
}

Hash256 leaf_hash(ByteView head, ByteView tail) {
    return sha256(leaf_prefix, head, tail);
}

Hash256 leaf_hash(const Hash256& head, const Hash256& tail) {
    return hash_pair(leaf_prefix, head, tail);
}

Hash256 node_hash(const Hash256& left, const Hash256& right) {
    return hash_pair(node_prefix, left, right);
}

void hash_leaf_pairs(std::span<Hash256> parts) {
    hash_pairs(leaf_prefix, parts);
}

void hash_node_pairs(std::span<Hash256> children) {
    hash_pairs(node_prefix, children);
}

Hash256 merkle_root(std::span<const Hash256> leaf_hashes) {
    if (leaf_hashes.empty())
        return sha256({});
    std::vector<Hash256> level{leaf_hashes.begin(), leaf_hashes.end()};
    while (level.size() > 1)
        rise(level);
    return level.front();
}

std::vector<Hash256> merkle_path(std::span<const Hash256> leaf_hashes, std::uint64_t index) {
    CAIRN_ASSERT(index < leaf_hashes.size());
    std::vector<Hash256> path;
    std::vector<Hash256> level{leaf_hashes.begin(), leaf_hashes.end()};
    while (level.size() > 1) {
        const std::uint64_t sibling = index ^ 1U;
        if (sibling < level.size())
            path.push_back(level[sibling]);
        rise(level);
        index /= 2;
    }
    return path;
}

bool verify_merkle_path(
    const Hash256& leaf,
    std::uint64_t index,
    std::uint64_t count,
    std::span<const Hash256> path,
    const Hash256& root
) {
    if (index >= count)
        return false;
    Hash256 node = leaf;
    // At most 64 turns: each halves the number of nodes on the level.
    while (count > 1) {
        const bool is_right = index % 2 != 0;
        if (is_right || index + 1 < count) {
            if (path.empty())
                return false;
            node = is_right ? node_hash(path.front(), node) : node_hash(node, path.front());
            path = path.subspan(1);
        }
        index /= 2;
        count = count / 2 + count % 2;
    }
    return path.empty() && node == root;
}

}  // namespace cairn::crypto
