/// The door for links that others open: how often one address may knock, and how many places one
/// address and one network have.
///
/// Rules (spec 04 R4.58), each with its reason:
/// 1. An address opens `links_per_second` links in a second: a handshake costs the one who is
///    called more than the caller.
/// 2. An address has `links_per_address` links, its /24 network `links_per_subnet`: who owns a
///    network must not own our places.
/// 3. In IPv6 the /64 counts as the address, because one machine has all of it, and the /48 as the
///    network: like an IPv4 /24 it is the smallest block that can be routed by itself.
/// 4. On a local network each address stands for itself, and networks are not counted: a class room
///    is one /24, and a home one /64.
/// 5. Loopback does not pass this door: all nodes of a demo share it.
///
/// What is refused at the door is not counted against the sender's next attempt.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/allowances.hpp"
#include "cairn/node/events.hpp"
#include "cairn/node/rate_limit.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::node {

/// Why a link is not let in.
enum class DoorRefusal : std::uint8_t {
    too_frequent,  ///< the address has opened one just now
    address_full,  ///< the address has all its places
    subnet_full,   ///< its network has all its places
};
[[nodiscard]] std::string_view to_string(DoorRefusal refusal);

/// Who stands behind `host`: an IPv4 address itself, the /64 of an IPv6 address; on a local network
/// always the address.
[[nodiscard]] std::string source_of(std::string_view host, bool local_network);
/// The /24 of an IPv4 address, the /48 of an IPv6 address; of anything else itself.
[[nodiscard]] std::string subnet_of(std::string_view host);

class InboundDoor {
  public:
    InboundDoor(const Allowances& allowances, bool local_network);

    /// Whether a link from `host` may enter now; counts the attempt when it may. Call `on_entered`
    /// once it has a place.
    [[nodiscard]] std::optional<DoorRefusal> knock(const std::string& host, Instant now);
    void on_entered(LinkId link, const std::string& host);
    /// Does nothing for links that did not come through the door.
    void on_gone(LinkId link);

    /// Links that have entered.
    [[nodiscard]] std::size_t size() const { return entered_.size(); }

  private:
    struct Origin {
        std::string source;
        /// Empty on a local network.
        std::string subnet;
    };

    [[nodiscard]] Origin origin_of(const std::string& host) const;

    Allowances allowances_;
    bool local_network_;
    RateLimit rate_;
    std::map<LinkId, Origin> entered_;
    std::map<std::string, std::size_t> of_source_;
    std::map<std::string, std::size_t> of_subnet_;
};

}  // namespace cairn::node
