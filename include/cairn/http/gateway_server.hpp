/// A gateway on an io_context: its HTTP server, and connections to nodes.
#pragma once

#include "cairn/http/gateway.hpp"
#include "cairn/http/node_pool.hpp"
#include "cairn/http/server.hpp"

#include <functional>
#include <string>

namespace cairn::http {

class GatewayServer final : private Backend {
  public:
    /// `context` and `gateway` must outlive it. `on_idle` is called when the last reply has left
    /// after `stop`.
    GatewayServer(asio::io_context& context, const Gateway& gateway, std::function<void()> on_idle);

    /// As `HttpServer::listen`.
    [[nodiscard]] Result<std::uint16_t, net::ListenError> listen(
        const std::string& address, std::uint16_t port
    ) {
        return server_.listen(address, port);
    }

    /// Takes nothing new, and asks nodes nothing more.
    void stop();

    /// No reply is on its way.
    [[nodiscard]] bool is_idle() const { return server_.is_idle(); }

  private:
    void ask(node::LinkId link, Question question, bool is_loopback) override;
    void forget(node::LinkId link) override;

    const Gateway& gateway_;
    NodePool pool_;
    HttpServer server_;
};

}  // namespace cairn::http
