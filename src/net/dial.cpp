#include "src/net/dial.hpp"

#include "cairn/net/shell.hpp"

#include <asio/connect.hpp>
#include <asio/ip/address.hpp>
#include <asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace cairn::net {

namespace {

using asio::ip::tcp;

/// Kept alive by its own handlers.
class Attempt : public std::enable_shared_from_this<Attempt> {
  public:
    Attempt(asio::io_context& context, std::uint16_t port, Dialled done)
        : port_{port}, socket_{context}, deadline_{context}, done_{std::move(done)} {}

    void start(NameService& names, const std::string& host) {
        deadline_.expires_after(dial_time_max);
        deadline_.async_wait([self = shared_from_this()](const std::error_code& error) {
            if (!error)
                self->finish(false);
        });
        std::error_code not_literal;
        asio::ip::make_address(host, not_literal);
        // No thread for what needs no resolving.
        if (!not_literal)
            return connect({host});
        names.resolve(host, [self = shared_from_this()](const std::vector<std::string>& hosts) {
            self->connect(hosts);
        });
    }

  private:
    void connect(const std::vector<std::string>& hosts) {
        if (!done_)
            return;
        std::vector<tcp::endpoint> places;
        for (const auto& host : hosts) {
            std::error_code error;
            const auto address = asio::ip::make_address(host, error);
            if (!error)
                places.emplace_back(address, port_);
        }
        asio::async_connect(
            socket_,
            places,
            [self = shared_from_this()](const std::error_code& error, const tcp::endpoint&) {
                self->finish(!error);
            }
        );
    }

    /// The first end counts.
    void finish(bool is_connected) {
        const auto done = std::exchange(done_, nullptr);
        if (!done)
            return;
        deadline_.cancel();
        if (is_connected)
            return done(std::move(socket_));
        std::error_code ignored;
        socket_.close(ignored);
        done(std::nullopt);
    }

    std::uint16_t port_;
    tcp::socket socket_;
    asio::steady_timer deadline_;
    /// Empty once it was called.
    Dialled done_;
};

}  // namespace

void dial(
    asio::io_context& context, NameService& names, const node::Endpoint& endpoint, Dialled done
) {
    std::make_shared<Attempt>(context, endpoint.port, std::move(done))->start(names, endpoint.host);
}

}  // namespace cairn::net
