/// Addresses that come from outside the network: of a tracker, of the name service.
#pragma once

#include "cairn/node/events.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::node {

/// What the book calls a configured tracker or seed as a source of addresses.
/// @{
[[nodiscard]] std::string tracker_source(const Endpoint& tracker);
[[nodiscard]] std::string seed_source(const Endpoint& seed);
/// @}
/// True for both of them: no one of them may fill the links of a node.
[[nodiscard]] bool is_list_source(std::string_view source);

struct AddressList {
    std::string source;
    std::vector<Endpoint> addresses;
};

}  // namespace cairn::node
