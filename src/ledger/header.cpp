#include "cairn/ledger/header.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/sha256.hpp"

#include <algorithm>

namespace cairn::ledger {

std::array<std::uint8_t, header_bytes> encode_header(const Header& header) {
    codec::BinaryWriter writer;
    writer.reserve(header_bytes);
    writer(header);
    CAIRN_ASSERT(writer.bytes().size() == header_bytes);
    std::array<std::uint8_t, header_bytes> bytes{};
    std::copy(writer.bytes().begin(), writer.bytes().end(), bytes.begin());
    return bytes;
}

BlockHash block_hash(const SealedHeader& head) {
    const auto inner = crypto::sha256(encode_header(head.header), head.seal);
    return crypto::sha256(inner.view()).as<BlockHash>();
}

ChainTag chain_tag(const ChainId& chain) {
    ChainTag tag;
    std::copy_n(chain.bytes.begin(), ChainTag::size, tag.bytes.begin());
    return tag;
}

std::optional<std::uint64_t> nonce_of(ByteView seal) {
    if (seal.size() != sizeof(std::uint64_t))
        return std::nullopt;
    codec::BinaryReader reader{seal};
    return reader.take_fixed<std::uint64_t>();
}

Bytes make_nonce_seal(std::uint64_t nonce) {
    codec::BinaryWriter writer;
    writer.write_fixed(nonce);
    return writer.take();
}

}  // namespace cairn::ledger
