#include "cairn/http/gateway_server.hpp"

namespace cairn::http {

GatewayServer::GatewayServer(
    asio::io_context& context, const Gateway& gateway, std::function<void()> on_idle
)
    : gateway_{gateway},
      pool_{
          context,
          [this](node::LinkId link, std::string answer) {
              server_.on_answer(link, std::move(answer));
          }},
      server_{context, gateway.gate(), *this, {.on_idle = std::move(on_idle)}} {}

void GatewayServer::ask(node::LinkId link, Question question, bool is_loopback) {
    auto refused = is_loopback ? std::nullopt : gateway_.refuse_stranger(question);
    if (refused)
        server_.on_answer(link, std::move(*refused));
    else
        pool_.ask(link, std::move(question), is_loopback);
}

void GatewayServer::forget(node::LinkId link) {
    pool_.forget(link);
}

void GatewayServer::stop() {
    server_.stop();
    pool_.stop();
}

}  // namespace cairn::http
