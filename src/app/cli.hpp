/// The command line: subcommands and options out of argv, the environment and a file.
///
/// Precedence: command line, then `CAIRN_<OPTION>` in the environment, then the TOML file of
/// `--config`, then the default. A key or option that nobody knows is an error with a suggestion.
#pragma once

#include "src/app/command.hpp"

#include <string>
#include <vector>

namespace cairn::app {

/// Parses `arguments` (without the program's name), runs the command and returns its exit code.
/// Help and version go to stdout; errors are thrown as `StartError` (`usage`, `config`).
[[nodiscard]] int run_command_line(
    const std::vector<Command>& commands, std::vector<std::string> arguments
);

}  // namespace cairn::app
