#include "cairn/net/shell.hpp"

#include "src/net/parts.hpp"

#include "cairn/base/assert.hpp"

#include <asio/error.hpp>
#include <asio/ip/address.hpp>

#include <system_error>
#include <utility>

namespace cairn::net {

using asio::ip::tcp;

ListenError listen_error(const std::error_code& error) {
    if (error == asio::error::address_in_use)
        return ListenError::port_in_use;
    if (error == std::errc::permission_denied)
        return ListenError::permission_denied;
    if (error == std::errc::address_not_available)
        return ListenError::bad_address;
    return ListenError::system;
}

std::string_view to_string(ListenError error) {
    switch (error) {
        case ListenError::bad_address:
            return "bad_address";
        case ListenError::port_in_use:
            return "port_in_use";
        case ListenError::permission_denied:
            return "permission_denied";
        case ListenError::system:
            return "system";
    }
    return "unknown";
}

Shell::Shell() : parts_{std::make_unique<Parts>()} {}

Shell::~Shell() = default;

Result<std::uint16_t, ListenError> Shell::listen(const std::string& address, std::uint16_t port) {
    CAIRN_ASSERT(!parts_->acceptor.is_open());
    std::error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    if (error)
        return tl::unexpected{ListenError::bad_address};
    const tcp::endpoint endpoint{parsed, port};
    tcp::acceptor acceptor{parts_->context};
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (error)
        return tl::unexpected{listen_error(error)};
    const auto bound = acceptor.local_endpoint(error);
    if (error)
        return tl::unexpected{ListenError::system};
    parts_->acceptor = std::move(acceptor);
    return bound.port();
}

asio::io_context& Shell::context() {
    return parts_->context;
}

RunEnd Shell::run(Driven driven, ShellHooks hooks, std::size_t workers, std::uint64_t salt) {
    Driver driver{*parts_, std::move(driven), std::move(hooks), {.workers = workers, .salt = salt}};
    return driver.run();
}

}  // namespace cairn::net
