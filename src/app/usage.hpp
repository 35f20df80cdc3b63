/// What the commands that ask a node have in common: their options, and what they say of wrong
/// ones.
#pragma once

#include "src/app/client_commands.hpp"
#include "src/app/command.hpp"

#include <cstdint>
#include <iostream>
#include <string>
#include <utility>

namespace cairn::app {

/// Tells on stderr what is wrong with the options; the exit status for it (64).
inline int usage(const std::string& message) {
    return report({ExitCode::usage, message}, std::cerr);
}

/// The options that these commands share.
inline Option node_option(std::string& node) {
    return {"--node", "[HOST:]PORT", "The node to ask", &node};
}

inline Option timeout_option(std::uint64_t& seconds) {
    // The deadline must stay within the clock's range.
    return {
        "--timeout",
        "SECONDS",
        "How long to wait for an answer",
        &seconds,
        "",
        {.least = 1, .most = timeout_seconds_max}};
}

inline Option limit_option(std::string help, std::uint64_t& limit) {
    return {"--limit", "N", std::move(help), &limit, "", {.least = 1}};
}

inline Option json_option(std::string names, bool& json) {
    return {std::move(names), "", "One line of JSON for scripts", &json};
}

}  // namespace cairn::app
