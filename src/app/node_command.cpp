#include "src/app/node_command.hpp"

#include "src/app/data_directory.hpp"
#include "src/app/disk_space.hpp"
#include "src/app/exit.hpp"
#include "src/app/listen.hpp"
#include "src/app/log.hpp"
#include "src/app/peers_file.hpp"
#include "src/app/pool_file.hpp"
#include "src/app/service_notices.hpp"
#include "src/app/status_line.hpp"
#include "src/app/version.hpp"

#include "cairn/consensus/engine.hpp"
#include "cairn/http/explorer.hpp"
#include "cairn/http/limits.hpp"
#include "cairn/http/node_door.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/metrics/exposition.hpp"
#include "cairn/net/shell.hpp"
#include "cairn/node/transaction_relay.hpp"
#include "cairn/rpc/server.hpp"
#include "cairn/storage/lmdb_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

namespace cairn::app {

namespace {

using Level = node::LogEvent::Level;

[[noreturn]] void fail_to_open(
    const std::filesystem::path& folder, chain::StoreError error, const std::string& detail
) {
    const std::string reason = detail.empty() ? std::string{to_string(error)}
                                              : std::string{to_string(error)} + ": " + detail;
    const bool is_config = error == chain::StoreError::locked ||
                           error == chain::StoreError::version ||
                           error == chain::StoreError::other_chain;
    throw StartError{
        is_config ? ExitCode::config : ExitCode::io,
        "cannot open the chain in " + folder.string() + ": " + reason};
}

void print_banner(const ledger::ChainSpec& spec) {
    fmt::print(
        stderr,
        "**********************************************************************\n"
        "* DEVELOPMENT CHAIN {:<49}*\n"
        "* Its keys are public and its coins are worth nothing.               *\n"
        "* NEVER use these accounts anywhere else.                            *\n"
        "**********************************************************************\n",
        spec.name
    );
    for (std::size_t i = 0; i < ledger::development_accounts; ++i) {
        const auto account = ledger::account_of(ledger::development_key(i).public_key());
        fmt::print(stderr, "dev{} {}\n", i, ledger::to_address(account, spec.prefix));
    }
}

void print_ready(
    const NodePlan& plan, const chain::Blockchain& chain, const DataDirectory& folder
) {
    fmt::print(
        "ready name={} port={}{} chain={} height={} tip={} datadir={}\n",
        plan.name,
        plan.port,
        plan.http ? fmt::format(" http={}", *plan.http) : std::string{},
        plan.spec.name,
        chain.tip().height().value,
        to_hex(chain.tip().hash),
        plain_or_quoted(folder.path().string())
    );
    std::fflush(stdout);
}

node::LogEvent event(
    Level level,
    std::string message,
    std::vector<std::pair<std::string_view, std::string>> fields = {}
) {
    return {
        .level = level,
        .area = "app",
        .message = std::move(message),
        .fields = std::move(fields),
    };
}

/// Those of the last run; what is wrong with their file is logged.
node::SavedPeers saved_peers(const DataDirectory& directory, Log& log) {
    std::string warning;
    auto peers = read_or_set_aside(directory.peers_file(), warning);
    if (!warning.empty())
        log.write(event(Level::warning, warning));
    return peers;
}

node::LogEvent status_event(const node::NodeView& view) {
    const StatusFacts facts = gather_status(view);
    return event(
        Level::info,
        "status",
        {{"height", std::to_string(facts.height)},
         {"best_header", std::to_string(facts.best_height)},
         {"tip", facts.tip},
         {"peers", std::to_string(facts.peers)},
         {"mempool", std::to_string(facts.pending)},
         {"syncing", facts.is_syncing ? "true" : "false"},
         {"mining", facts.is_mining ? "true" : "false"},
         {"hashrate", std::to_string(facts.hashrate)}}
    );
}

/// The chain in its store; the order of the members is the order in which they need each other.
struct OpenChain {
    std::unique_ptr<consensus::Engine> engine;
    std::unique_ptr<storage::LmdbStore> store;
    std::unique_ptr<chain::Blockchain> chain;
};

OpenChain open_chain(const ledger::ChainSpec& spec, const DataDirectory& directory) {
    const auto folder = directory.chain_folder(spec.name);
    std::string detail;
    auto store = storage::LmdbStore::open(folder, &detail);
    if (!store)
        fail_to_open(folder, store.error(), detail);
    OpenChain opened{
        .engine = consensus::make_engine(spec.engine),
        .store = std::move(*store),
        .chain = nullptr};
    auto chain = chain::Blockchain::open(spec, *opened.engine, *opened.store, random_seed());
    if (!chain)
        fail_to_open(folder, chain.error(), opened.store->last_detail());
    opened.chain = std::move(*chain);
    return opened;
}

/// The steady clock and the wall clock as the shell reads them.
Time current_time() {
    using std::chrono::duration_cast;
    const auto steady = std::chrono::steady_clock::now().time_since_epoch();
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const auto wall_millis = duration_cast<std::chrono::milliseconds>(wall).count();
    return {
        .steady = Instant{duration_cast<Duration>(steady)},
        .wall = UnixMillis{static_cast<std::uint64_t>(std::max<std::int64_t>(wall_millis, 0))}};
}

/// Brings the mempool over a restart. What it refers to must outlive it.
class PoolKeeper {
  public:
    PoolKeeper(
        std::filesystem::path path, const ChainId& chain, const mempool::Mempool& pool, Log& log
    )
        : path_{std::move(path)}, chain_{chain}, pool_{pool}, log_{log} {}

