#include "cairn/http/node_door.hpp"

namespace cairn::http {

HttpDoor::HttpDoor(asio::io_context& context, const Gate& gate, std::uint32_t process)
    : server_{
          context,
          gate,
          *this,
          {.process = process,
           .gives_way = [this] { return port_ != nullptr && port_->is_busy(); },
           .on_idle =
               [this] {
                   if (port_ != nullptr)
                       port_->on_idle();
               }}} {}

void HttpDoor::ask(node::LinkId link, Question question, bool is_loopback) {
    port_->ask(link, std::move(question.text), is_loopback);
}

void HttpDoor::forget(node::LinkId link) {
    port_->forget(link);
}

}  // namespace cairn::http
