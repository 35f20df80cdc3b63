/// Many nodes on a virtual network, under virtual time: the same `Node` class that runs behind
/// sockets, driven by one ordered queue of events.
///
/// Rules:
/// 1. Events happen in order of (time, sequence). Nothing reads a clock; a run is a function of its
///    options, its seed and the calls made on it.
/// 2. Each node and the network draw from generators of their own, split from the seed, so that one
///    more message does not change every other decision.
/// 3. After every event the invariants of the node that it touched are checked (`invariants.hpp`).
/// 4. A crash keeps what was committed and nothing else.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/node/node.hpp"
#include "cairn/sim/memory_store.hpp"
#include "cairn/sim/network_model.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::sim {

struct SimulationOptions {
    std::uint64_t seed = 1;
    std::size_t nodes = 4;
    ledger::ChainSpec spec;
    NetworkModel network;
    /// Nodes that mine from the start: the first so many.
    std::size_t miners = 1;
    /// Where the wall clocks that are right stand at the beginning.
    UnixMillis start;
    /// What the name service knows: the nodes that a name leads to.
    std::map<std::string, std::vector<std::size_t>> names;
    /// Changes a node's configuration before it starts; called again after a crash.
    std::function<void(std::size_t node, node::NodeConfig&)> configure;
    /// Told of everything that one node sends to another, lost or not.
    std::function<void(std::size_t from, std::size_t to, ByteView bytes)> observe;
};

/// What went wrong, at which virtual time and node; empty while nothing has.
struct Violation {
    Instant at;
    std::size_t node = 0;
    std::string rule;
};

class Simulation {
  public:
    explicit Simulation(SimulationOptions options);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// @name Running
    /// @{
    /// Lets `span` of virtual time pass.
    void run_for(Duration span);
    /// Runs until `done` holds, for at most `span`; whether it came to hold.
    [[nodiscard]] bool run_until(const std::function<bool()>& done, Duration span);
    /// @}

    /// @name Faults and commands
    /// @{
    /// Splits the network: nodes with different numbers in `groups` cannot reach each other.
    void partition(std::vector<std::size_t> groups);
    void heal();
    /// Kills a node without warning.
    void crash(std::size_t node);
    /// Starts a crashed node from what it had committed.
    void restart(std::size_t node);
    /// Gives `node` a command; the reply is found by the returned id once it has come.
    node::CommandId command(std::size_t node, node::CommandRequest request);
    [[nodiscard]] const node::CommandReply* reply(node::CommandId id) const;
    /// Sets how far `node`'s wall clock is from the true time, from now on: an hour fast is
    /// 3,600,000. A clock cannot stand before 1970. Its steady clock goes on as before.
    void set_clock(std::size_t node, std::int64_t offset_ms);
    /// Stops or starts mining on `node` by restarting it with another configuration.
    void set_mining(std::size_t node, bool mines);
    /// Links a stranger to `node`: a peer that is no node, whose side the caller plays. `hear` is
    /// told of what arrives there, as long as the link stands. Returns the stranger's side.
    node::LinkId add_stranger(std::size_t node, std::function<void(ByteView bytes)> hear);
    /// Sends `bytes` from a stranger's side; nothing happens when the link has ended.
    void say(node::LinkId stranger, Bytes bytes);
    /// @}

    /// @name Questions
    /// @{
    /// With the true wall clock.
    [[nodiscard]] Time now() const;
    /// Inputs that `node` has been given since it was last started.
    [[nodiscard]] std::uint64_t inputs(std::size_t node) const;

    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    [[nodiscard]] bool is_alive(std::size_t node) const;

    /// Whether the link of a stranger stands.
    [[nodiscard]] bool is_linked(node::LinkId stranger) const { return sides_.contains(stranger); }

    /// Only of a living node.
    [[nodiscard]] const node::NodeView& view(std::size_t node) const;
    [[nodiscard]] const MemoryStore& store(std::size_t node) const;
    /// True when all living nodes have one tip.
    [[nodiscard]] bool is_agreed() const;

    [[nodiscard]] const std::vector<Violation>& violations() const { return violations_; }

    /// A digest of everything that happened so far. Equal seeds give equal traces.
    [[nodiscard]] std::string trace_hash() const;

    /// How many bytes and sendings went over the network.
    [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }

    [[nodiscard]] std::uint64_t sendings() const { return sendings_; }

    /// @}

    /// The endpoint at which `node` listens.
    [[nodiscard]] static node::Endpoint endpoint_of(std::size_t node);

  private:
    struct SimulatedNode;

    static constexpr auto nobody = std::numeric_limits<std::size_t>::max();

    /// One side of a connection.
    struct Side {
        /// Or `nobody`, where a stranger stands.
        std::size_t node = 0;
        node::LinkId other;
        /// Nothing arrives before what was sent before it.
        Instant last_arrival;
    };

    using Action = std::function<void()>;

    void schedule(Duration delay, Action action);
    void schedule_at(Instant at, Action action);
    /// Runs the next event, if it comes before `limit`.
    [[nodiscard]] bool step(Instant limit);

    [[nodiscard]] Time time_of(std::size_t node) const;
    void start(std::size_t node);
    void feed(std::size_t node, node::Input input);
    void perform(std::size_t node, node::Output output);
    void arm_wakeup(std::size_t node);
    void dial(std::size_t from, const node::Endpoint& endpoint);
    void resolve(std::size_t from, const node::Endpoint& name);
    void send(node::LinkId link, const std::shared_ptr<const Bytes>& bytes);
    void deliver(node::LinkId link, ByteView bytes);
    void close(node::LinkId link);
    void run_job(std::size_t node, node::Job job);
    void start_commit(std::size_t node);
    [[nodiscard]] Duration time_up_to(Duration longest);
    [[nodiscard]] Duration latency();
    [[nodiscard]] bool can_reach(std::size_t from, std::size_t to) const;
    void trace(std::string_view kind, std::uint64_t number, ByteView bytes = {});

    SimulationOptions options_;
    Random random_;
    Instant now_;
    std::map<std::pair<Instant, std::uint64_t>, Action> events_;
    std::uint64_t sequence_ = 0;
    std::vector<std::unique_ptr<SimulatedNode>> nodes_;
    std::map<node::LinkId, Side> sides_;
    std::map<node::LinkId, std::function<void(ByteView)>> strangers_;
    std::uint64_t links_ = 0;
    std::uint64_t commands_ = 0;
    std::map<node::CommandId, node::CommandReply> replies_;
    std::vector<std::size_t> groups_;
    std::vector<Violation> violations_;
    crypto::Sha256 trace_;
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t sendings_ = 0;
};

}  // namespace cairn::sim
