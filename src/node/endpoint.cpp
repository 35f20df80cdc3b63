#include "cairn/node/events.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::node {
namespace {

/// The longest name that DNS allows.
constexpr std::size_t host_bytes_max = 253;

bool is_name_character(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '.' ||
           character == '_';
}

bool is_v6_character(char character) {
    return (character >= 'a' && character <= 'f') || (character >= 'A' && character <= 'F') ||
           (character >= '0' && character <= '9') || character == ':' || character == '.';
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0)
        return std::nullopt;
    return port;
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
    const bool is_v6 = endpoint.host.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + endpoint.host + "]" : endpoint.host;
    return host + ":" + std::to_string(endpoint.port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const auto port = parse_port(text.substr(colon + 1));
    const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (is_bracketed)
        host = host.substr(1, host.size() - 2);
    const bool is_good = !host.empty() && host.size() <= host_bytes_max &&
                         (is_bracketed ? std::all_of(host.begin(), host.end(), is_v6_character) &&
                                             host.find(':') != std::string_view::npos
                                       : std::all_of(host.begin(), host.end(), is_name_character));
    if (!port || !is_good)
        return std::nullopt;
    return Endpoint{std::string{host}, *port};
}

}  // namespace cairn::node
