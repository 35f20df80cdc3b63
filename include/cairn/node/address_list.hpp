/// Addresses that come from outside the network: of a tracker, of the name service.
#pragma once

#include "cairn/node/events.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::node {

/// What the book calls the configured tracker or seed number `number` as a source of addresses.
/// @{
[[nodiscard]] std::string tracker_source(std::size_t number);
[[nodiscard]] std::string seed_source(std::size_t number);
/// @}
/// True for both of them: no one of them may fill the links of a node.
[[nodiscard]] bool is_list_source(std::string_view source);

struct AddressList {
    std::string source;
    std::vector<Endpoint> addresses;
};

}  // namespace cairn::node
