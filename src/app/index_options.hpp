/// The subcommands that read a node's indexes, and receipts.
#pragma once

#include "src/app/command.hpp"

#include <vector>

namespace cairn::app {

/// `history` and `receipt`.
[[nodiscard]] std::vector<Command> make_index_commands();

}  // namespace cairn::app
