/// An option's names apart, for what is made from the table of options.
#pragma once

#include "src/app/command.hpp"

#include <string>
#include <vector>

namespace cairn::app {

/// `port,--port,-p` taken apart.
struct OptionNames {
    /// Without dashes, in their order.
    std::vector<std::string> long_names;
    std::vector<std::string> short_names;
    bool is_positional = false;
};

[[nodiscard]] OptionNames names_of(const Option& option);

/// The words that `option` can be given, where its value lists them as `text|json`; else nothing.
[[nodiscard]] std::vector<std::string> choices_of(const Option& option);

/// What follows `--` as an environment variable: `CAIRN_MIN_FREE` for `min-free`.
[[nodiscard]] std::string environment_name(const std::string& long_name);

}  // namespace cairn::app
