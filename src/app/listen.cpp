#include "src/app/listen.hpp"

#include "src/app/exit.hpp"
#include "src/app/option_values.hpp"

#include "cairn/net/address.hpp"
#include "cairn/node/addresses.hpp"

#include <asio/error_code.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <random>

namespace cairn::app {

namespace {

[[noreturn]] void fail_to_listen(
    std::string_view option, const std::string& bind, std::uint16_t port, net::ListenError error
) {
    const std::string place = to_string(node::Endpoint{.host = bind, .port = port});
    switch (error) {
        case net::ListenError::bad_address:
            throw StartError{
                ExitCode::config,
                std::string{option} + ' ' + bind + " is no address of this machine"};
        case net::ListenError::port_in_use:
            throw StartError{
                ExitCode::config,
                "another program listens on " + place + "; give another PORT, or 0 for a free one"};
        case net::ListenError::permission_denied:
            throw StartError{ExitCode::config, "no permission to listen on " + place};
        case net::ListenError::system:
            throw StartError{ExitCode::io, "the system refuses to listen on " + place};
    }
    throw StartError{ExitCode::io, "cannot listen on " + place};
}

bool is_origin(std::string_view text) {
    constexpr std::string_view separator = "://";
    const auto end = text.find(separator);
    if (end == std::string_view::npos || end == 0)
        return false;
    const auto scheme = text.substr(0, end);
    const auto place = text.substr(end + separator.size());
    const auto is_word = [](std::string_view word, std::string_view more) {
        return !word.empty() && std::all_of(word.begin(), word.end(), [more](char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                   (letter >= '0' && letter <= '9') || more.find(letter) != more.npos;
        });
    };
    if (!is_word(scheme, "+-.") || !is_word(place, "-._~:[]"))
        return false;
    // Without a port, an origin of a scheme with a usual one is its host alone.
    const auto colon = place.rfind(':');
    const bool has_port = colon != std::string_view::npos && place.back() != ']';
    const auto port = has_port ? place.substr(colon + 1) : std::string_view{"1"};
    return colon != 0 && !port.empty() && std::all_of(port.begin(), port.end(), [](char letter) {
               return letter >= '0' && letter <= '9';
           });
}

}  // namespace

void append_http_options(
    std::vector<Option>& options,
    std::string& bind,
    std::vector<std::string>& hosts,
    std::vector<std::string>& origins
) {
    options.push_back(
        {"--http-bind",
         "ADDRESS",
         "The address for HTTP; one beyond loopback needs --open-probe",
         &bind}
    );
    options.push_back(
        {"--http-host",
         "NAME",
         "Names by which HTTP may call this machine besides localhost",
         &hosts}
    );
    options.push_back({"--cors", "ORIGIN", "Origins whose pages may use HTTP here", &origins});
}

void check_origins(const std::vector<std::string>& origins) {
    for (const auto& origin : origins)
        if (origin != "*" && !is_origin(origin))
            refuse_value(
                "--cors",
                "* or an origin such as https://example.org, without a path or a slash at its end",
                origin
            );
}

void check_http_bind(const std::string& bind, bool open_probe) {
    asio::error_code error;
    const auto address = asio::ip::make_address(bind, error);
    // What is no address at all is told by the attempt to listen there.
    if (open_probe || error || net::unmapped(address).is_loopback())
        return;
    refuse_value(
        "--http-bind",
        "an address of loopback, such as 127.0.0.1",
        bind,
        "Others could ask nothing there: give --open-probe as well to let them read. Nobody "
        "controls a node from another machine."
    );
}

std::uint16_t listen_or_throw(net::Shell& shell, const std::string& bind, std::uint16_t port) {
    const auto bound = shell.listen(bind, port);
    if (!bound)
        fail_to_listen("--bind", bind, port, bound.error());
    return *bound;
}

std::uint16_t listen_or_throw(http::HttpDoor& door, const std::string& bind, std::uint16_t port) {
    const auto bound = door.listen(bind, port);
    if (!bound)
        fail_to_listen("--http-bind", bind, port, bound.error());
    return *bound;
}

std::uint16_t listen_or_throw(
    http::GatewayServer& server, const std::string& bind, std::uint16_t port
) {
    const auto bound = server.listen(bind, port);
    if (!bound)
        fail_to_listen("--http-bind", bind, port, bound.error());
    return *bound;
}

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

void require_descriptors(std::size_t links) {
    rlimit limit{};
    const std::size_t needed = links + other_files_max;
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return;
    throw StartError{
        ExitCode::config,
        "HTTP may need " + std::to_string(needed) + " open files, and the system allows " +
            std::to_string(limit.rlim_cur) + "; raise that (ulimit -n), or lower --inbound"};
}

bool is_local_address(const std::string& address) {
    // Unspecified addresses listen on every network, the public one included.
    return node::is_address_literal(address) && !node::is_public_address(address) &&
           address != "0.0.0.0" && address != "::";
}

}  // namespace cairn::app
