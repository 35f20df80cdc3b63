/// The forms in which the store keeps its entries: keys in order, values with checksums.
#pragma once

#include "src/storage/environment.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/ledger/header.hpp"

#include <array>
#include <string_view>

namespace cairn::storage {

using HeightKey = std::array<std::uint8_t, 8>;

/// Big-endian, so that LMDB's order of keys is the order of heights.
[[nodiscard]] HeightKey height_key(Height height);

/// The key of a block off the active chain: height, then hash.
[[nodiscard]] Bytes side_key(Height height, const BlockHash& hash);

/// `content` with the head of its SHA-256 before it: a disk that returns other bytes than it was
/// given is noticed when they are read.
[[nodiscard]] Bytes with_checksum(ByteView content);
/// The content under a checksum. Errors: `corrupt` when they do not belong together.
[[nodiscard]] StoreResult<Bytes> without_checksum(ByteView stored);

/// An entry of `active`: which block stands at a height.
struct ActiveBlock {
    BlockHash hash;
    ledger::SealedHeader head;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("hash", hash), codec::field("head", head));
    }
};

/// An entry of `places`.
struct StoredPlace {
    Height height;
    std::uint32_t index = 0;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("height", height), codec::field("index", index));
    }
};

/// @{
/// Keys of `meta`.
inline constexpr std::string_view format_key = "format";
inline constexpr std::string_view state_block_key = "state_block";
/// @}

}  // namespace cairn::storage
