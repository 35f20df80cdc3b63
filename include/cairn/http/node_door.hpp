/// HTTP as a door of a node's shell.
#pragma once

#include "cairn/http/gate.hpp"
#include "cairn/http/server.hpp"
#include "cairn/net/door.hpp"

#include <cstdint>
#include <string>

namespace cairn::http {

class HttpDoor final : public net::Door, private Backend {
  public:
    /// Both must outlive it. `process` as in `ServerOptions`.
    HttpDoor(asio::io_context& context, const Gate& gate, std::uint32_t process);

    /// As `HttpServer::listen`, before the shell runs.
    [[nodiscard]] Result<std::uint16_t, net::ListenError> listen(
        const std::string& address, std::uint16_t port
    ) {
        return server_.listen(address, port);
    }

    void start(net::TextPort& port) override { port_ = &port; }

    void on_reply(node::LinkId link, std::string text) override {
        server_.on_answer(link, std::move(text));
    }

    void on_event(const rpc::Event& event) override { server_.on_event(event); }

    void stop() override { server_.stop(); }

    [[nodiscard]] bool is_idle() const override { return server_.is_idle(); }

  private:
    void ask(node::LinkId link, Question question, bool is_loopback) override;
    void forget(node::LinkId link) override;

    /// From `start` on.
    net::TextPort* port_ = nullptr;
    HttpServer server_;
};

}  // namespace cairn::http
