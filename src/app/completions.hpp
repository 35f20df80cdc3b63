/// Completion scripts for shells, made from the table of commands.
#pragma once

#include "src/app/command.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::app {

enum class CompletionShell : std::uint8_t { bash, zsh, fish };
/// Nothing for another word.
[[nodiscard]] std::optional<CompletionShell> to_completion_shell(std::string_view word);

/// A script that completes `cairn` in `shell`: names of commands, their options, values that are
/// one of a few words, and files for everything else.
[[nodiscard]] std::string completion_script(
    CompletionShell shell, const std::vector<Command>& commands
);

}  // namespace cairn::app