    /// Hands what was saved to `node`.
    void restore(node::Node& node) const {
        auto saved = read_pool_file(path_, chain_);
        if (!saved) {
            log_.write(event(Level::warning, "mempool not restored", {{"reason", saved.error()}}));
            return;
        }
        if (saved->transactions.empty() && saved->floor_fee == 0)
            return;
        log_.write(event(
            Level::info,
            "restoring mempool",
            {{"transactions", std::to_string(saved->transactions.size())}}
        ));
        // Nobody waits for the reply: the server's commands begin at 1.
        node.handle(
            current_time(),
            node::CommandReceived{
                .id = node::CommandId{0}, .request = node::RestorePool{std::move(*saved)}}
        );
    }

    /// Writes the pool of the node that `view` shows. While it has not been given back what was
    /// saved before, the old file stands.
    void save(const node::NodeView& view) const {
        for (const auto& queue : view.queues())
            if (queue.name == node::transactions_to_restore && queue.size > 0)
                return;
        const auto now = view.now();
        if (const auto written = write_pool_file(path_, pool_.save(now)); !written)
            log_.write(event(Level::warning, "mempool not saved", {{"reason", written.error()}}));
    }

  private:
    std::filesystem::path path_;
    ChainId chain_;
    const mempool::Mempool& pool_;
    Log& log_;
};

net::ShellHooks make_hooks(
    Log& log,
    StatusLine& line,
    ServiceNotices& notices,
    const PoolKeeper& keeper,
    const node::NodeView& view,
    const DiskGuard& guard,
    const std::filesystem::path& peers_file
) {
    net::ShellHooks hooks;
    hooks.check_health = [&guard] { return guard.complaint(); };
    hooks.log = [&log](const node::LogEvent& happened) { log.write(happened); };
    hooks.save_peers = [&log, peers_file](const node::SavedPeers& peers) {
        // The next save may work: a full disk is no reason to stop a node.
        if (const auto written = write_peers(peers_file, peers); !written)
            log.write(event(
                Level::warning, "cannot save the addresses of peers", {{"reason", written.error()}}
            ));
    };
    hooks.reopen_log = [&log] { log.reopen(); };
    hooks.dump_status = [&log, &view] { log.write(status_event(view)); };
    hooks.tick = [&log, &line, &notices, &keeper, &view, saved = current_time().steady]() mutable {
        const auto now = view.now();
        if (log.is_terminal())
            log.show_status(line.update(gather_status(view), now.steady));
        if (notices.is_wanted())
            notices.status(gather_status(view));
        if (now.steady - saved >= pool_save_interval) {
            saved = now.steady;
            keeper.save(view);
        }
    };
    return hooks;
}

/// Writes what is left and tells how it went.
ExitCode conclude(const net::RunEnd& end, OpenChain& opened, Log& log) {
    log.show_status({});
    const bool is_flushed_now =
        end.reason == net::StopReason::clean || end.reason == net::StopReason::unhealthy;
    std::string failure = end.reason == net::StopReason::store_failed ? end.message : std::string{};
    if (is_flushed_now) {
        if (const auto flushed = opened.chain->flush(); !flushed)
            failure = to_string(flushed.error());
    }
    if (!failure.empty()) {
        log.write(event(
            Level::error,
            "the store failed; nothing after the last commit was acknowledged",
            {{"error", failure}, {"detail", opened.store->last_detail()}}
        ));
        return ExitCode::io;
    }
    if (end.reason == net::StopReason::forced) {
        log.write(event(Level::warning, "stopped by force; the state is rebuilt at the next start")
        );
        return ExitCode::failure;
    }
    log.write(event(Level::info, "stopped"));
    return end.reason == net::StopReason::unhealthy ? ExitCode::io : ExitCode::ok;
}

/// What others may cost the node.
std::vector<Option> limit_options(NodeOptions& target) {
    return {
        {"--outbound", "LINKS", "Links to others that the node keeps up", &target.outbound},
        {"--inbound", "LINKS", "Links of others, text sessions too", &target.inbound},
        {"--inbound-per-address",
         "LINKS",
         "The same of one address (IPv6: /64); loopback is free",
         &target.inbound_per_address},
        {"--inbound-per-subnet",
         "LINKS",
         "The same of one /24 (IPv6: /48); local networks are free",
         &target.inbound_per_subnet},
        {"--inbound-per-second",
         "LINKS",
         "New links of one address in a second; loopback is free",
         &target.inbound_per_second},
        {"--upload-kib",
         "KIB",
         "What may be sent to other machines in a second; 0: all",
         &target.upload_kib},
        {"--relay-transactions",
         "COUNT",
         "Transactions announced in a second",
         &target.relay_transactions},
        {"--relay-kb", "KB", "The bytes of those transactions, in thousands", &target.relay_kb},
    };
}

/// HTTP, where the plan wants it. It listens at once, and the plan learns its port.
class FrontDoor {
  public:
    FrontDoor(net::Shell& shell, NodePlan& plan)
        : gate_{
              {.hosts = plan.http_hosts,
               .cors = plan.cors,
               .version = std::string{version_number()},
               .open_probe = plan.node.open_probe}} {
        http::add_explorer(gate_);
        if (!plan.http)
            return;
        door_.emplace(shell.context(), gate_, static_cast<std::uint32_t>(random_seed()));
        plan.http = listen_or_throw(*door_, plan.http_bind, *plan.http);
    }

