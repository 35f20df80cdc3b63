#include "src/app/node_options.hpp"

#include "src/app/exit.hpp"
#include "src/app/file.hpp"
#include "src/app/listen.hpp"
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
        throw StartError{ExitCode::usage, source + ": " + text + " is not host:port"};
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
            const auto failure = describe_address(
                account.error(), "--coinbase", options.coinbase, {spec.name, spec.prefix}
            );
            throw StartError{ExitCode::config, to_text(failure)};
        }
        return *account;
    }
    if (spec.development)
        return ledger::account_of(ledger::development_key(0).public_key());
    if (options.mine > 0)
        throw StartError{ExitCode::usage, "--mine needs --coinbase ADDRESS on chain " + spec.name};
    return {};
}

void check_numbers(const NodeOptions& options) {
    if (options.port > std::numeric_limits<std::uint16_t>::max())
        throw StartError{ExitCode::usage, "--port must be at most 65535"};
    if (options.min_free_mib > min_free_mib_max)
        throw StartError{ExitCode::usage, "--min-free takes at most 1048576 MiB"};
    if (options.mine > threads_max || options.workers > threads_max)
        throw StartError{ExitCode::usage, "--mine and --workers take at most 1024 threads"};
}

bool is_between(std::uint64_t number, std::uint64_t least, std::uint64_t most) {
    return number >= least && number <= most;
}

mempool::MempoolLimits read_pool_limits(const NodeOptions& options) {
    constexpr std::uint64_t mib = 1024U * 1024;
    constexpr std::uint64_t mempool_mib_max = 1024U * 1024;
    constexpr std::uint64_t fee_rate_max = 1'000'000;
    mempool::MempoolLimits limits;
    if (!is_between(options.mempool_mib, 1, mempool_mib_max))
        throw StartError{ExitCode::usage, "--mempool-mib takes 1 to 1048576"};
    // One that is not taken by any amount would be a pool that takes nothing.
    if (!is_between(options.min_fee_rate, 1, fee_rate_max))
        throw StartError{ExitCode::usage, "--min-fee-rate takes 1 to 1000000 pebbles"};
    if (!is_between(
            options.pending_per_account, limits.pending_guaranteed, limits.pending_per_sender_max
        ))
        throw StartError{ExitCode::usage, "--pending-per-account takes 16 to 1024"};
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
    if (options.outbound > links_max || !is_between(options.inbound, 1, links_max))
        throw StartError{ExitCode::usage, "--outbound takes up to 1000 links, --inbound 1 to 1000"};
    for (const auto number :
         {options.inbound_per_address, options.inbound_per_subnet, options.inbound_per_second}) {
        if (!is_between(number, 1, links_max))
            throw StartError{
                ExitCode::usage,
                "--inbound-per-address, --inbound-per-subnet and --inbound-per-second take 1 to "
                "1000 links"};
    }
    if (options.upload_kib > rate_max * kilobyte)
        throw StartError{ExitCode::usage, "--upload-kib takes at most 1000000000 KiB"};
    if (!is_between(options.relay_transactions, 1, rate_max) ||
        !is_between(options.relay_kb, 1, rate_max))
        throw StartError{ExitCode::usage, "--relay-transactions and --relay-kb take 1 to 1000000"};
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
        throw StartError{ExitCode::usage, name + " takes host:port, not an empty text"};
    auto endpoints = read_endpoints(entries);
    if (endpoints.size() > most)
        throw StartError{
            ExitCode::usage, name + " takes at most " + std::to_string(most) + " of them"};
    return endpoints;
}

std::shared_ptr<const node::AsMap> read_as_map(const std::string& name) {
    if (name.empty())
        return nullptr;
    auto bytes = read_file(name, node::AsMap::bytes_max);
    if (!bytes)
        throw StartError{ExitCode::config, "--asmap: " + bytes.error().message};
    if (bytes->size() > node::AsMap::bytes_max)
        throw StartError{ExitCode::data, "--asmap: " + name + " is larger than 8 MiB"};
    auto map = node::AsMap::parse(std::move(*bytes));
    if (!map)
        throw StartError{
            ExitCode::data,
            "--asmap: " + name + " is no AS map in the format of spec 10 section 7"};
    return std::make_shared<const node::AsMap>(std::move(*map));
}

std::optional<std::uint16_t> read_http_port(const std::string& text) {
    if (text.empty())
        return std::nullopt;
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || stop != end)
        throw StartError{ExitCode::usage, "--http takes a port, 0 to 65535"};
    return port;
}

