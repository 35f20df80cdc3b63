/// What every sub-machine of a node works with while it handles one input.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/base/time.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/node/chronicle.hpp"
#include "cairn/node/message_counts.hpp"
#include "cairn/node/outbox.hpp"
#include "cairn/node/peer.hpp"

namespace cairn::node {

struct NodeConfig;

/// What a sub-machine works with during one input.
struct Context {
    Time now;
    chain::Blockchain& chain;
    mempool::Mempool& pool;
    /// Defined in `node.hpp`.
    const NodeConfig& config;
    /// READY peers only.
    const PeerTable& peers;
    Outbox& outbox;
    Random& random;
    Chronicle& chronicle;
    /// What has come, over all links.
    MessageCounts& received;
};

}  // namespace cairn::node
