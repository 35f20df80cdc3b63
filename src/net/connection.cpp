#include "src/net/connection.hpp"

#include "cairn/net/shell.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>

#include <utility>
#include <vector>

namespace cairn::net {

Connection::Connection(asio::ip::tcp::socket socket, node::LinkId link, ConnectionOwner& owner)
    : socket_{std::move(socket)}, deadline_{socket_.get_executor()}, link_{link}, owner_{owner} {
    std::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    socket_.non_blocking(true, ignored);
}

void Connection::start() {
    wait_for_input();
}

void Connection::send(std::shared_ptr<const Bytes> message) {
    if (is_closed_ || is_finishing_)
        return;
    told_ += message->size();
    queue_.push(std::move(message));
}

void Connection::flush() {
    if (is_writing_ || is_closed_ || queue_.empty())
        return;
    is_writing_ = true;
    std::vector<asio::const_buffer> buffers;
    for (const ByteView part : queue_.gather())
        buffers.emplace_back(part.data(), part.size());
    // async_write would cut this into pieces of 64 KiB.
    socket_.async_write_some(
        buffers,
        [self = shared_from_this()](const std::error_code& error, std::size_t count) {
            self->on_written(error, count);
        }
    );
}

void Connection::on_written(const std::error_code& error, std::size_t count) {
    is_writing_ = false;
    if (is_closed_)
        return;
    if (error) {
        close();
        return;
    }
    queue_.consume(count);
    flush();
    end_output_when_sent();
    if (!is_finishing_ && queue_.queued_bytes() * 2 <= told_) {
        told_ = queue_.queued_bytes();
        owner_.on_drained(link_, told_);
    }
}

bool Connection::has_unread() const {
    std::error_code closed;
    return socket_.available(closed) > 0;
}

void Connection::pause() {
    is_paused_ = true;
}

void Connection::resume() {
    is_paused_ = false;
    wait_for_input();
}

void Connection::finish() {
    if (is_closed_ || is_finishing_)
        return;
    is_finishing_ = true;
    is_paused_ = false;
    deadline_.expires_after(close_time_max);
    deadline_.async_wait([self = shared_from_this()](const std::error_code& error) {
        if (!error)
            self->close();
    });
    flush();
    end_output_when_sent();
    wait_for_input();
}

void Connection::end_output_when_sent() {
    if (!is_finishing_ || is_output_ended_ || is_closed_ || !queue_.empty())
        return;
    is_output_ended_ = true;
    std::error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error || has_input_ended_)
        close();
}

void Connection::close() {
    if (is_closed_)
        return;
    is_closed_ = true;
    std::error_code ignored;
    socket_.close(ignored);
    deadline_.cancel();
    // Posted: the owner may be in the middle of performing outputs.
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->owner_.on_closed(self->link_);
    });
}

void Connection::wait_for_input() {
    if (is_waiting_ || is_paused_ || is_closed_ || has_input_ended_)
        return;
    is_waiting_ = true;
    socket_.async_wait(
        asio::ip::tcp::socket::wait_read,
        [self = shared_from_this()](const std::error_code& error) {
            self->is_waiting_ = false;
            if (!error)
                self->on_readable();
        }
    );
}

void Connection::on_readable() {
    if (is_closed_ || is_paused_)
        return;
    Bytes& buffer = owner_.read_buffer();
    std::error_code error;
    const std::size_t count = socket_.read_some(asio::buffer(buffer), error);
    if (error == asio::error::eof) {
        has_input_ended_ = true;
        if (is_finishing_ && is_output_ended_)
            close();
        else if (!is_finishing_)
            owner_.on_end_of_input(link_);
        return;
    }
    if (error && error != asio::error::would_block && error != asio::error::try_again) {
        close();
        return;
    }
    if (!error && !is_finishing_)
        owner_.on_bytes(link_, ByteView{buffer}.first(count));
    wait_for_input();
}

}  // namespace cairn::net
