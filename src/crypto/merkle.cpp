#include "cairn/crypto/merkle.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/sha256.hpp"

#include <array>

namespace cairn::crypto {

namespace {

constexpr std::array<std::uint8_t, 1> leaf_prefix{0x00};
constexpr std::array<std::uint8_t, 1> node_prefix{0x01};

/// The level above `level`: its nodes hashed in pairs, an odd last one taken over.
///
/// RFC 6962 splits a tree at the largest power of two below its size. Pairing from the left gives
/// the same tree, because every subtree but the rightmost of a level is then full.
std::vector<Hash256> level_above(std::span<const Hash256> level) {
    std::vector<Hash256> above;
    above.reserve(level.size() / 2 + level.size() % 2);
    for (std::size_t i = 0; i + 1 < level.size(); i += 2)
        above.push_back(node_hash(level[i], level[i + 1]));
    if (level.size() % 2 != 0)
        above.push_back(level.back());
    return above;
}

}  // namespace

Hash256 leaf_hash(ByteView bytes) {
    return sha256(leaf_prefix, bytes);
}

Hash256 leaf_hash(ByteView head, ByteView tail) {
    return sha256(leaf_prefix, head, tail);
}

Hash256 node_hash(const Hash256& left, const Hash256& right) {
    return sha256(node_prefix, left.view(), right.view());
}

Hash256 merkle_root(std::span<const Hash256> leaf_hashes) {
    if (leaf_hashes.empty())
        return sha256({});
    if (leaf_hashes.size() == 1)
        return leaf_hashes.front();
    std::vector<Hash256> level = level_above(leaf_hashes);
    while (level.size() > 1)
        level = level_above(level);
    return level.front();
}

std::vector<Hash256> merkle_path(std::span<const Hash256> leaf_hashes, std::uint64_t index) {
    CAIRN_ASSERT(index < leaf_hashes.size());
    std::vector<Hash256> path;
    std::vector<Hash256> storage;
    std::span<const Hash256> level = leaf_hashes;
    while (level.size() > 1) {
        const std::uint64_t sibling = index ^ 1U;
        if (sibling < level.size())
            path.push_back(level[sibling]);
        storage = level_above(level);
        level = storage;
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
