/// Merkle trees as Certificate Transparency builds them (RFC 6962 §2.1), over SHA-256.
///
/// Leaves and nodes are hashed under different first bytes and a node without a sibling rises
/// unchanged, so neither a repeated leaf nor a node passed off as a leaf can keep the root.
#pragma once

#include "cairn/base/bytes.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cairn::crypto {

/// SHA-256 of 0x00 and `bytes`: the hash of a leaf.
[[nodiscard]] Hash256 leaf_hash(ByteView bytes);
/// @{
/// The hash of the leaf that is `head` followed by `tail`.
[[nodiscard]] Hash256 leaf_hash(ByteView head, ByteView tail);
[[nodiscard]] Hash256 leaf_hash(const Hash256& head, const Hash256& tail);
/// @}
/// SHA-256 of 0x01, `left` and `right`: the hash of an inner node.
[[nodiscard]] Hash256 node_hash(const Hash256& left, const Hash256& right);

/// @{
/// `leaf_hash` of each two neighbours from the first on, and `node_hash`: the hashes take the
/// places at the beginning, what an odd last one holds stays. Faster than one by one.
void hash_leaf_pairs(std::span<Hash256> parts);
void hash_node_pairs(std::span<Hash256> children);
/// @}

/// The root over `leaf_hashes` in their order; SHA-256 of the empty string when there are none.
/// Takes memory for a copy of the leaves.
[[nodiscard]] Hash256 merkle_root(std::span<const Hash256> leaf_hashes);

/// The siblings from leaf `index` up to the root, lowest first: the proof that
/// `verify_merkle_path` takes. `index` must be below the number of leaves.
[[nodiscard]] std::vector<Hash256> merkle_path(
    std::span<const Hash256> leaf_hashes, std::uint64_t index
);

/// Whether `path` proves that the leaf with hash `leaf` stands at `index` of the `count` leaves
/// under `root`. Total: any arguments may come from outside; a path of a wrong length, an index
/// that is not below `count` and a count of zero give false.
[[nodiscard]] bool verify_merkle_path(
    const Hash256& leaf,
    std::uint64_t index,
    std::uint64_t count,
    std::span<const Hash256> path,
    const Hash256& root
);

}  // namespace cairn::crypto
