/// Blocks and, within them, every kind of transaction: bytes are refused, or they are the one form
/// of their block.
#include "cairn/base/assert.hpp"
#include "cairn/codec/binary.hpp"
#include "cairn/ledger/block.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cairn;
    const ByteView input{bytes, size};
    const auto decoded = ledger::decode_block(ChainId{}, input);
    if (!decoded)
        return 0;
    const auto again = codec::encode(decoded->block);
    CAIRN_ASSERT(std::equal(again.begin(), again.end(), input.begin(), input.end()));
    CAIRN_ASSERT(decoded->hash == ledger::block_hash(decoded->block.head));
    CAIRN_ASSERT(decoded->tx_root == ledger::tx_root(decoded->block.transactions));
    return 0;
}
