/// The client commands as the command line knows them.
#pragma once

#include "src/app/command.hpp"

#include <vector>

namespace cairn::app {

/// `probe`, `wallet`, `send`, `record` and `version`, writing to the process's standard streams.
[[nodiscard]] std::vector<Command> make_client_commands();

}  // namespace cairn::app
