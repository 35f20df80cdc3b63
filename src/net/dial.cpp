#include "src/net/dial.hpp"

#include "cairn/net/shell.hpp"

#include <asio/connect.hpp>
#include <asio/ip/address.hpp>
#include <asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace cairn::net {

namespace {

using asio::ip::tcp;

/// Kept alive by its own handlers.
class Attempt : public std::enable_shared_from_this<Attempt> {
  public:
    Attempt(asio::io_context& context, Dialled done)
        : resolver_{context}, socket_{context}, deadline_{context}, done_{std::move(done)} {}

    void start(const node::Endpoint& endpoint) {
        deadline_.expires_after(dial_time_max);
        deadline_.async_wait([self = shared_from_this()](const std::error_code& error) {
            if (error)
                return;
            self->resolver_.cancel();
            std::error_code ignored;
            self->socket_.close(ignored);
            self->is_late_ = true;
        });
        std::error_code not_literal;
        const auto address = asio::ip::make_address(endpoint.host, not_literal);
        if (!not_literal) {
            // No resolver thread for what needs no resolving.
            connect(tcp::resolver::results_type::create(
                tcp::endpoint{address, endpoint.port}, endpoint.host, std::to_string(endpoint.port)
            ));
            return;
        }
        resolver_.async_resolve(
            endpoint.host,
            std::to_string(endpoint.port),
            tcp::resolver::numeric_service,
            [self = shared_from_this(
             )](const std::error_code& error, const tcp::resolver::results_type& results) {
                if (error || self->is_late_)
                    self->finish(false);
                else
                    self->connect(results);
            }
        );
    }

  private:
    void connect(const tcp::resolver::results_type& results) {
        asio::async_connect(
            socket_,
            results,
            [self = shared_from_this()](const std::error_code& error, const tcp::endpoint&) {
                self->finish(!error && !self->is_late_);
            }
        );
    }

    void finish(bool is_connected) {
        deadline_.cancel();
        if (is_connected)
            done_(std::move(socket_));
        else
            done_(std::nullopt);
    }

    tcp::resolver resolver_;
    tcp::socket socket_;
    asio::steady_timer deadline_;
    Dialled done_;
    bool is_late_ = false;
};

}  // namespace

void resolve(asio::io_context& context, const node::Endpoint& name, Resolved done) {
    const auto resolver = std::make_shared<tcp::resolver>(context);
    resolver->async_resolve(
        name.host,
        std::to_string(name.port),
        tcp::resolver::numeric_service,
        [resolver, done = std::move(done)](
            const std::error_code& error, const tcp::resolver::results_type& results
        ) {
            std::vector<std::string> hosts;
            for (const auto& entry : results) {
                if (!error)
                    hosts.push_back(entry.endpoint().address().to_string());
            }
            done(std::move(hosts));
        }
    );
}

void dial(asio::io_context& context, const node::Endpoint& endpoint, Dialled done) {
    std::make_shared<Attempt>(context, std::move(done))->start(endpoint);
}

}  // namespace cairn::net
