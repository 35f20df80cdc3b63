/// The node: one state machine for everything between bytes and chain.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/base/time.hpp"
#include "cairn/node/allowances.hpp"
#include "cairn/node/as_map.hpp"
#include "cairn/node/machine.hpp"
#include "cairn/node/view.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cairn::node {

struct NodeConfig {
    /// Where others can reach us; 0 when we do not listen.
    std::uint16_t listen_port = 0;
    /// `name/version`, printable ASCII.
    std::string user_agent = "cairn/0.1.0";
    /// Nodes to dial at the start, and again whenever there are too few peers.
    std::vector<Endpoint> bootstrap;
    /// What the last run kept.
    SavedPeers saved_peers;
    /// Trackers to be listed by and to ask for nodes.
    std::vector<Endpoint> trackers;
    /// Names to ask for nodes when there are too few peers: see `seeds.hpp`.
    std::vector<Endpoint> seeds;
    /// Full links to keep of our own accord.
    std::size_t outbound_target = peers_outbound_max;
    /// What others may do, and what is sent to them.
    Allowances allowances;
    /// Search jobs to keep running; 0: do not mine by ourselves.
    std::size_t mining_threads = 0;
    /// Who earns what we mine, also on command; zeros: nobody, so commands to mine are refused.
    ledger::AccountId coinbase;
    /// On chains with `retarget: false`, mine one block per interval on average (exponential gaps)
    /// rather than as fast as nonces are found.
    bool paced_mining = true;
    /// Chains that people may mix up with ours: see `tried_chains`.
    std::vector<ledger::NamedChain> other_chains;
    /// Text requests from other hosts than loopback are answered.
    bool open_probe = false;
    /// Each step of each transaction and block is told as a log line of level debug (`trace.hpp`).
    bool traces = false;
    /// Transactions are announced at random times (spec 04 R4.63).
    bool tx_privacy = false;
    /// Whose addresses are whose; null when nobody says.
    std::shared_ptr<const AsMap> as_map;
    /// Peers may be on loopback and private networks, and their addresses are gossiped.
    bool local_network = true;
};

/// The chains on which a pushed transaction is tried: the first `other_chains_max` of `config`'s.
/// Valid as long as `config`.
[[nodiscard]] std::span<const ledger::NamedChain> tried_chains(const NodeConfig& config);

/// A blockchain node without I/O, threads or clocks: same inputs, same outputs.
///
/// Routes each input to the sub-machines in a fixed order: links and handshake, liveness, headers,
/// bodies, transactions, addresses, mining. It holds no policy of its own.
class Node final : public Machine {
  public:
    /// `chain` and `pool` must outlive it.
    Node(NodeConfig config, chain::Blockchain& chain, mempool::Mempool& pool, Random random);
    ~Node() override;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    void handle(Time now, Input input) override;
    [[nodiscard]] std::vector<Output> take_outputs() override;
    [[nodiscard]] std::optional<Instant> next_wakeup() const override;
    /// Read-only questions. Valid as long as the node.
    [[nodiscard]] const NodeView& view() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::node
