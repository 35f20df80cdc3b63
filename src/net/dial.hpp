/// One attempt to reach an endpoint: resolve, connect, within `dial_time_max`; or to resolve alone.
#pragma once

#include "cairn/node/events.hpp"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::net {

/// Gets the connected socket, or nothing.
using Dialled = std::function<void(std::optional<asio::ip::tcp::socket>)>;

/// Starts the attempt; `done` is called once, later, by `context`'s thread.
void dial(asio::io_context& context, const node::Endpoint& endpoint, Dialled done);

/// Gets address literals; none when the name is not known.
using Resolved = std::function<void(std::vector<std::string>)>;

/// Asks for the addresses of a name; `done` is called once, later, by `context`'s thread.
void resolve(asio::io_context& context, const node::Endpoint& name, Resolved done);

}  // namespace cairn::net
