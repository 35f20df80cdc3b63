/// `cairn gateway`: one HTTP door for all nodes of a machine.
#pragma once

#include "src/app/command.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::app {

/// The ports that `entries` write, each `5001` or `5001-5016`, in their order and each once.
/// Throws `UsageError` (`usage`) for anything else, and for more than `http::gateway_nodes_max`.
[[nodiscard]] std::vector<std::uint16_t> read_ports(const std::vector<std::string>& entries);

[[nodiscard]] Command make_gateway_command();

}  // namespace cairn::app
