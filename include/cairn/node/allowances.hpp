/// What a node allows others, and itself towards others. The defaults are those of `limits.hpp`;
/// private networks raise or lower them (spec 04 §11.5).
#pragma once

#include "cairn/node/limits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace cairn::node {

struct Allowances {
    /// @name Links that others open
    /// @{
    std::size_t links_inbound = links_inbound_max;
    std::size_t links_per_address = links_per_address_max;
    std::size_t links_per_subnet = links_per_subnet_max;
    /// New ones of one address in a second.
    std::uint64_t links_per_second = links_per_second_max;
    std::size_t handshakes = handshakes_max;
    /// @}

    /// @name What is sent to others
    /// @{
    /// 0: as much as the links take.
    std::uint64_t upload_bytes_per_second = upload_bytes_per_second_max;
    std::uint64_t relay_transactions_per_second = relay_transactions_per_second_max;
    std::uint64_t relay_bytes_per_second = relay_bytes_per_second_max;

    /// @}

    /// Places of inbound peers that want transactions.
    [[nodiscard]] std::size_t links_relaying() const {
        return std::max<std::size_t>(links_inbound * relaying_inbound_percent / 100, 1);
    }
};

}  // namespace cairn::node
