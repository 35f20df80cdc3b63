/// Where nodes can be reached, and what a node keeps of that between runs.
#pragma once

#include "cairn/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::node {

/// Where a node can be reached: an IP literal or a host name from configuration, and a port.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;

    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// `host:port`, with brackets around an IPv6 literal.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);
/// The endpoint that `text` writes: `host:port`, `[v6]:port`; nothing when malformed.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text);

/// An address as it is kept between runs.
struct SavedAddress {
    Endpoint endpoint;
    /// The group of who told it first.
    std::string source;
    /// When it was last told of, and when a link to it last worked; 0: never.
    UnixMillis told;
    UnixMillis worked;
    std::uint32_t failures = 0;
    bool is_tried = false;

    friend bool operator==(const SavedAddress&, const SavedAddress&) = default;
};

/// What a node wants to find again at its next start.
struct SavedPeers {
    /// Of the hashes; 0: draw one.
    std::uint64_t key = 0;
    std::vector<SavedAddress> addresses;
    /// The peers that relay blocks alone: dialled first.
    std::vector<Endpoint> anchors;

    friend bool operator==(const SavedPeers&, const SavedPeers&) = default;
};

}  // namespace cairn::node
