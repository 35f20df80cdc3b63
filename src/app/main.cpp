/// The program `cairn`.
#include "src/app/cli.hpp"
#include "src/app/commands.hpp"
#include "src/app/exit.hpp"

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    using cairn::app::ExitCode;
    // A reader that has gone shows as an error of the write.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        const std::vector<std::string> arguments{argv + 1, argv + argc};
        return cairn::app::run_command_line(cairn::app::all_commands(), arguments);
    } catch (const cairn::app::StartError& error) {
        std::cerr << "cairn: " << error.what() << '\n';
        return static_cast<int>(error.code());
    } catch (const std::exception& error) {
        std::cerr << "cairn: internal error: " << error.what() << '\n';
        return static_cast<int>(ExitCode::failure);
    }
}
