#include "src/app/commands.hpp"

#include "src/app/client_options.hpp"
#include "src/app/documentation_commands.hpp"
#include "src/app/gateway_command.hpp"
#include "src/app/index_options.hpp"
#include "src/app/node_command.hpp"
#include "src/app/question_commands.hpp"
#include "src/app/tracker_command.hpp"

#include <iterator>

namespace cairn::app {

std::vector<Command> all_commands() {
    std::vector<Command> commands{
        make_node_command(), make_tracker_command(), make_gateway_command()};
    auto clients = make_client_commands();
    std::move(clients.begin(), clients.end(), std::back_inserter(commands));
    auto questions = make_question_commands();
    std::move(questions.begin(), questions.end(), std::back_inserter(commands));
    auto indexes = make_index_commands();
    std::move(indexes.begin(), indexes.end(), std::back_inserter(commands));
    auto documentation = make_documentation_commands();
    std::move(documentation.begin(), documentation.end(), std::back_inserter(commands));
    return commands;
}

}  // namespace cairn::app
