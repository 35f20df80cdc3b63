#include "src/app/node_options.hpp"

#include "src/app/exit.hpp"
#include "src/app/failure.hpp"
#include "src/app/file.hpp"
#include "src/app/listen.hpp"
#include "src/app/option_values.hpp"
#include "src/app/suggest.hpp"
#include "src/app/version.hpp"
#include "src/app/wallet_report.hpp"

#include "cairn/execution/execute.hpp"
#include "cairn/node/addresses.hpp"
#include "cairn/node/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <thread>

namespace cairn::app {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t threads_max = 1024;
/// A tebibyte; more is a typing error.
constexpr std::uint64_t min_free_mib_max = 1024U * 1024;
/// A chain spec is canonical JSON in one coinbase; a larger file is something else.
constexpr std::uintmax_t chain_file_bytes_max = 1024U * 1024;

node::Endpoint read_endpoint(const std::string& text, const std::string& source) {
    auto endpoint = node::parse_endpoint(text);
    if (!endpoint)
        refuse_value(source, "host:port", text);
    return std::move(*endpoint);
}

void read_endpoint_file(const std::string& path, std::vector<node::Endpoint>& endpoints) {
    std::ifstream stream{path};
    if (!stream)
        throw StartError{ExitCode::data, "cannot read the file of endpoints " + path};
    for (std::string line; std::getline(stream, line);) {
        line.erase(line.find_last_not_of(" \t\r") + 1);
        if (!line.empty() && line.front() != '#')
            endpoints.push_back(read_endpoint(line, path));
    }
}

ledger::AccountId read_coinbase(const NodeOptions& options, const ledger::ChainSpec& spec) {
    if (!options.coinbase.empty()) {
        const auto account = ledger::from_address(options.coinbase, spec.prefix);
        if (!account) {
            auto failure = describe_address(
                account.error(), "--coinbase", options.coinbase, {spec.name, spec.prefix}
            );
            failure.code = ExitCode::config;
            throw UsageError{std::move(failure)};
        }
        return *account;
    }
    if (spec.development)
        return ledger::account_of(ledger::development_key(0).public_key());
    if (options.mine > 0)
        throw UsageError{missing_value(
            "--mine needs --coinbase ADDRESS on chain " + spec.name, "--coinbase ADDRESS"
        )};
    return {};
}

void check_numbers(const NodeOptions& options) {
    check_range("--min-free", options.min_free_mib, {0, min_free_mib_max});
    check_range("--mine", options.mine, {0, threads_max});
    check_range("--workers", options.workers, {0, threads_max});
}

mempool::MempoolLimits read_pool_limits(const NodeOptions& options) {
    constexpr std::uint64_t mib = 1024U * 1024;
    constexpr std::uint64_t mempool_mib_max = 1024U * 1024;
    constexpr std::uint64_t fee_rate_max = 1'000'000;
    mempool::MempoolLimits limits;
    check_range("--mempool-mib", options.mempool_mib, {1, mempool_mib_max});
    // One that is not taken by any amount would be a pool that takes nothing.
    check_range("--min-fee-rate", options.min_fee_rate, {1, fee_rate_max});
    check_range(
        "--pending-per-account",
        options.pending_per_account,
        {limits.pending_guaranteed, limits.pending_per_sender_max}
    );
    limits.bytes_max = options.mempool_mib * mib;
    limits.fee_rate_min = options.min_fee_rate;
    limits.pending_per_sender_max = options.pending_per_account;
    return limits;
}

node::Allowances read_allowances(const NodeOptions& options) {
    // As many descriptors as a process may usually open.
    constexpr std::uint64_t links_max = 1000;
    constexpr std::uint64_t rate_max = 1'000'000;
    constexpr std::uint64_t kibibyte = 1024;
    constexpr std::uint64_t kilobyte = 1000;
    check_range("--outbound", options.outbound, {0, links_max});
    check_range("--inbound", options.inbound, {1, links_max});
    check_range("--inbound-per-address", options.inbound_per_address, {1, links_max});
    check_range("--inbound-per-subnet", options.inbound_per_subnet, {1, links_max});
    check_range("--inbound-per-second", options.inbound_per_second, {1, links_max});
    check_range("--upload-kib", options.upload_kib, {0, rate_max * kilobyte});
    check_range("--relay-transactions", options.relay_transactions, {1, rate_max});
    check_range("--relay-kb", options.relay_kb, {1, rate_max});
    node::Allowances allowances;
    allowances.links_inbound = options.inbound;
    allowances.links_per_address = options.inbound_per_address;
    allowances.links_per_subnet = options.inbound_per_subnet;
    allowances.links_per_second = options.inbound_per_second;
    allowances.upload_bytes_per_second = options.upload_kib * kibibyte;
    allowances.relay_transactions_per_second = options.relay_transactions;
    allowances.relay_bytes_per_second = options.relay_kb * kilobyte;
    return allowances;
}

/// Endpoints of the option `name`, `most` at most.
std::vector<node::Endpoint> read_few_endpoints(
    const std::string& name, const std::vector<std::string>& entries, std::size_t most
) {
    // Who names one relies on it; none at all is told by leaving the option away.
    if (std::find(entries.begin(), entries.end(), "") != entries.end())
        refuse_value(name, "host:port", "");
    auto endpoints = read_endpoints(name, entries);
    if (endpoints.size() > most)
        refuse_value(
            name,
            std::to_string(most) + " of them at most",
            std::to_string(endpoints.size()) + " of them"
        );
    return endpoints;
}

std::shared_ptr<const node::AsMap> read_as_map(const std::string& name) {
    if (name.empty())
        return nullptr;
    auto bytes = read_file(name, node::AsMap::bytes_max);
    if (!bytes)
        throw StartError{ExitCode::config, "--asmap: " + bytes.error().message};
    if (bytes->size() > node::AsMap::bytes_max)
        refuse_file("--asmap", "a file of 8 MiB at most", name + ", which is larger");
    auto map = node::AsMap::parse(std::move(*bytes));
    if (!map)
        refuse_file("--asmap", "an AS map in the format of spec 10 section 7", name);
    return std::make_shared<const node::AsMap>(std::move(*map));
}

std::optional<std::uint16_t> read_http_port(const std::string& text) {
    if (text.empty())
        return std::nullopt;
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || stop != end)
        refuse_value("--http", "a port, 0 to 65535", text);
    return port;
}

