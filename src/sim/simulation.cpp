#include "cairn/sim/simulation.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/sim/delayed_commit.hpp"
#include "cairn/sim/invariants.hpp"

#include <algorithm>
#include <utility>

namespace cairn::sim {

namespace {

constexpr std::uint16_t simulated_port = 5001;
constexpr std::string_view host_prefix = "10.0.0.";
constexpr std::string_view stranger_prefix = "10.1.0.";

/// The node that listens at `endpoint`, or nothing.
std::optional<std::size_t> node_at(const node::Endpoint& endpoint, std::size_t nodes) {
    for (std::size_t i = 0; i < nodes; ++i)
        if (endpoint == Simulation::endpoint_of(i))
            return i;
    return std::nullopt;
}

}  // namespace

struct Simulation::SimulatedNode {
    MemoryStore store;
    DelayedCommit commits;
    std::unique_ptr<consensus::Engine> engine;
    std::unique_ptr<chain::Blockchain> chain;
    std::unique_ptr<mempool::Mempool> pool;
    std::unique_ptr<node::JobRunner> runner;
    std::unique_ptr<node::Node> node;
    /// Counts starts, so that what was scheduled for an earlier life is dropped.
    std::uint64_t life = 0;
    bool mines = false;
    /// What a crash keeps of the address book.
    node::SavedPeers saved_peers;
    std::optional<Instant> armed;
    /// What its wall clock shows beyond the true time, in milliseconds.
    std::int64_t clock_offset = 0;
    /// In this life.
    std::uint64_t inputs = 0;
    Random random{0};
};

Simulation::Simulation(SimulationOptions options)
    : options_{std::move(options)}, random_{options_.seed}, groups_(options_.nodes, 0) {
    for (std::size_t i = 0; i < options_.nodes; ++i) {
        auto simulated = std::make_unique<SimulatedNode>();
        simulated->random = random_.split();
        simulated->engine = consensus::make_engine(options_.spec.engine);
        simulated->mines = i < options_.miners;
        nodes_.push_back(std::move(simulated));
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        start(i);
}

Simulation::~Simulation() = default;

node::Endpoint Simulation::endpoint_of(std::size_t node) {
    return {.host = std::string{host_prefix} + std::to_string(node + 1), .port = simulated_port};
}

Time Simulation::now() const {
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(now_.since_start).count();
    return {
        .steady = now_,
        .wall = UnixMillis{options_.start.value + static_cast<std::uint64_t>(passed)}};
}

Time Simulation::time_of(std::size_t index) const {
    auto time = now();
    const auto offset = nodes_[index]->clock_offset;
    const auto distance = static_cast<std::uint64_t>(offset < 0 ? -offset : offset);
    if (offset < 0)
        time.wall.value -= std::min(distance, time.wall.value);
    else
        time.wall.value += distance;
    return time;
}

void Simulation::set_clock(std::size_t index, std::int64_t offset_ms) {
    nodes_.at(index)->clock_offset = offset_ms;
    trace("clock", index);
}

std::uint64_t Simulation::inputs(std::size_t index) const {
    return nodes_.at(index)->inputs;
}

bool Simulation::is_alive(std::size_t node) const {
    return nodes_.at(node)->node != nullptr;
}

const node::NodeView& Simulation::view(std::size_t node) const {
    CAIRN_ASSERT(is_alive(node));
    return nodes_[node]->node->view();
}

const MemoryStore& Simulation::store(std::size_t node) const {
    return nodes_.at(node)->store;
}

bool Simulation::is_agreed() const {
    std::optional<BlockHash> tip;
    for (const auto& simulated : nodes_) {
        if (simulated->node == nullptr)
            continue;
        const auto& hash = simulated->chain->tip().hash;
        if (tip && *tip != hash)
            return false;
        tip = hash;
    }
    return true;
}

std::string Simulation::trace_hash() const {
    return to_hex(trace_.finish());
}

void Simulation::trace(std::string_view kind, std::uint64_t number, ByteView bytes) {
    codec::BinaryWriter writer;
    writer.write(as_bytes(kind));
    writer.write_fixed(static_cast<std::uint64_t>(now_.since_start.count()));
    writer.write_fixed(number);
    writer.write_fixed(static_cast<std::uint64_t>(bytes.size()));
    writer.write(bytes);
    trace_.update(writer.bytes());
}

void Simulation::schedule(Duration delay, Action action) {
    schedule_at(now_ + delay, std::move(action));
}

void Simulation::schedule_at(Instant at, Action action) {
    events_.emplace(std::pair{std::max(at, now_), ++sequence_}, std::move(action));
}

bool Simulation::step(Instant limit) {
    if (events_.empty() || events_.begin()->first.first > limit)
        return false;
    auto event = events_.extract(events_.begin());
    now_ = event.key().first;
    event.mapped()();
    return true;
}

void Simulation::run_for(Duration span) {
    const auto end = now_ + span;
    while (step(end)) {
    }
    now_ = end;
}

bool Simulation::run_until(const std::function<bool()>& done, Duration span) {
    const auto end = now_ + span;
    while (!done()) {
        if (!step(end)) {
            now_ = end;
            return done();
        }
    }
    return true;
}

void Simulation::start(std::size_t index) {
    auto& simulated = *nodes_[index];
    ++simulated.life;
    simulated.inputs = 0;
    auto opened = chain::Blockchain::open(
        options_.spec, *simulated.engine, simulated.store, simulated.random.next()
    );
    CAIRN_ASSERT(opened.has_value());
    simulated.chain = std::move(*opened);
    simulated.pool = std::make_unique<mempool::Mempool>(
        *simulated.chain, mempool::MempoolLimits{}, simulated.random.next()
    );
    simulated.runner = std::make_unique<node::JobRunner>(
        simulated.chain->id(), options_.spec, *simulated.engine, simulated.random.next()
    );
    node::NodeConfig config;
    config.listen_port = simulated_port;
    config.saved_peers = simulated.saved_peers;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        if (i != index)
            config.bootstrap.push_back(endpoint_of(i));
    config.mining_threads = simulated.mines ? 1 : 0;
    config.coinbase.bytes.fill(static_cast<std::uint8_t>(index + 1));
    if (options_.configure)
        options_.configure(index, config);
    simulated.node = std::make_unique<node::Node>(
        std::move(config), *simulated.chain, *simulated.pool, simulated.random.split()
    );
    simulated.armed.reset();
    trace("start", index);
    feed(index, node::TimerFired{});
}

void Simulation::feed(std::size_t index, node::Input input) {
    if (index == nobody)
        return;
    auto& simulated = *nodes_[index];
    if (simulated.node == nullptr)
        return;
    const auto life = simulated.life;
    ++simulated.inputs;
    simulated.node->handle(time_of(index), std::move(input));
    for (auto& output : simulated.node->take_outputs()) {
        perform(index, std::move(output));
        if (simulated.node == nullptr || simulated.life != life)
            return;
    }
    arm_wakeup(index);
}

void Simulation::arm_wakeup(std::size_t index) {
    auto& simulated = *nodes_[index];
    const auto wakeup = simulated.node->next_wakeup();
    if (!wakeup || (simulated.armed && *simulated.armed <= *wakeup && *simulated.armed > now_))
        return;
    simulated.armed = std::max(*wakeup, now_);
    schedule_at(*simulated.armed, [this, index, life = simulated.life, at = *simulated.armed] {
        auto& woken = *nodes_[index];
        if (woken.life != life || woken.armed != at)
            return;
        woken.armed.reset();
        feed(index, node::TimerFired{});
    });
}

void Simulation::perform(std::size_t index, node::Output output) {
    auto& simulated = *nodes_[index];
    const auto report = [&](std::optional<std::string> broken) {
        if (broken)
            violations_.push_back({.at = now_, .node = index, .rule = std::move(*broken)});
    };
    std::visit(
        overloaded{
            [&](node::SendBytes& action) { send(action.link, action.bytes); },
            [&](node::Dial& action) { dial(index, action.endpoint); },
            [&](node::ResolveName& action) { resolve(index, action.name); },
            [&](node::CloseLink& action) { close(action.link); },
            [&](node::StartJob& action) { run_job(index, std::move(action.job)); },
            [&](node::CommitStore&) {
                const auto committed = simulated.commits.commit(*simulated.chain);
                CAIRN_ASSERT(committed.has_value());
            },
            [&](node::StartCommit&) { start_commit(index); },
            [&](node::Reply& action) { replies_.emplace(action.id, std::move(action.reply)); },
            [&](node::TextRequest&) {},
            [&](node::ChainEvent&) {
                trace("tip", index, simulated.chain->tip().hash.view());
                report(check_supply(*simulated.chain));
                report(check_disjoint(simulated.node->view()));
                report(check_heaviest(*simulated.chain));
                report(check_bounds(simulated.node->view()));
            },
            [&](node::PoolEvent&) {},
            [&](node::PeerEvent&) {},
            [&](node::LogEvent&) {},
            [&](node::SavePeers& action) { simulated.saved_peers = *action.peers; },
            [&](node::Stopped&) { crash(index); },
        },
        output
    );
}

Duration Simulation::time_up_to(Duration longest) {
    const auto choices = static_cast<std::uint64_t>(longest.count()) + 1;
    return Duration{static_cast<Duration::rep>(random_.below(choices))};
}

Duration Simulation::latency() {
    const auto& network = options_.network;
    return network.latency_min + time_up_to(network.latency_max - network.latency_min);
}

bool Simulation::can_reach(std::size_t from, std::size_t to) const {
    return is_alive(from) && is_alive(to) && groups_[from] == groups_[to];
}

void Simulation::dial(std::size_t from, const node::Endpoint& endpoint) {
    const auto to = node_at(endpoint, nodes_.size());
    schedule(latency(), [this, from, to, endpoint, life = nodes_[from]->life] {
        if (nodes_[from]->life != life)
            return;
        if (!to || !can_reach(from, *to))
            return feed(from, node::DialFailed{endpoint});
        const node::LinkId ours{++links_};
        const node::LinkId theirs{++links_};
        sides_[ours] = {.node = from, .other = theirs, .last_arrival = now_};
        sides_[theirs] = {.node = *to, .other = ours, .last_arrival = now_};
        trace("link", from * nodes_.size() + *to);
        auto remote = endpoint_of(from);
        remote.port = static_cast<std::uint16_t>(40'000 + ours.value % 20'000);
        feed(*to, node::LinkOpened{theirs, node::Direction::inbound, remote, false});
        feed(from, node::LinkOpened{ours, node::Direction::outbound, endpoint, false});
    });
}

void Simulation::resolve(std::size_t from, const node::Endpoint& name) {
    node::NameResolved resolved{.name = name, .hosts = {}};
    if (const auto found = options_.names.find(name.host); found != options_.names.end()) {
        for (const auto index : found->second)
            resolved.hosts.push_back(endpoint_of(index).host);
    }
    schedule(latency(), [this, from, resolved, life = nodes_[from]->life] {
        if (nodes_[from]->life == life)
            feed(from, resolved);
    });
}

void Simulation::send(node::LinkId link, const std::shared_ptr<const Bytes>& bytes) {
    const auto place = sides_.find(link);
    if (place == sides_.end())
        return;
    auto& side = place->second;
    const auto peer = side.other;
    ++sendings_;
    bytes_sent_ += bytes->size();
    trace("send", link.value, *bytes);
    const auto receiver = sides_.find(peer);
    const bool has_nodes =
        receiver != sides_.end() && side.node != nobody && receiver->second.node != nobody;
    if (options_.observe && has_nodes)
        options_.observe(side.node, receiver->second.node, *bytes);
    // The sender's queue is empty as soon as the bytes are on their way.
    schedule({}, [this, link] {
        if (const auto sender = sides_.find(link); sender != sides_.end())
            feed(sender->second.node, node::BytesSent{link, 0});
    });
    if (random_.chance(options_.network.loss_per_mille, 1000))
        return;
    const auto copies = random_.chance(options_.network.duplicates_per_mille, 1000) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
        side.last_arrival = std::max(side.last_arrival, now_ + latency());
        schedule_at(side.last_arrival, [this, peer, bytes] { deliver(peer, *bytes); });
    }
}

void Simulation::deliver(node::LinkId link, ByteView bytes) {
    const auto side = sides_.find(link);
    if (side == sides_.end())
        return;
    if (side->second.node == nobody)
        strangers_.at(link)(bytes);
    else
        feed(side->second.node, node::BytesReceived{link, to_bytes(bytes)});
}

node::LinkId Simulation::add_stranger(std::size_t index, std::function<void(ByteView)> hear) {
    CAIRN_ASSERT(is_alive(index));
    const node::LinkId ours{++links_};
    const node::LinkId theirs{++links_};
    sides_[ours] = {.node = nobody, .other = theirs, .last_arrival = now_};
    sides_[theirs] = {.node = index, .other = ours, .last_arrival = now_};
    strangers_.emplace(ours, std::move(hear));
    trace("stranger", index);
    const auto host = std::string{stranger_prefix} + std::to_string(strangers_.size());
    feed(index, node::LinkOpened{theirs, node::Direction::inbound, {host, simulated_port}, false});
    return ours;
}

void Simulation::say(node::LinkId stranger, Bytes bytes) {
    CAIRN_ASSERT(strangers_.contains(stranger));
    send(stranger, std::make_shared<const Bytes>(std::move(bytes)));
}

void Simulation::close(node::LinkId link) {
    const auto place = sides_.find(link);
    if (place == sides_.end())
        return;
    const auto side = place->second;
    sides_.erase(place);
    trace("close", link.value);
    schedule({}, [this, link, index = side.node] { feed(index, node::LinkClosed{link}); });
    schedule_at(std::max(side.last_arrival, now_ + latency()), [this, other = side.other] {
        const auto peer = sides_.find(other);
        if (peer == sides_.end())
            return;
        const auto index = peer->second.node;
        sides_.erase(peer);
        feed(index, node::LinkClosed{other});
    });
}

void Simulation::run_job(std::size_t index, node::Job job) {
    auto& simulated = *nodes_[index];
    auto result = simulated.runner->run(std::move(job.work));
    auto delay = time_up_to(options_.network.job_time_max);
    if (const auto* outcome = std::get_if<miner::SearchOutcome>(&result))
        delay = Duration{static_cast<Duration::rep>(
            outcome->tried * 1'000'000 / options_.network.hashes_per_second
        )};
    auto shared = std::make_shared<node::JobResult>(std::move(result));
    schedule(delay, [this, index, life = simulated.life, id = job.id, shared] {
        if (nodes_[index]->life == life)
            feed(index, node::JobFinished{id, std::move(*shared)});
    });
}

void Simulation::start_commit(std::size_t index) {
    auto& simulated = *nodes_[index];
    const auto started = simulated.commits.start(*simulated.chain);
    CAIRN_ASSERT(started.has_value());
    const auto delay = time_up_to(options_.network.commit_time_max);
    schedule(delay, [this, index, life = simulated.life] {
        auto& writing = *nodes_[index];
        if (writing.life != life)
            return;
        const auto finished = writing.commits.finish(*writing.chain);
        CAIRN_ASSERT(finished.has_value());
        feed(index, node::CommitFinished{});
    });
}

void Simulation::partition(std::vector<std::size_t> groups) {
    CAIRN_ASSERT(groups.size() == nodes_.size());
    groups_ = std::move(groups);
    std::vector<node::LinkId> cut;
    for (const auto& [link, side] : sides_) {
        const auto other = sides_.find(side.other);
        const bool has_nodes =
            other != sides_.end() && side.node != nobody && other->second.node != nobody;
        if (has_nodes && groups_[side.node] != groups_[other->second.node])
            cut.push_back(link);
    }
    for (const auto link : cut)
        close(link);
}

void Simulation::heal() {
    partition(std::vector<std::size_t>(nodes_.size(), 0));
}

void Simulation::crash(std::size_t index) {
    auto& simulated = *nodes_.at(index);
    trace("crash", index);
    std::vector<node::LinkId> links;
    for (const auto& [link, side] : sides_)
        if (side.node == index)
            links.push_back(link);
    ++simulated.life;
    simulated.node.reset();
    simulated.runner.reset();
    simulated.pool.reset();
    simulated.commits.forget();
    simulated.chain.reset();
    for (const auto link : links)
        close(link);
}

void Simulation::restart(std::size_t index) {
    CAIRN_ASSERT(!is_alive(index));
    start(index);
}

void Simulation::set_mining(std::size_t index, bool mines) {
    nodes_.at(index)->mines = mines;
    if (is_alive(index)) {
        crash(index);
        start(index);
    }
}

node::CommandId Simulation::command(std::size_t index, node::CommandRequest request) {
    const node::CommandId id{++commands_};
    schedule({}, [this, index, id, request = std::move(request)] {
        feed(index, node::CommandReceived{id, request});
    });
    return id;
}

const node::CommandReply* Simulation::reply(node::CommandId id) const {
    const auto place = replies_.find(id);
    return place == replies_.end() ? nullptr : &place->second;
}

}  // namespace cairn::sim
