#include "src/http/polite_socket.hpp"

#include "src/http/refusals.hpp"

#include "cairn/http/limits.hpp"

#include <asio/buffer.hpp>

#include <algorithm>
#include <string>

namespace cairn::http {

namespace {

/// Reads what still comes and forgets it: closing a socket with unread input would destroy the
/// reply on its way.
class LastWords : public std::enable_shared_from_this<LastWords> {
  public:
    LastWords(asio::ip::tcp::socket socket, Refusal& refusal)
        : socket_{std::move(socket)}, deadline_{socket_.get_executor()}, refusal_{refusal} {
        ++refusal_.lingering;
    }

    ~LastWords() { --refusal_.lingering; }

    LastWords(const LastWords&) = delete;
    LastWords& operator=(const LastWords&) = delete;

    void start() {
        deadline_.expires_after(net::close_time_max);
        deadline_.async_wait([self = shared_from_this()](const std::error_code& cancelled) {
            std::error_code ignored;
            if (!cancelled)
                self->socket_.close(ignored);
        });
        read();
    }

  private:
    void read() {
        socket_.async_read_some(
            asio::buffer(refusal_.discarded),
            [self = shared_from_this()](const std::error_code& error, std::size_t) {
                if (error)
                    self->deadline_.cancel();
                else
                    self->read();
            }
        );
    }

    asio::ip::tcp::socket socket_;
    asio::steady_timer deadline_;
    Refusal& refusal_;
};

HttpReply refusal_reply(unsigned status) {
    // How much more came is not known: it is not read.
    if (status == 431)
        return headers_too_large("more");
    if (status == 413)
        return body_too_large("more");
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    if (status == 504)
        return error_reply(
            {.rule = rpc::DoorRule::slow_answer,
             .message = "The answer did not come in time.",
             .expected = "an answer within " +
                         std::to_string(duration_cast<seconds>(answer_time_max).count()) + " s",
             .actual = "none yet",
             .hint = "What was begun goes on. Ask for less at a time, or later what came of it."}
        );
    if (status != 408)
        return error_reply(
            {.rule = rpc::DoorRule::bad_request,
             .message = "This is no well-formed request of HTTP/1.1.",
             .expected = "a request line, headers and a body as RFC 9112 writes them",
             .actual = "something else",
             .hint = "Ask with a client for HTTP, such as curl."}
        );
    return error_reply(
        {.rule = rpc::DoorRule::too_slow,
         .message = "The request did not come in time.",
         .expected = "a whole request within " +
                     std::to_string(duration_cast<seconds>(transfer_time_max).count()) + " s",
         .actual = "a part of one",
         .hint = "Send it again at once, on a new connection."}
    );
}

std::string refusal_text(unsigned status) {
    const auto reply = refusal_reply(status);
    return "HTTP/1.1 " + std::to_string(status) + ' ' + std::string{reason_phrase(status)} +
           "\r\nConnection: close\r\nContent-Type: application/json\r\n"
           "X-Content-Type-Options: nosniff\r\nContent-Length: " +
           std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
}

}  // namespace

asio::execution_context::id Refusal::id;

void Refusal::on_whole_request() {
    if (reading != nullptr)
        reading->set_asked();
}

unsigned Refusal::take(unsigned fallback) {
    const auto status = is_set_ ? status_ : fallback;
    is_set_ = false;
    status_ = 0;
    return status;
}

unsigned refusal_status(std::string_view message) {
    const auto says = [message](std::string_view word) {
        return message.find(word) != std::string_view::npos;
    };
    // `PoliteSocket` has received more than a request may have.
    if (says(std::error_code{asio::error::message_size}.message()))
        return 413;
    if (!says("parser error"))
        return 0;
    // RESTinio's own limits show as a callback that failed.
    if (says("HPE_CB_url") || says("HPE_CB_header") || says("HPE_HEADER_OVERFLOW"))
        return says("HPE_CB_headers_complete") ? 413 : 431;
    if (says("HPE_CB_body") || says("HPE_CB_chunk"))
        return 413;
    return 400;
}

void PoliteSocket::shutdown(asio::ip::tcp::socket::shutdown_type what, std::error_code& error) {
    // In a request, RESTinio waits for input; behind it, for our answer.
    const auto patience = received_ > 0 ? 408U : 0U;
    const auto status = refusal_->take(is_asked_ ? 504U : patience);
    if (status == 0 || !socket_.is_open()) {
        socket_.shutdown(what, error);
        return;
    }
    has_refused_ = true;
    // One try: who does not read its replies gets none.
    socket_.non_blocking(true, error);
    socket_.send(asio::buffer(refusal_text(status)), 0, error);
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
}

void PoliteSocket::close() {
    std::error_code ignored;
    if (has_refused_ && refusal_->lingering < lingering_max) {
        socket_.cancel(ignored);
        std::make_shared<LastWords>(std::move(socket_), *refusal_)->start();
        return;
    }
    socket_.close(ignored);
}

}  // namespace cairn::http
