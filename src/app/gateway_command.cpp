#include "src/app/gateway_command.hpp"

#include "src/app/exit.hpp"
#include "src/app/listen.hpp"
#include "src/app/option_values.hpp"
#include "src/app/version.hpp"

#include "cairn/http/gateway_server.hpp"
#include "cairn/http/limits.hpp"
#include "cairn/node/addresses.hpp"

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>

namespace cairn::app {

namespace {

/// How long replies may take to leave after a signal.
constexpr auto gateway_close_time = std::chrono::seconds{5};

struct GatewayCommandOptions {
    std::uint64_t http = 8080;
    std::string http_bind = "127.0.0.1";
    std::vector<std::string> http_host;
    std::vector<std::string> cors;
    std::vector<std::string> nodes{"5001-5016"};
    bool open_probe = false;
};

std::optional<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    const bool is_port = error == std::errc{} && stop == end && node::is_dialable_port(port);
    return is_port ? std::optional{port} : std::nullopt;
}

[[noreturn]] void refuse_ports(const std::string& entry) {
    refuse_value(
        "--nodes",
        "ports as in 5001-5016 or 5001,5003, at most " + std::to_string(http::gateway_nodes_max) +
            " from 1024 on",
        entry
    );
}

std::string join_ports(const std::vector<std::uint16_t>& ports) {
    std::string text;
    for (const auto port : ports)
        text += (text.empty() ? "" : ",") + std::to_string(port);
    return text;
}

int run_gateway(const GatewayCommandOptions& options) {
    const auto wanted_port = to_port("--http", options.http);
    check_origins(options.cors);
    check_http_bind(options.http_bind, options.open_probe);
    const auto ports = read_ports(options.nodes);
    raise_descriptor_limit();
    // A request asks one node at a time.
    require_descriptors(
        2 * http::connections_max + http::lingering_max + http::idle_node_links_max
    );
    const http::Gateway gateway{
        {.hosts = options.http_host,
         .cors = options.cors,
         .version = std::string{version_number()},
         .nodes = ports,
         .open_probe = options.open_probe}};
    asio::io_context context{1};
    http::GatewayServer server{context, gateway, [&context] { context.stop(); }};
    const auto port = listen_or_throw(server, options.http_bind, wanted_port);
    fmt::print("ready role=gateway http={} nodes={}\n", port, join_ports(ports));
    std::fflush(stdout);

    asio::signal_set signals{context, SIGINT, SIGTERM};
    asio::steady_timer patience{context};
    bool is_forced = false;
    signals.async_wait([&](const std::error_code& error, int) {
        if (error)
            return;
        server.stop();
        if (server.is_idle())
            return context.stop();
        patience.expires_after(gateway_close_time);
        patience.async_wait([&](const std::error_code&) { context.stop(); });
        signals.async_wait([&](const std::error_code&, int) {
            is_forced = true;
            context.stop();
        });
    });
    context.run();
    return static_cast<int>(is_forced ? ExitCode::failure : ExitCode::ok);
}

}  // namespace

std::vector<std::uint16_t> read_ports(const std::vector<std::string>& entries) {
    std::vector<std::uint16_t> ports;
    for (const auto& entry : entries) {
        const auto dash = std::min(entry.find('-'), entry.size());
        const auto first = read_port(std::string_view{entry}.substr(0, dash));
        const auto last =
            dash == entry.size() ? first : read_port(std::string_view{entry}.substr(dash + 1));
        if (!first || !last || *last < *first)
            refuse_ports(entry);
        for (std::uint32_t port = *first; port <= *last; ++port) {
            const auto number = static_cast<std::uint16_t>(port);
            if (std::find(ports.begin(), ports.end(), number) != ports.end())
                continue;
            if (ports.size() == http::gateway_nodes_max || !node::is_dialable_port(number))
                refuse_ports(entry);
            ports.push_back(number);
        }
    }
    if (ports.empty())
        refuse_ports("");
    return ports;
}

Command make_gateway_command() {
    const auto options = std::make_shared<GatewayCommandOptions>();
    GatewayCommandOptions& target = *options;
    Command command;
    command.name = "gateway";
    command.help = "Serve HTTP for all nodes of this machine";
    command.is_configurable = true;
    command.options = {
        {"--http,--http-port", "PORT", "Where to serve HTTP; 0 takes a free port", &target.http},
        {"--nodes", "PORTS", "The nodes to show, as in 5001-5016 or 5001,5003", &target.nodes},
        {"--open-probe", "", "Let other machines read from these nodes", &target.open_probe},
    };
    append_http_options(command.options, target.http_bind, target.http_host, target.cors);
    command.run = [options] { return run_gateway(*options); };
    return command;
}

}  // namespace cairn::app
