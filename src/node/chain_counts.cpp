#include "cairn/node/chain_counts.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>

namespace cairn::node {

void ChainCounts::on_chain_change(
    const chain::Blockchain& chain, const chain::ChainChange& change
) {
    if (change.is_reorganisation())
        depths_.add(change.disconnected.size());
    if (change.connected.empty())
        return;
    connected_ += change.connected.size();
    const auto* parent = chain.find(change.connected.front()->head().header.previous);
    CAIRN_ASSERT(parent != nullptr);
    auto before = parent->head.header.time;
    for (const auto& block : change.connected) {
        const auto& header = block->head().header;
        // Rules bound a block's time by the median of eleven, so it may lie before its parent's.
        if (header.height > Height{1})
            intervals_ms_.add(header.time.value - std::min(before.value, header.time.value));
        before = header.time;
    }
}

}  // namespace cairn::node
