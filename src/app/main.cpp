/// The program `cairn`.
#include "src/app/cli.hpp"
#include "src/app/commands.hpp"
#include "src/app/exit.hpp"
#include "src/app/failure.hpp"

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

int run(const std::vector<std::string>& arguments) {
    const auto commands = cairn::app::all_commands();
    try {
        return cairn::app::run_command_line(commands, arguments);
    } catch (const cairn::app::UsageError& error) {
        const bool is_json = cairn::app::asks_for_json(commands, arguments);
        return cairn::app::report(error.failure(), is_json, std::cout, std::cerr);
    }
}

}  // namespace

int main(int argc, char** argv) {
    using cairn::app::ExitCode;
    // A reader that has gone shows as an error of the write.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run({argv + 1, argv + argc});
    } catch (const cairn::app::StartError& error) {
        std::cerr << "cairn: " << error.what() << '\n';
        return static_cast<int>(error.code());
    } catch (const std::exception& error) {
        std::cerr << "cairn: internal error: " << error.what() << '\n';
        return static_cast<int>(ExitCode::failure);
    }
}
