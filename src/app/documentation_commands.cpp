#include "src/app/documentation_commands.hpp"

#include "src/app/commands.hpp"
#include "src/app/completions.hpp"
#include "src/app/exit.hpp"
#include "src/app/failure.hpp"
#include "src/app/manual.hpp"
#include "src/app/option_values.hpp"
#include "src/app/version.hpp"

#include <iostream>
#include <memory>

namespace cairn::app {

namespace {

Command make_completions_command() {
    const auto shell = std::make_shared<std::string>();
    return {
        .name = "completions",
        .help = "Print a completion script for a shell",
        .options = {{"shell", "bash|zsh|fish", "The shell", shell.get()}},
        .run =
            [shell] {
                const auto chosen = to_completion_shell(*shell);
                if (!chosen)
                    refuse_value("SHELL", "bash, zsh or fish", *shell);
                std::cout << completion_script(*chosen, all_commands());
                return status_of(ExitCode::ok);
            },
    };
}

Command make_manual_command() {
    return {
        .name = "manual",
        .help = "Print the manual page; read it with: cairn manual | man -l -",
        .options = {},
        .run =
            [] {
                std::cout << manual_page(all_commands(), version_number());
                return status_of(ExitCode::ok);
            },
    };
}

}  // namespace

std::vector<Command> make_documentation_commands() {
    return {make_completions_command(), make_manual_command()};
}

}  // namespace cairn::app
