/// Any text as a chain spec: refused with a field and what was expected, or a spec whose canonical
/// form reads back as the same spec and starts a chain.
#include "cairn/base/assert.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/ledger/chain_spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cairn;
    const auto spec = ledger::parse_chain_spec(as_text({bytes, size}));
    if (!spec) {
        CAIRN_ASSERT(!spec.error().expected.empty());
        return 0;
    }
    const auto canonical = ledger::canonical_text(*spec);
    const auto again = ledger::parse_chain_spec(canonical);
    CAIRN_ASSERT(again && *again == *spec);
    const auto genesis = execution::make_genesis(*spec);
    CAIRN_ASSERT(codec::encode(genesis).size() <= spec->limits.block_bytes);
    return 0;
}
