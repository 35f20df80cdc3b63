/// The options of `cairn node`, and what they mean once checked.
#pragma once

#include "src/app/disk_space.hpp"
#include "src/app/log_format.hpp"

#include "cairn/ledger/chain_spec.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::app {

/// As given by the user.
struct NodeOptions {
    std::string name = "cairn";
    std::uint64_t port = 5001;
    std::string bind = "127.0.0.1";
    std::string datadir;
    std::string chain = "dev";
    bool dev = false;
    /// `host:port`, or the name of a file with one a line.
    std::vector<std::string> bootstrap;
    std::vector<std::string> tracker;
    std::vector<std::string> dns_seed;
    /// A file; empty: none.
    std::string asmap;
    /// Loopback and private addresses are peers like others.
    bool localnet = false;
    /// Threads that search; 0: no mining.
    std::uint64_t mine = 0;
    std::string coinbase;
    /// Threads for jobs; 0: one for each core.
    std::uint64_t workers = 0;
    /// Pebbles per 1000 bytes, MiB, and transactions: the limits of the mempool.
    std::uint64_t min_fee_rate = mempool::fee_rate_min_default;
    std::uint64_t mempool_mib = 512;
    std::uint64_t pending_per_account = 1024;
    std::uint64_t min_free_mib = min_free_mib_default;
    /// Links: full ones of our own, and what others may open.
    std::uint64_t outbound = node::peers_outbound_max;
    std::uint64_t inbound = node::links_inbound_max;
    std::uint64_t inbound_per_address = node::links_per_address_max;
    std::uint64_t inbound_per_subnet = node::links_per_subnet_max;
    std::uint64_t inbound_per_second = node::links_per_second_max;
    /// KiB a second to other machines, 0 for no bound; announced transactions, and kB of them, a
    /// second.
    std::uint64_t upload_kib = node::upload_bytes_per_second_max / 1024;
    std::uint64_t relay_transactions = node::relay_transactions_per_second_max;
    std::uint64_t relay_kb = node::relay_bytes_per_second_max / 1000;
    bool tx_privacy = false;
    bool open_probe = false;
    bool open_control = false;
    /// The port for HTTP; empty: none.
    std::string http;
    std::string http_bind = "127.0.0.1";
    std::vector<std::string> http_host;
    std::vector<std::string> cors;
    std::string log_level = "info";
    std::string log_format = "text";
};

/// As checked: everything that can be decided before a socket or a file is opened for writing.
struct NodePlan {
    std::string name;
    ledger::ChainSpec spec;
    /// Without `listen_port`, which the shell decides.
    node::NodeConfig node;
    std::uint16_t port = 0;
    std::string bind;
    /// Empty: the default directory of chain and port.
    std::filesystem::path datadir;
    std::size_t workers = 1;
    mempool::MempoolLimits pool;
    std::uint64_t min_free_mib = min_free_mib_default;
    bool open_control = false;
    /// Nothing: no HTTP.
    std::optional<std::uint16_t> http;
    std::string http_bind;
    std::vector<std::string> http_hosts;
    std::vector<std::string> cors;
    LogFilter log_filter;
    LogFormat log_format = LogFormat::text;
};

/// Checks `options` and reads the files that they name.
/// Throws `UsageError`: `usage` for a value that can never be right, `data` for a chain or
/// bootstrap file or AS map with errors in it, `config` for options that do not fit together; and
/// `StartError` (`data`, `config`) for a file that cannot be read.
[[nodiscard]] NodePlan make_plan(const NodeOptions& options);

/// The endpoints that a list of `host:port` and file names, given with `option`, stands for. Files
/// have one a line; empty lines and lines that begin with `#` count nothing. Throws `UsageError`
/// (`usage`), and `StartError` (`data`) for a file that cannot be read.
[[nodiscard]] std::vector<node::Endpoint> read_endpoints(
    const std::string& option, const std::vector<std::string>& entries
);

/// The chain that is called `name`: built in, or described in the file `name`.
/// Throws `UsageError` (`data`, `config`).
[[nodiscard]] ledger::ChainSpec read_chain(const std::string& name);

}  // namespace cairn::app
