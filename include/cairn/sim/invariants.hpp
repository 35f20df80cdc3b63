/// What must hold of every node at every moment, whatever the network does. Checked by the
/// simulator, apart from the code that is checked.
#pragma once

#include "cairn/node/view.hpp"
#include "cairn/sim/memory_store.hpp"

#include <optional>
#include <string>

namespace cairn::sim {

/// No coins appear: balances sum up to genesis plus the subsidies of the active chain. Costs a pass
/// over the state. The broken rule in a sentence, or nothing.
[[nodiscard]] std::optional<std::string> check_supply(const chain::Blockchain& chain);

/// Mempool and chain are disjoint: what the last block holds does not wait any more.
[[nodiscard]] std::optional<std::string> check_disjoint(const node::NodeView& view);

/// The tip is the heaviest of all branches whose blocks are at hand.
[[nodiscard]] std::optional<std::string> check_heaviest(const chain::Blockchain& chain);

/// Every queue that others can fill is within its limit.
[[nodiscard]] std::optional<std::string> check_bounds(const node::NodeView& view);

/// What is on disk, opened again and replayed, gives the state that the node has after a commit,
/// and its indexes are those that the blocks make.
[[nodiscard]] std::optional<std::string> check_disk(
    const chain::Blockchain& chain, const MemoryStore& store
);

}  // namespace cairn::sim
