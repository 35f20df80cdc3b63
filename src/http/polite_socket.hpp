/// The socket type that RESTinio gets: RESTinio closes a connection without a word when it does not
/// understand a request, or it is too large or too slow. This one says why first.
#pragma once

#include "cairn/http/limits.hpp"
#include "cairn/net/shell.hpp"

#include <asio/error.hpp>
#include <asio/execution_context.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace cairn::http {

class PoliteSocket;

/// Why the connection that RESTinio closes next is closed. One for a context, which runs one
/// thread.
class Refusal final : public asio::execution_context::service {
  public:
    static asio::execution_context::id id;

    explicit Refusal(asio::execution_context& context) : service{context} {}

    /// A status for the client, or 0 when there is nobody to tell.
    void set(unsigned status) {
        status_ = status;
        is_set_ = true;
    }

    /// The status set since the last call, or `fallback`.
    [[nodiscard]] unsigned take(unsigned fallback);

    /// The socket whose input RESTinio is looking at; null between two inputs.
    PoliteSocket* reading = nullptr;
    /// That input held the end of a request, which waits for its answer now.
    void on_whole_request();

    /// Sockets whose last words are on their way.
    std::size_t lingering = 0;
    /// Where what they still receive goes: all of them share it, as nobody looks at it. As large
    /// as what clients have on its way, or those that are refused one after the other would pile
    /// up.
    std::vector<char> discarded = std::vector<char>(net::read_bytes_max);

  private:
    void shutdown() noexcept override {}

    unsigned status_ = 0;
    bool is_set_ = false;
};

/// What RESTinio logs before it closes a connection, as a status.
[[nodiscard]] unsigned refusal_status(std::string_view message);

/// A TCP socket that knows what it has received since it last sent something.
class PoliteSocket {
  public:
    using executor_type = asio::ip::tcp::socket::executor_type;

    explicit PoliteSocket(asio::io_context& context)
        : socket_{context}, refusal_{&asio::use_service<Refusal>(context)} {}

    [[nodiscard]] auto& lowest_layer() { return socket_.lowest_layer(); }

    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }

    [[nodiscard]] auto remote_endpoint() const { return socket_.remote_endpoint(); }

    [[nodiscard]] bool is_open() const { return socket_.is_open(); }

    void cancel(std::error_code& error) { socket_.cancel(error); }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler handler) {
        // The connection that this is a part of lives as long as its handler.
        socket_.async_read_some(
            buffers,
            [this,
             inner = std::move(handler)](const std::error_code& error, std::size_t count) mutable {
                received_ += count;
                // RESTinio reads on only when it has sent the reply to what came before.
                if (!error && received_ > request_bytes_max)
                    return inner(asio::error::message_size, 0);
                refusal_->reading = this;
                // Whatever becomes of the socket meanwhile.
                auto* const refusal = refusal_;
                inner(error, count);
                refusal->reading = nullptr;
            }
        );
    }

    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler) {
        received_ = 0;
        is_asked_ = false;
        socket_.async_write_some(buffers, std::forward<Handler>(handler));
    }

    void set_asked() { is_asked_ = true; }

    /// Sends a status to who waits for a reply, and shuts down.
    void shutdown(asio::ip::tcp::socket::shutdown_type what, std::error_code& error);
    /// Closes; after a refusal once the other side has had time to read it.
    void close();

  private:
    asio::ip::tcp::socket socket_;
    Refusal* refusal_;
    std::size_t received_ = 0;
    /// A whole request has come, and nothing of its answer has gone.
    bool is_asked_ = false;
    bool has_refused_ = false;
};

}  // namespace cairn::http
