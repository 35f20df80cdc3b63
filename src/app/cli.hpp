/// The command line: subcommands and options out of argv, the environment and a file.
///
/// Precedence: command line, then `CAIRN_<OPTION>` in the environment, then the TOML file of
/// `--config`, then the default. A key or option that nobody knows is an error with a suggestion.
#pragma once

#include "src/app/command.hpp"

#include <string>
#include <vector>

namespace cairn::app {

/// Whether `arguments` have the flag by which their command is asked for JSON. Of arguments without
/// a known command it may be the flag of any.
[[nodiscard]] bool asks_for_json(
    const std::vector<Command>& commands, const std::vector<std::string>& arguments
);

/// Parses `arguments` (without the program's name), runs the command and returns its exit code.
/// Help and version go to stdout; what the arguments, the environment or the file have wrong is
/// thrown as `UsageError` (`usage`, `config`), a file that cannot be read as `StartError`.
[[nodiscard]] int run_command_line(
    const std::vector<Command>& commands, std::vector<std::string> arguments
);

}  // namespace cairn::app