    [[nodiscard]] http::Gate& gate() { return gate_; }

    [[nodiscard]] std::vector<net::Door*> doors() {
        return door_ ? std::vector<net::Door*>{&*door_} : std::vector<net::Door*>{};
    }

  private:
    http::Gate gate_;
    std::optional<http::HttpDoor> door_;
};

/// Links of all kinds that may be open at once in a node with HTTP.
std::size_t http_links(const node::NodeConfig& config) {
    return config.allowances.links_inbound + config.outbound_target + net::closing_links_max +
           http::connections_max + http::lingering_max;
}

/// A node that is measured, and where its figures are read.
struct Measures {
    Measures(node::Node& node, http::Gate& gate, bool is_open)
        : machine{node, node.view(), times, [] { return current_time().steady; }},
          exposition{
              node.view(),
              times,
              {.version = std::string{version_number()}, .commit = std::string{commit_hash()}}} {
        gate.add(metrics::make_route(exposition, is_open));
    }

    metrics::ValidationTimes times;
    metrics::MeasuredNode machine;
    metrics::Exposition exposition;
};

}  // namespace

int run_node(const NodeOptions& options) {
    NodePlan plan = make_plan(options);
    raise_descriptor_limit();
    net::Shell shell;
    plan.port = listen_or_throw(shell, plan.bind, plan.port);
    plan.node.listen_port = plan.port;
    if (plan.http)
        require_descriptors(http_links(plan.node));
    FrontDoor front{shell, plan};
    DataDirectory directory{
        plan.datadir.empty() ? default_data_directory(plan.spec.name, plan.port) : plan.datadir};
    const DiskGuard guard{directory.path(), plan.min_free_mib};
    if (const auto complaint = guard.complaint())
        throw StartError{ExitCode::io, *complaint};
    Log log{{.file = directory.log_file(), .format = plan.log_format, .filter = plan.log_filter}};
    ServiceNotices notices{std::getenv("NOTIFY_SOCKET")};
    notices.opening();
    OpenChain opened = open_chain(plan.spec, directory);
    plan.node.saved_peers = saved_peers(directory, log);
    if (plan.node.as_map && plan.node.local_network)
        log.write(event(Level::warning, "--asmap changes nothing on a local network"));
    mempool::Mempool pool{*opened.chain, plan.pool, random_seed()};
    node::Node node{plan.node, *opened.chain, pool, Random{random_seed()}};
    rpc::Server server{
        {.cookie = directory.create_cookie(),
         .open_control = plan.open_control,
         .version = std::string{version_number()}},
        node.view(),
        random_seed()};

    Measures measures{node, front.gate(), plan.node.open_probe};
    if (plan.spec.development)
        print_banner(plan.spec);
    const PoolKeeper keeper{
        pool_file(directory.chain_folder(plan.spec.name)), opened.chain->id(), pool, log};
    log.write(event(
        Level::info,
        "started",
        {{"version", std::string{version_number()}},
         {"chain", plan.spec.name},
         {"address", to_string(node::Endpoint{.host = plan.bind, .port = plan.port})},
         {"datadir", directory.path().string()}}
    ));
    keeper.restore(node);
    StatusLine line;
    auto hooks = make_hooks(log, line, notices, keeper, node.view(), guard, directory.peers_file());
    hooks.job_done = [&](const node::JobResult& result, Duration elapsed) {
        if (std::holds_alternative<node::CheckBlockResult>(result))
            measures.times.check.add(static_cast<std::uint64_t>(elapsed.count()));
    };
    hooks.started = [&] {
        print_ready(plan, *opened.chain, directory);
        notices.ready(gather_status(node.view()));
    };
    const net::RunEnd end = shell.run(
        {.machine = measures.machine,
         .server = &server,
         .chain = opened.chain.get(),
         .doors = front.doors()},
        std::move(hooks),
        plan.workers,
        random_seed()
    );
    notices.stopping();
    if (end.reason == net::StopReason::clean)
        keeper.save(node.view());
    return static_cast<int>(conclude(end, opened, log));
}

Command make_node_command() {
    const auto options = std::make_shared<NodeOptions>();
    NodeOptions& target = *options;
    Command command;
    command.name = "node";
    command.help = "Run a node until a signal or the shutdown command stops it";
    command.is_configurable = true;
    command.options = {
        {"port,--port,-p", "PORT", "Where to listen; 0 takes a free port", &target.port},
        {"--name", "NAME", "What the node calls itself in its ready line", &target.name},
        {"--bind", "ADDRESS", "The address to listen on", &target.bind},
        {"--datadir,-d", "DIR", "Where the node keeps everything", &target.datadir},
        {"--chain", "NAME|FILE", "cairn, lab, dev, or a chain spec in a file", &target.chain},
        {"--dev,--regtest", "", "The same as --chain dev", &target.dev},
        {"--bootstrap,--peer,--addnode,--bootnodes,--seednode",
         "HOST:PORT|FILE",
         "Nodes to connect to",
         &target.bootstrap},
        {"--tracker", "HOST:PORT", "Trackers to be listed by, and to find nodes", &target.tracker},
        {"--dns-seed",
         "HOST:PORT",
         "Names to ask for nodes after 11 s with fewer than 2 links of its own",
         &target.dns_seed},
        {"--asmap",
         "FILE",
         "Which operator has which public addresses; links go to different ones",
         &target.asmap},
        {"--localnet",
         "",
         "Peers may be on loopback and private networks, as when bound to one",
         &target.localnet},
        {"--mine", "THREADS", "Mine, with one thread unless told otherwise", &target.mine, "1"},
        {"--coinbase",
         "ADDRESS",
         "Who earns what is mined; dev0 on development chains",
         &target.coinbase},
        {"--workers", "THREADS", "Threads for checks and mining; 0: one a core", &target.workers},
        {"--min-fee-rate",
         "PEBBLES",
         "The least fee that is taken, for 1000 bytes",
         &target.min_fee_rate},
        {"--mempool-mib", "MIB", "What the mempool may take of memory", &target.mempool_mib},
        {"--pending-per-account",
         "COUNT",
         "Transactions of one account that may wait",
         &target.pending_per_account},
        {"--min-free", "MIB", "Stop when less of the disk is free", &target.min_free_mib},
        {"--tx-privacy",
         "",
         "Announce transactions at random times, to hide where they came from",
         &target.tx_privacy},
        {"--open-probe", "", "Answer read commands of other machines too", &target.open_probe},
        {"--open-control",
         "",
         "Let loopback control a development node without cookie",
         &target.open_control},
        {"--log-level", "LEVELS", "debug, info, warning, error; info,net=debug", &target.log_level},
        {"--log-format", "text|json", "How lines of the log look", &target.log_format},
        {"--http,--http-port,--rpcport",
         "PORT",
         "Serve HTTP on this port; 0 takes a free one",
         &target.http},
    };
    append_http_options(command.options, target.http_bind, target.http_host, target.cors);
    for (auto& option : limit_options(target))
        command.options.push_back(std::move(option));
    command.run = [options] { return run_node(*options); };
    return command;
}

}  // namespace cairn::app
