/// HTTP on an io_context: RESTinio's sockets and parser around a `Gate`.
///
/// Rules:
/// 1. Everything happens on the thread that runs the context.
/// 2. A request that RESTinio refuses by itself (malformed, too large, too slow) is still told why
///    before its connection is closed.
/// 3. A listener to events that does not read them is not sent more until it has: it costs
///    `events_write_bytes_max` and no more.
/// 4. Requests take turns, a question at a time, and leave the thread to others in between. While
///    it has something more urgent to do, they wait longer.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/http/exchange.hpp"
#include "cairn/http/gate.hpp"
#include "cairn/http/limits.hpp"
#include "cairn/net/shell.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cairn::http {

/// Who answers questions.
class Backend {
  public:
    virtual ~Backend() = default;

    /// Its answer comes through `HttpServer::on_answer`, perhaps before this returns.
    virtual void ask(node::LinkId link, Question question, bool is_loopback) = 0;
    /// No more answers for `link`.
    virtual void forget(node::LinkId link) = 0;
};

struct ServerOptions {
    std::size_t connections = connections_max;
    std::size_t event_streams = event_streams_max;
    Duration transfer_time = transfer_time_max;
    Duration answer_time = answer_time_max;
    Duration alive_interval = events_alive_interval;
    /// Drawn at random by each process: tells its events from those of another.
    std::uint32_t process = 0;
    /// Whether the thread has something more urgent to do; then HTTP takes `busy_share_percent` of
    /// its time at most. Nothing: never.
    std::function<bool()> gives_way = {};
    /// Called when the last reply has left after `stop`.
    std::function<void()> on_idle;
};

class HttpServer {
  public:
    /// All references must outlive it; `context` must not run any more when it is destroyed.
    HttpServer(
        asio::io_context& context, const Gate& gate, Backend& backend, ServerOptions options = {}
    );
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Listens on `address`, an IP literal; 0 takes a free port. Returns the port. Call it once.
    /// Errors: each `net::ListenError`.
    [[nodiscard]] Result<std::uint16_t, net::ListenError> listen(
        const std::string& address, std::uint16_t port
    );

    /// The answer to the last question of `link`.
    void on_answer(node::LinkId link, std::string answer);
    void on_event(const rpc::Event& event);
    /// Closes the port, ends the streams; what comes on open connections is answered 503.
    void stop();
    /// No reply is on its way.
    [[nodiscard]] bool is_idle() const;

  private:
    struct Parts;
    /// Shared with callbacks that RESTinio calls even when its connections are destroyed later.
    std::shared_ptr<Parts> parts_;
};

}  // namespace cairn::http
