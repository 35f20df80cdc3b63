/// The manual page cairn(1), made from the table of commands.
#pragma once

#include "src/app/command.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::app {

/// The page in the language of man(7). `version` stands in its footer.
[[nodiscard]] std::string manual_page(
    const std::vector<Command>& commands, std::string_view version
);

}  // namespace cairn::app
