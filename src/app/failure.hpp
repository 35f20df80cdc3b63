/// What a command says when it did not do what it was asked.
#pragma once

#include "src/app/exit.hpp"

#include "cairn/base/result.hpp"

#include <string>
#include <utility>

namespace cairn::app {

[[nodiscard]] constexpr int status_of(ExitCode code) {
    return static_cast<int>(code);
}

/// Why a command ended without success.
struct Failure {
    ExitCode code = ExitCode::failure;
    /// What is wrong and what to do about it; lines after the first are details. ASCII, whatever
    /// its cause said.
    std::string message;
    /// The rule by which a node refused, or the code of its error; empty where none did.
    std::string refusal{};

    friend bool operator==(const Failure&, const Failure&) = default;
};

[[nodiscard]] inline tl::unexpected<Failure> failed(ExitCode code, std::string message) {
    return tl::unexpected{Failure{code, std::move(message)}};
}

}  // namespace cairn::app
