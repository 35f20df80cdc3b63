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

/// Tells that what stands behind the command is not all that it needs, `needed`, or with an
/// `action` that it is none of those; the exit status for it (64).
inline int usage(std::string message, std::string needed, bool json, std::string_view action = {}) {
    auto failure = missing_value(std::move(message), std::move(needed));
    if (!action.empty())
        failure = bad_value(std::move(failure.message), std::move(failure.expected), action);
    return report(failure, json, std::cout, std::cerr);
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
