#include "src/app/commands.hpp"

#include "src/app/node_command.hpp"

namespace cairn::app {

std::vector<Command> all_commands() {
    return {
        make_node_command(),
    };
}

}  // namespace cairn::app
