/// What the strangers of the node's fuzz target know: a chain with two branches, a few signed
/// transactions, and true answers to what a node asks.
#pragma once

#include "cairn/node/node.hpp"
#include "cairn/wire/messages.hpp"

#include <optional>
#include <vector>

namespace cairn::fuzz {

/// A block as peers pass it on.
struct MadeBlock {
    BlockHash hash;
    ledger::SealedHeader head;
    Bytes bytes;
};

/// Blocks from height 1 on.
using Branch = std::vector<MadeBlock>;

struct World {
    ledger::ChainSpec spec;
    ChainId chain;
    /// Two branches from genesis; the second is longer and holds transactions.
    std::vector<Branch> branches;
    std::vector<ledger::Transaction> transactions;
};

/// The one world, made at the first call.
[[nodiscard]] const World& world();

/// What a peer that follows `branch` answers to `request`; nothing when it is not a request.
[[nodiscard]] std::optional<wire::Message> answer(
    const Branch& branch, const wire::Message& request
);

/// A transaction in the form in which peers pass it on.
[[nodiscard]] wire::RawTransaction raw(const ledger::Transaction& transaction);

}  // namespace cairn::fuzz
