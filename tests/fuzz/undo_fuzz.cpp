/// Undo data as a damaged disk might give it back: refused, or a diff that encodes to the same
/// bytes once the values that it goes back to are its values before.
#include "cairn/base/assert.hpp"
#include "cairn/state/diff.hpp"

#include <utility>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cairn;
    auto undo = state::decode_undo({bytes, size});
    if (!undo)
        return 0;
    for (auto& change : undo->changes)
        std::swap(change.before, change.after);
    const auto encoded = state::encode_undo(*undo);
    CAIRN_ASSERT(std::equal(encoded.begin(), encoded.end(), bytes, bytes + size));
    return 0;
}
