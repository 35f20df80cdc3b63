/// What the commands that serve have in common: a port, a seed, and descriptors enough.
#pragma once

#include "src/app/command.hpp"

#include "cairn/http/gateway_server.hpp"
#include "cairn/http/node_door.hpp"
#include "cairn/net/shell.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::app {

/// Listens and returns the port. Throws `StartError` (`config`, `io`) with a sentence.
[[nodiscard]] std::uint16_t listen_or_throw(
    net::Shell& shell, const std::string& bind, std::uint16_t port
);

/// As `listen_or_throw`, for HTTP.
[[nodiscard]] std::uint16_t listen_or_throw(
    http::HttpDoor& door, const std::string& bind, std::uint16_t port
);
[[nodiscard]] std::uint16_t listen_or_throw(
    http::GatewayServer& server, const std::string& bind, std::uint16_t port
);

/// Adds the options that say how HTTP is served, besides its port. The targets are those of
/// `Option`.
void append_http_options(
    std::vector<Option>& options,
    std::string& bind,
    std::vector<std::string>& hosts,
    std::vector<std::string>& origins
);

/// Throws `UsageError` (`usage`) unless each is `*` or an origin as browsers send it (RFC 6454
/// §6.2): scheme, host and port, and nothing behind them. Another would never match.
void check_origins(const std::vector<std::string>& origins);

/// Throws `UsageError` (`usage`) where HTTP would listen beyond loopback without `--open-probe`:
/// that is a mistake, since every command from there would be refused (spec 12 R7).
void check_http_bind(const std::string& bind, bool open_probe);

/// From the operating system.
[[nodiscard]] std::uint64_t random_seed();

/// Files that a serving process has open besides its links: standard streams, log, store, event
/// loop, what listens, what it dials.
inline constexpr std::size_t other_files_max = 64;

/// Each link takes a descriptor; the default limit is low, the hard one is not.
void raise_descriptor_limit();
/// Throws `StartError` (`config`) when this process may not open `links` and `other_files_max`
/// files. HTTP needs that: once none is left, its library never accepts again.
void require_descriptors(std::size_t links);

/// True for an address literal of loopback or of a private network: what listens there is meant
/// for a local network.
[[nodiscard]] bool is_local_address(const std::string& address);

}  // namespace cairn::app
