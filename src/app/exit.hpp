/// How the program ends: exit codes after sysexits.h, and the exception for "cannot start".
#pragma once

#include <stdexcept>
#include <string>

namespace cairn::app {

/// Exit codes that scripts rely on.
enum class ExitCode : int {
    ok = 0,
    failure = 1,
    usage = 64,        ///< the command line is wrong
    data = 65,         ///< what was given to check or read is wrong
    unavailable = 69,  ///< no node answers
    io = 74,           ///< disk or network refused
    timeout = 75,      ///< what was waited for has not come
    config = 78,       ///< an option's value, a file or the environment is wrong
};

/// Thrown where the program cannot start; `main` prints the sentence and exits with the code. The
/// sentence names the cause and what to do, without a full stop at its end.
class StartError : public std::runtime_error {
  public:
    StartError(ExitCode code, const std::string& sentence)
        : std::runtime_error{sentence}, code_{code} {}

    [[nodiscard]] ExitCode code() const { return code_; }

  private:
    ExitCode code_;
};

}  // namespace cairn::app