/// What is said of HTTP must mean something: without its port there is none.
void check_http(const NodeOptions& options) {
    check_origins(options.cors);
    if (!options.http.empty())
        return check_http_bind(options.http_bind, options.open_probe);
    const std::array given{
        std::pair{"--http-bind", options.http_bind != NodeOptions{}.http_bind},
        std::pair{"--http-host", !options.http_host.empty()},
        std::pair{"--cors", !options.cors.empty()}};
    for (const auto& [name, is_given] : given)
        if (is_given)
            throw UsageError{missing_value(
                std::string{name} + " needs --http PORT: this node has no HTTP", "--http PORT"
            )};
}

void check_name(const std::string& name) {
    constexpr std::size_t name_bytes_max = 64;
    const bool is_printable = std::all_of(name.begin(), name.end(), [](char letter) {
        return letter > ' ' && letter <= '~';
    });
    if (name.empty() || name.size() > name_bytes_max || !is_printable)
        refuse_value("--name", "1 to 64 printable letters without spaces", name);
}

/// The built-in chains other than `spec`'s.
std::vector<ledger::NamedChain> other_chains(const ledger::ChainSpec& spec) {
    const auto ours = execution::chain_id_of(spec);
    std::vector<ledger::NamedChain> others;
    for (const auto name : ledger::built_in_chain_names()) {
        const auto id = execution::chain_id_of(*ledger::built_in_chain(name));
        if (id != ours)
            others.push_back({.name = std::string{name}, .id = id});
    }
    return others;
}

}  // namespace

