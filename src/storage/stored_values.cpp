#include "src/storage/stored_values.hpp"

#include "cairn/crypto/sha256.hpp"

#include <algorithm>

namespace cairn::storage {

namespace {

constexpr std::size_t checksum_bytes = 8;

}  // namespace

HeightKey height_key(Height height) {
    HeightKey key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::uint8_t>(height.value >> (8 * (key.size() - 1 - i)));
    return key;
}

Bytes side_key(Height height, const BlockHash& hash) {
    const auto prefix = height_key(height);
    Bytes key{prefix.begin(), prefix.end()};
    key.insert(key.end(), hash.bytes.begin(), hash.bytes.end());
    return key;
}

Bytes with_checksum(ByteView content) {
    const auto digest = crypto::sha256(content);
    Bytes stored{digest.bytes.begin(), digest.bytes.begin() + checksum_bytes};
    stored.insert(stored.end(), content.begin(), content.end());
    return stored;
}

StoreResult<Bytes> without_checksum(ByteView stored) {
    if (stored.size() < checksum_bytes)
        return tl::unexpected{chain::StoreError::corrupt};
    const auto content = stored.subspan(checksum_bytes);
    const auto digest = crypto::sha256(content);
    if (!std::equal(stored.begin(), stored.begin() + checksum_bytes, digest.bytes.begin()))
        return tl::unexpected{chain::StoreError::corrupt};
    return to_bytes(content);
}

}  // namespace cairn::storage
