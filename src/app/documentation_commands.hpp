/// Commands that tell of the program itself: `completions` and `manual`.
#pragma once

#include "src/app/command.hpp"

#include <vector>

namespace cairn::app {

/// They tell of all commands, themselves included.
[[nodiscard]] std::vector<Command> make_documentation_commands();

}  // namespace cairn::app
