#include "cairn/crypto/merkle.hpp"

#include "tests/unit/crypto/vector_file.hpp"

#include "cairn/crypto/sha256.hpp"

#include <catch2/catch.hpp>

#include <tuple>

namespace cairn::crypto {

namespace {

std::vector<Hash256> leaf_hashes_of(std::size_t count) {
    std::vector<Hash256> hashes;
    for (std::size_t i = 0; i < count; ++i)
        hashes.push_back(leaf_hash(as_bytes("leaf " + std::to_string(i))));
    return hashes;
}

/// The tree hash exactly as RFC 6962 §2.1 defines it, by recursion.
Hash256 root_by_definition(std::span<const Hash256> leaves) {
    if (leaves.size() == 1)
        return leaves.front();
    std::size_t split = 1;
    while (2 * split < leaves.size())
        split *= 2;
    return node_hash(
        root_by_definition(leaves.first(split)), root_by_definition(leaves.subspan(split))
    );
}

std::vector<Hash256> path_of(const nlohmann::json& row) {
    std::vector<Hash256> path;
    for (const auto& hex : row.at("path"))
        path.push_back(fixed_of<Hash256>(hex));
    return path;
}

}  // namespace

TEST_CASE("Merkle: pairs are hashed as SHA-256 of their bytes, however many", "[crypto]") {
    for (std::size_t count = 0; count <= 9; ++count) {
        const auto level = leaf_hashes_of(count);
        auto leaves = level;
        auto nodes = level;
        hash_leaf_pairs(leaves);
        hash_node_pairs(nodes);
        for (std::size_t i = 0; i < count / 2; ++i) {
            const auto& [left, right] = std::tie(level[2 * i], level[2 * i + 1]);
            CHECK(leaves[i] == sha256(std::array<std::uint8_t, 1>{0}, left.view(), right.view()));
            CHECK(nodes[i] == sha256(std::array<std::uint8_t, 1>{1}, left.view(), right.view()));
            CHECK(leaf_hash(left, right) == leaves[i]);
            CHECK(node_hash(left, right) == nodes[i]);
        }
        // The half behind the hashes may hold anything, but for an odd last one.
        if (count % 2 != 0) {
            CHECK(leaves.back() == level.back());
            CHECK(nodes.back() == level.back());
        }
    }
}

TEST_CASE("Merkle: the roots and paths of Certificate Transparency hold", "[crypto]") {
    const auto vectors = load_vectors("rfc6962.json");
    std::vector<Hash256> leaves;
    for (const auto& hex : vectors.at("leaves"))
        leaves.push_back(leaf_hash(bytes_of(hex)));
    for (std::size_t count = 0; count <= leaves.size(); ++count)
        CHECK(to_hex(merkle_root(std::span{leaves}.first(count))) == vectors.at("roots").at(count));
    for (const auto& row : vectors.at("paths")) {
        const auto index = row.at("index").get<std::uint64_t>();
        const auto count = row.at("count").get<std::size_t>();
        const auto root = fixed_of<Hash256>(vectors.at("roots").at(count));
        CHECK(merkle_path(std::span{leaves}.first(count), index) == path_of(row));
        CHECK(verify_merkle_path(leaves[index], index, count, path_of(row), root));
    }
}

TEST_CASE("Merkle: every root is the one of the recursive definition", "[crypto]") {
    const auto leaves = leaf_hashes_of(130);
    for (std::size_t count = 1; count <= leaves.size(); ++count) {
        const auto some = std::span{leaves}.first(count);
        REQUIRE(merkle_root(some) == root_by_definition(some));
    }
}

TEST_CASE("Merkle: every leaf's path proves its own index and no other", "[crypto]") {
    for (std::size_t count = 1; count <= 20; ++count) {
        const auto leaves = leaf_hashes_of(count);
        const Hash256 root = merkle_root(leaves);
        for (std::size_t index = 0; index < count; ++index) {
            const auto path = merkle_path(leaves, index);
            for (std::size_t claimed = 0; claimed < count + 3; ++claimed)
                REQUIRE(
                    verify_merkle_path(leaves[index], claimed, count, path, root) ==
                    (claimed == index)
                );
        }
    }
}

TEST_CASE("Merkle: every bit flip of a path, a leaf or a root is refused", "[crypto]") {
    const auto leaves = leaf_hashes_of(11);
    const Hash256 root = merkle_root(leaves);
    for (std::size_t index = 0; index < leaves.size(); ++index) {
        auto parts = merkle_path(leaves, index);
        const std::size_t path_length = parts.size();
        parts.push_back(leaves[index]);
        parts.push_back(root);
        for (std::size_t bit = 0; bit < parts.size() * 256; ++bit) {
            const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
            parts[bit / 256].bytes[bit % 256 / 8] ^= mask;
            REQUIRE_FALSE(verify_merkle_path(
                parts[path_length],
                index,
                leaves.size(),
                std::span{parts}.first(path_length),
                parts[path_length + 1]
            ));
            parts[bit / 256].bytes[bit % 256 / 8] ^= mask;
        }
    }
}

TEST_CASE("Merkle: a path of a wrong length and absurd counts are refused", "[crypto]") {
    const auto leaves = leaf_hashes_of(6);
    const Hash256 root = merkle_root(leaves);
    constexpr std::uint64_t largest = ~std::uint64_t{0};
    for (std::size_t index = 0; index < leaves.size(); ++index) {
        const Hash256& leaf = leaves[index];
        auto path = merkle_path(leaves, index);
        const auto shorter = std::span{path}.first(path.size() - 1);
        CHECK_FALSE(verify_merkle_path(leaf, index, 6, shorter, root));
        CHECK_FALSE(verify_merkle_path(leaf, index, 6, {}, root));
        CHECK_FALSE(verify_merkle_path(leaf, index, 0, path, root));
        CHECK_FALSE(verify_merkle_path(leaf, index, largest, path, root));
        CHECK_FALSE(verify_merkle_path(leaf, largest - 1, largest, path, root));
        CHECK_FALSE(verify_merkle_path(leaf, largest, largest, path, root));
        path.push_back(root);
        CHECK_FALSE(verify_merkle_path(leaf, index, 6, path, root));
    }
    CHECK_FALSE(verify_merkle_path(root, 0, 0, {}, sha256({})));
    CHECK(verify_merkle_path(root, 0, 1, {}, root));
}

TEST_CASE("Merkle: repeating the last leaf changes the root (CVE-2012-2459)", "[crypto][K6]") {
    for (std::size_t count = 1; count <= 9; ++count) {
        auto leaves = leaf_hashes_of(count);
        const Hash256 root = merkle_root(leaves);
        leaves.push_back(leaves.back());
        CHECK(merkle_root(leaves) != root);
    }
}

TEST_CASE("Merkle: an inner node cannot pass as a leaf", "[crypto][K6]") {
    const auto leaves = leaf_hashes_of(2);
    Bytes children = to_bytes(leaves[0].view());
    children.insert(children.end(), leaves[1].bytes.begin(), leaves[1].bytes.end());
    CHECK(leaf_hash(children) != merkle_root(leaves));
}

}  // namespace cairn::crypto
