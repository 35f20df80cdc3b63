/// Transactions in both archives: what decodes encodes to the same bytes, and its JSON leads back
/// to them (binary to JSON to binary is a fixed point).
#include "cairn/base/assert.hpp"
#include "cairn/ledger/transaction.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cairn;
    const auto transaction = codec::decode<ledger::Transaction>({bytes, size});
    if (!transaction)
        return 0;
    const auto encoded = codec::encode(*transaction);
    CAIRN_ASSERT(std::equal(encoded.begin(), encoded.end(), bytes, bytes + size));
    const auto again = codec::from_json_text<ledger::Transaction>(codec::to_json(*transaction));
    CAIRN_ASSERT(again && *again == *transaction);
    return 0;
}
