/// What a `Node` is made of, shared by the files that implement it.
#pragma once

#include "cairn/node/addresses.hpp"
#include "cairn/node/block_sync.hpp"
#include "cairn/node/links.hpp"
#include "cairn/node/mining.hpp"
#include "cairn/node/node.hpp"
#include "cairn/node/outbound_watch.hpp"
#include "cairn/node/seeds.hpp"
#include "cairn/node/tracker_client.hpp"
#include "cairn/node/transaction_relay.hpp"

#include <algorithm>
#include <optional>

namespace cairn::node {

struct Node::Parts final : public NodeView {
    Parts(
        NodeConfig node_config,
        chain::Blockchain& node_chain,
        mempool::Mempool& node_pool,
        Random node_random
    );

    /// @name Routing (node.cpp)
    /// @{
    [[nodiscard]] Context context();
    void route(Context& context, Input input);
    /// Hands out what a link says until it says no more.
    void pump(Context& context, LinkId link);
    void on_ready(Context& context, LinkId link);
    void on_peer_message(Context& context, PeerMessage message);
    void on_command(Context& context, CommandReceived input);
    void refuse(CommandId id, CommandError error);
    void on_shutdown(Context& context, CommandId command);
    void on_time(Context& context);
    /// What follows each input: verdicts, peers that are gone, moves of the chain, dials.
    void settle(Context& context);
    void settle_links(Context& context);
    void settle_chain(Context& context);

    /// @}

    /// @name NodeView (node_view.cpp)
    /// @{
    [[nodiscard]] const chain::Blockchain& chain() const override { return blockchain; }

    [[nodiscard]] const mempool::Mempool& pool() const override { return mempool; }

    [[nodiscard]] std::vector<PeerSummary> peers() const override;
    [[nodiscard]] std::vector<Endpoint> known_nodes() const override;

    [[nodiscard]] bool is_syncing() const override { return blocks.is_syncing(); }

    [[nodiscard]] bool is_catching_up() const override { return blocks.is_catching_up(); }

    [[nodiscard]] MiningSummary mining() const override { return miner.summary(time.steady); }

    [[nodiscard]] std::vector<QueueSummary> queues() const override;

    [[nodiscard]] const NodeConfig& config() const override { return settings; }

    [[nodiscard]] Time now() const override { return time; }

    [[nodiscard]] Instant started_at() const override { return started.value_or(Instant{}); }

    [[nodiscard]] std::optional<CommandError> refusal(const Hash256& id) const override;

    [[nodiscard]] const Chronicle& chronicle() const override { return told; }

    [[nodiscard]] const MessageCounts& received() const override { return messages_received; }

    [[nodiscard]] const MessageCounts& sent() const override { return outbox.sent(); }

    [[nodiscard]] const ChainCounts& chain_counts() const override { return blocks.chain_counts(); }

    [[nodiscard]] RuleCounts refused() const override;

    /// @}

    NodeConfig settings;
    chain::Blockchain& blockchain;
    mempool::Mempool& mempool;
    Random random;
    Outbox outbox;
    Time time;
    /// The time of the first input.
    std::optional<Instant> started;
    bool is_stopping = false;

    Links links;
    TrackerClient trackers;
    Seeds seeds;
    Addresses addresses;
    BlockSync blocks;
    Chronicle told;
    MessageCounts messages_received;
    OutboundWatch watch;
    TransactionRelay transactions;
    Mining miner;
};

}  // namespace cairn::node
