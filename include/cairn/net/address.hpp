/// Addresses as the system gives them.
#pragma once

#include <asio/ip/address.hpp>

namespace cairn::net {

/// `address`, or the IPv4 address that it is when it came mapped into IPv6 (RFC 4291 §2.5.5.2): a
/// socket that listens to both gives it so, and only the other form is known as loopback.
[[nodiscard]] inline asio::ip::address unmapped(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

}  // namespace cairn::net
