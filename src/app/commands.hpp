/// The list of subcommands.
#pragma once

#include "src/app/command.hpp"

#include <vector>

namespace cairn::app {

/// All subcommands, in the order of the help.
[[nodiscard]] std::vector<Command> all_commands();

}  // namespace cairn::app
