/// Any text as a receipt: refused, or a receipt that is written as it was read; and any receipt is
/// verified to an end, for every reader.
#include "cairn/base/assert.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/receipt/receipt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cairn;
    const auto text = as_text({bytes, size});
    const auto receipt = receipt::parse_receipt(text);
    if (!receipt)
        return 0;
    const auto again = receipt::to_text(*receipt);
    CAIRN_ASSERT(again == text || again == std::string{text} + '\n');
    // A reader who trusts the block in the eleventh place, so that both ways in are taken.
    const receipt::Expectation plain{.chain = receipt->chain};
    auto trusting = plain;
    const auto trusted = receipt::checkpoint_headers - 1;
    if (receipt->headers.size() > trusted) {
        const auto hash = crypto::sha256d(receipt->headers[trusted].bytes).as<BlockHash>();
        trusting.checkpoint = receipt::Checkpoint{.height = receipt->height, .hash = hash};
    }
    for (const auto& reader : {plain, trusting}) {
        const auto proven = receipt::verify(*receipt, reader);
        CAIRN_ASSERT(!proven || proven->confirmations > 0);
    }
    return 0;
}