/// What is said of HTTP must mean something: without its port there is none.
void check_http(const NodeOptions& options) {
    check_origins(options.cors);
    if (!options.http.empty())
        return;
    const std::array given{
        std::pair{"--http-bind", options.http_bind != NodeOptions{}.http_bind},
        std::pair{"--http-host", !options.http_host.empty()},
        std::pair{"--cors", !options.cors.empty()}};
    for (const auto& [name, is_given] : given)
        if (is_given)
            throw StartError{
                ExitCode::usage, std::string{name} + " needs --http PORT: this node has no HTTP"};
}

void check_name(const std::string& name) {
    constexpr std::size_t name_bytes_max = 64;
    const bool is_printable = std::all_of(name.begin(), name.end(), [](char letter) {
        return letter > ' ' && letter <= '~';
    });
    if (name.empty() || name.size() > name_bytes_max || !is_printable)
        throw StartError{ExitCode::usage, "--name takes 1 to 64 printable letters without spaces"};
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

std::vector<node::Endpoint> read_endpoints(const std::vector<std::string>& entries) {
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
            throw StartError{ExitCode::usage, entry + " is neither host:port nor a file"};
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
        throw StartError{
            ExitCode::config,
            "--chain " + name + " is neither a built-in chain nor a file" +
                suggestion_text(name, names)};
    }
    if (size > chain_file_bytes_max)
        throw StartError{ExitCode::data, "chain file " + name + " is larger than 1 MiB"};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    auto spec = ledger::parse_chain_spec(text);
    if (!spec) {
        const auto& fault = spec.error();
        throw StartError{
            ExitCode::data,
            "chain file " + name + ": " + fault.field + ": expected " + fault.expected +
                ", found " + fault.actual};
    }
    return std::move(*spec);
}

NodePlan make_plan(const NodeOptions& options) {
    check_numbers(options);
    check_name(options.name);
    const auto filter = LogFilter::parse(options.log_level);
    if (!filter) {
        throw StartError{
            ExitCode::usage,
            "--log-level " + options.log_level +
                " is not of the form info or info,net=debug; levels are debug, "
                "info, warning, error"};
    }
    const auto format = parse_log_format(options.log_format);
    if (!format)
        throw StartError{ExitCode::usage, "--log-format is text or json"};

    NodePlan plan;
    plan.name = options.name;
    plan.spec = read_chain(options.dev ? "dev" : options.chain);
    if (options.open_control && !plan.spec.development) {
        throw StartError{
            ExitCode::config,
            "--open-control is for development chains only, and " + plan.spec.name + " is none"};
    }
    plan.port = static_cast<std::uint16_t>(options.port);
    plan.bind = options.bind;
    plan.datadir = options.datadir;
    plan.open_control = options.open_control;
    plan.http = read_http_port(options.http);
    check_http(options);
    plan.http_bind = options.http_bind;
    plan.http_hosts = options.http_host;
    plan.cors = options.cors;
    plan.min_free_mib = options.min_free_mib;
    plan.log_filter = *filter;
    for (const std::string_view area : {"transaction", "block"})
        plan.node.traces = plan.node.traces ||
                           filter->passes({.level = node::LogEvent::Level::debug, .area = area});
    plan.log_format = *format;
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    plan.workers = std::max<std::size_t>(options.workers == 0 ? cores : options.workers, 1);
    plan.workers = std::max<std::size_t>(plan.workers, options.mine);
    plan.pool = read_pool_limits(options);
    plan.node.user_agent = "cairn/" + std::string{version_number()};
    plan.node.bootstrap = read_endpoints(options.bootstrap);
    plan.node.trackers = read_few_endpoints("--tracker", options.tracker, node::trackers_max);
    plan.node.seeds = read_few_endpoints("--dns-seed", options.dns_seed, node::seeds_max);
    for (const auto& seed : plan.node.seeds) {
        if (!node::is_dialable_port(seed.port))
            throw StartError{
                ExitCode::usage,
                "--dns-seed " + node::to_string(seed) + ": nodes are not looked for at ports " +
                    "below 1024 and those of other services (spec 10 R10.14)"};
    }
    plan.node.as_map = read_as_map(options.asmap);
    plan.node.local_network = options.localnet || is_local_address(options.bind);
    plan.node.outbound_target = options.outbound;
    plan.node.allowances = read_allowances(options);
    plan.node.mining_threads = options.mine;
    plan.node.coinbase = read_coinbase(options, plan.spec);
    plan.node.open_probe = options.open_probe;
    plan.node.other_chains = other_chains(plan.spec);
    return plan;
}

}  // namespace cairn::app
