/// What the commands that ask a node say of wrong options.
#pragma once

#include "src/app/client_commands.hpp"

#include <cstdint>
#include <iostream>
#include <string>

namespace cairn::app {

/// Tells on stderr what is wrong with the options; the exit status for it (64).
inline int usage(const std::string& message) {
    return report({ExitCode::usage, message}, std::cerr);
}

/// Whether `seconds` may be waited; the deadline must stay within the clock's range.
inline bool is_timeout(std::uint64_t seconds) {
    return seconds >= 1 && seconds <= timeout_seconds_max;
}

/// The refusal of a `--timeout` that is none.
inline int bad_timeout() {
    return usage("--timeout takes 1 to " + std::to_string(timeout_seconds_max) + " seconds");
}

}  // namespace cairn::app
