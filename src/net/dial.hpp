/// One attempt to reach an endpoint: resolve, connect, within `dial_time_max`.
#pragma once

#include "src/net/name_service.hpp"

#include "cairn/node/events.hpp"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <functional>
#include <optional>

namespace cairn::net {

/// Gets the connected socket, or nothing.
using Dialled = std::function<void(std::optional<asio::ip::tcp::socket>)>;

/// Starts the attempt; `done` is called once, later, by `context`'s thread, which is that of
/// `names`.
void dial(
    asio::io_context& context, NameService& names, const node::Endpoint& endpoint, Dialled done
);

}  // namespace cairn::net
