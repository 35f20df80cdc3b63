#include "src/node/address_text.hpp"

#include "cairn/node/addresses.hpp"

#include <algorithm>
#include <array>

namespace cairn::node {
namespace {

/// Loose: enough to keep names and garbage out; the resolver of the driver decides in the end.
bool is_v6(std::string_view host) {
    const auto colons = std::count(host.begin(), host.end(), ':');
    return colons >= 2 && host.size() <= 45 &&
           std::all_of(host.begin(), host.end(), [](char character) {
               return (character >= '0' && character <= '9') ||
                      (character >= 'a' && character <= 'f') ||
                      (character >= 'A' && character <= 'F') || character == ':' ||
                      character == '.';
           });
}

}  // namespace

bool is_address_literal(std::string_view host) {
    return parse_v4(host) || is_v6(host);
}

bool is_public_address(std::string_view host) {
    if (const auto v4 = parse_v4(host)) {
        const auto [a, b, c, d] = *v4;
        const bool is_private = a == 10 || (a == 172 && b >= 16 && b < 32) ||
                                (a == 192 && b == 168) || (a == 169 && b == 254) ||
                                (a == 100 && b >= 64 && b < 128);
        return !is_private && a != 0 && a != 127 && a < 224;
    }
    // 2000::/3 is all that is assigned to the public today (RFC 4291 §2.4, IANA registry).
    return is_v6(host) && (host.front() == '2' || host.front() == '3') && host.find(':') == 4;
}

bool is_dialable_port(std::uint16_t port) {
    // Ports of other services from 1024 that browsers refuse too (WHATWG Fetch, "bad port").
    constexpr std::array<std::uint16_t, 17> taken{
        1719,
        1720,
        1723,
        2049,
        3659,
        4045,
        5060,
        5061,
        6000,
        6566,
        6665,
        6666,
        6667,
        6668,
        6669,
        6697,
        10080};
    constexpr std::uint16_t port_min = 1024;
    return port >= port_min && std::find(taken.begin(), taken.end(), port) == taken.end();
}

namespace {

// No group of addresses begins so.
constexpr std::string_view tracker_prefix = "tracker ";
constexpr std::string_view seed_prefix = "seed ";

}  // namespace

std::string tracker_source(const Endpoint& tracker) {
    return std::string{tracker_prefix} + to_string(tracker);
}

std::string seed_source(const Endpoint& seed) {
    return std::string{seed_prefix} + to_string(seed);
}

bool is_list_source(std::string_view source) {
    return source.starts_with(tracker_prefix) || source.starts_with(seed_prefix);
}

}  // namespace cairn::node