std::vector<node::Endpoint> read_endpoints(
    const std::string& option, const std::vector<std::string>& entries
) {
    std::vector<node::Endpoint> endpoints;
    for (const std::string& entry : entries) {
        // A script's empty list of peers means none.
        if (entry.empty())
            continue;
        std::error_code ignored;
        if (auto endpoint = node::parse_endpoint(entry))
            endpoints.push_back(std::move(*endpoint));
        else if (fs::is_regular_file(entry, ignored))
            read_endpoint_file(entry, endpoints);
        else
            refuse_value(option, "host:port or the name of a file with them", entry);
    }
    return endpoints;
}

ledger::ChainSpec read_chain(const std::string& name) {
    if (auto spec = ledger::built_in_chain(name))
        return std::move(*spec);
    std::ifstream stream{name, std::ios::binary};
    std::error_code error;
    const std::uintmax_t size = fs::file_size(name, error);
    if (!stream || error) {
        std::vector<std::string> names;
        for (const auto known : ledger::built_in_chain_names())
            names.emplace_back(known);
        auto failure = value_failure(
            "--chain",
            "a built-in chain or a file",
            name,
            suggestion(name, names, "cairn help node tells which chains are built in")
        );
        failure.code = ExitCode::config;
        throw UsageError{std::move(failure)};
    }
    if (size > chain_file_bytes_max)
        refuse_file("--chain", "a file of 1 MiB at most", name + ", which is larger");
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    auto spec = ledger::parse_chain_spec(text);
    if (!spec) {
        const auto& fault = spec.error();
        refuse_file("--chain: " + name + ": " + fault.field, fault.expected, fault.actual);
    }
    return std::move(*spec);
}

NodePlan make_plan(const NodeOptions& options) {
    check_numbers(options);
    check_name(options.name);
    const auto filter = read_log_filter(options.log_level);
    const auto format = read_log_format(options.log_format);

    NodePlan plan;
    plan.name = options.name;
    plan.spec = read_chain(options.dev ? "dev" : options.chain);
    if (options.open_control && !plan.spec.development) {
        auto failure = value_failure("--open-control", "a development chain", plan.spec.name);
        failure.code = ExitCode::config;
        throw UsageError{std::move(failure)};
    }
    plan.port = to_port("--port", options.port);
    plan.bind = options.bind;
    plan.datadir = options.datadir;
    plan.open_control = options.open_control;
    plan.http = read_http_port(options.http);
    check_http(options);
    plan.http_bind = options.http_bind;
    plan.http_hosts = options.http_host;
    plan.cors = options.cors;
    plan.min_free_mib = options.min_free_mib;
    plan.log_filter = filter;
    for (const std::string_view area : {"transaction", "block"})
        plan.node.traces = plan.node.traces ||
                           filter.passes({.level = node::LogEvent::Level::debug, .area = area});
    plan.log_format = format;
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    plan.workers = std::max<std::size_t>(options.workers == 0 ? cores : options.workers, 1);
    plan.workers = std::max<std::size_t>(plan.workers, options.mine);
    plan.pool = read_pool_limits(options);
    plan.node.user_agent = "cairn/" + std::string{version_number()};
    plan.node.bootstrap = read_endpoints("--bootstrap", options.bootstrap);
    plan.node.trackers = read_few_endpoints("--tracker", options.tracker, node::trackers_max);
    plan.node.seeds = read_few_endpoints("--dns-seed", options.dns_seed, node::seeds_max);
    for (const auto& seed : plan.node.seeds) {
        if (!node::is_dialable_port(seed.port))
            refuse_value(
                "--dns-seed",
                "a port from 1024 on that is of no other service (spec 10 R10.14)",
                node::to_string(seed)
            );
    }
    plan.node.as_map = read_as_map(options.asmap);
    plan.node.local_network = options.localnet || is_local_address(options.bind);
    plan.node.outbound_target = options.outbound;
    plan.node.allowances = read_allowances(options);
    plan.node.mining_threads = options.mine;
    plan.node.coinbase = read_coinbase(options, plan.spec);
    plan.node.tx_privacy = options.tx_privacy;
    plan.node.open_probe = options.open_probe;
    plan.node.other_chains = other_chains(plan.spec);
    return plan;
}

}  // namespace cairn::app
