/// Read-only questions to a node, for text commands, HTTP and checkers.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/node/chain_counts.hpp"
#include "cairn/node/chronicle.hpp"
#include "cairn/node/events.hpp"
#include "cairn/node/message_counts.hpp"
#include "cairn/node/refusal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::node {

/// One link that has completed its handshake.
struct PeerSummary {
    LinkId link;
    Endpoint address;
    Direction direction = Direction::inbound;
    std::string user_agent;
    std::uint16_t version = 0;
    /// Of the highest block that the peer has shown to know, not of what it claims.
    Height height;
    std::optional<Duration> latency;
    Instant connected_at;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint32_t annoyance = 0;
};

struct MiningSummary {
    bool is_mining = false;
    /// Hashes per second over the last ten seconds.
    std::uint64_t hashrate = 0;
    std::uint64_t blocks_found = 0;
    /// Tried since the start.
    std::uint64_t hashes = 0;
};

/// Something that others can make the node hold, and its bound.
struct QueueSummary {
    std::string_view name;
    std::size_t size = 0;
    std::size_t size_max = 0;
};

/// A const facade over a node, used on the node's thread.
class NodeView {
  public:
    virtual ~NodeView() = default;

    [[nodiscard]] virtual const chain::Blockchain& chain() const = 0;
    [[nodiscard]] virtual const mempool::Mempool& pool() const = 0;
    /// The oldest link first.
    [[nodiscard]] virtual std::vector<PeerSummary> peers() const = 0;
    /// Addresses of nodes that have been reached lately, in ascending order.
    [[nodiscard]] virtual std::vector<Endpoint> known_nodes() const = 0;
    /// True while the body tip is behind the best header, or behind the clock with peers ahead.
    [[nodiscard]] virtual bool is_syncing() const = 0;
    /// True in a sync, before the first peer has answered, and while more is missing than the one
    /// block that a new tip brings.
    [[nodiscard]] virtual bool is_catching_up() const = 0;
    [[nodiscard]] virtual MiningSummary mining() const = 0;
    /// How full the queues are, those of all peers together unless the name says otherwise.
    [[nodiscard]] virtual std::vector<QueueSummary> queues() const = 0;
    [[nodiscard]] virtual const struct NodeConfig& config() const = 0;
    /// The last time that an input carried.
    [[nodiscard]] virtual Time now() const = 0;
    [[nodiscard]] virtual Instant started_at() const = 0;
    /// Why a transaction or block was refused lately, if it is remembered: for `explain`.
    [[nodiscard]] virtual std::optional<CommandError> refusal(const Hash256& id) const = 0;
    /// The reorganisations of late, and what the pool has let go.
    [[nodiscard]] virtual const Chronicle& chronicle() const = 0;
    /// Messages of peers and trackers since the start.
    [[nodiscard]] virtual const MessageCounts& received() const = 0;
    /// Messages to peers and trackers since the start.
    [[nodiscard]] virtual const MessageCounts& sent() const = 0;
    /// What the chain has been through since the start.
    [[nodiscard]] virtual const ChainCounts& chain_counts() const = 0;
    /// Transactions and blocks refused since the start, by the rule that refused them.
    [[nodiscard]] virtual RuleCounts refused() const = 0;
};

}  // namespace cairn::node
