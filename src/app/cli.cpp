#include "src/app/cli.hpp"

#include "src/app/exit.hpp"
#include "src/app/option_names.hpp"
#include "src/app/suggest.hpp"
#include "src/app/version.hpp"

#include "cairn/base/result.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

namespace cairn::app {

namespace {

/// A command as CLI11 knows it.
struct Bound {
    const Command* command = nullptr;
    CLI::App* parser = nullptr;
    std::vector<CLI::Option*> options;
    std::unique_ptr<std::string> config_file = std::make_unique<std::string>();
    CLI::Option* config = nullptr;
};

using FileSettings = std::map<std::string, std::vector<std::string>>;

/// What is wrong with `text` as a number in `range`; nothing where it is one. Leading zeros are
/// taken away. The library alone would read `-1` as 2^64-1 and `010` as eight.
std::string check_number(std::string& text, const NumberRange& range) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end || number < range.least || number > range.most)
        return "takes a whole number from " + std::to_string(range.least) + " to " +
               std::to_string(range.most) + ", not '" + text + "'";
    text = std::to_string(number);
    return {};
}

CLI::Option* bind_number(CLI::App& parser, const Option& option, std::uint64_t& target) {
    const auto check = [range = option.range](std::string& text) {
        return check_number(text, range);
    };
    return parser.add_option(option.names, target, option.help)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->capture_default_str()
        ->transform(CLI::Validator{check, ""});
}

CLI::Option* bind_option(CLI::App& parser, const Option& option) {
    CLI::Option* bound = std::visit(
        overloaded{
            [&](bool* target) { return parser.add_flag(option.names, *target, option.help); },
            [&](std::vector<std::string>* target) {
                auto* list = parser.add_option(option.names, *target, option.help);
                // A positional list is what the shell has cut already: commas belong to its words.
                return option.names.front() == '-' ? list->delimiter(',') : list;
            },
            [&](std::uint64_t* target) { return bind_number(parser, option, *target); },
            [&](std::string* target) {
                return parser.add_option(option.names, *target, option.help)
                    ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
                    ->capture_default_str();
            },
        },
        option.target
    );
    if (!option.value.empty())
        bound->type_name(option.value);
    return bound;
}

Bound bind_command(CLI::App& program, const Command& command) {
    Bound bound;
    bound.command = &command;
    bound.parser = program.add_subcommand(command.name, command.help);
    for (const Option& option : command.options)
        bound.options.push_back(bind_option(*bound.parser, option));
    if (command.is_configurable) {
        bound.config =
            bound.parser
                ->add_option("--config", *bound.config_file, "Read options from a TOML file")
                ->type_name("FILE");
    }
    return bound;
}

std::vector<std::string> long_names(const Bound& bound) {
    std::vector<std::string> names;
    for (const auto* option : bound.options)
        names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
    return names;
}

/// Finds mistyped options before CLI11 does, which would complain of their values first, and writes
/// `--mine` as `--mine=1`.
void prepare_arguments(const Bound& bound, std::vector<std::string>& arguments) {
    std::vector<std::string> known{"--help"};
    if (bound.config != nullptr)
        known.emplace_back("--config");
    for (const std::string& name : long_names(bound))
        known.push_back("--" + name);
    for (std::string& argument : arguments) {
        if (argument == "--")
            return;
        if (argument.rfind("--", 0) != 0)
            continue;
        const std::string name = argument.substr(0, argument.find('='));
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            throw StartError{
                ExitCode::usage,
                "unknown option " + name + " of cairn " + bound.command->name +
                    suggestion_text(name, known)};
        }
        for (std::size_t i = 0; i < bound.options.size(); ++i) {
            const std::string& bare = bound.command->options[i].bare_value;
            if (!bare.empty() && bound.options[i]->check_name(argument))
                argument += "=" + bare;
        }
    }
}

FileSettings read_file(const Bound& bound, const std::string& path) {
    std::ifstream stream{path};
    if (!stream)
        throw StartError{ExitCode::config, "cannot read the configuration file " + path};
    const std::vector<std::string> known = long_names(bound);
    FileSettings settings;
    std::vector<CLI::ConfigItem> items;
    try {
        items = CLI::ConfigTOML{}.from_config(stream);
    } catch (const CLI::Error& error) {
        throw StartError{ExitCode::config, path + ": " + error.what()};
    }
    for (const auto& item : items) {
        // CLI11 marks the begin and the end of a section with these names.
        if (item.name == "++" || item.name == "--")
            continue;
        const bool is_own = item.parents.empty() ||
                            (item.parents.size() == 1 && item.parents[0] == bound.command->name);
        if (!is_own || std::find(known.begin(), known.end(), item.name) == known.end()) {
            throw StartError{
                ExitCode::config,
                path + ": unknown key " + item.fullname() + suggestion_text(item.name, known)};
        }
        settings[item.name] = item.inputs;
    }
    return settings;
}

const char* from_environment(const CLI::Option& option) {
    return option.get_lnames().empty()
               ? nullptr
               : std::getenv(environment_name(option.get_lnames().front()).c_str());
}

/// Gives `option` values from outside the command line. `source` is for the error's sentence.
void set_values(
    CLI::Option& option, const std::vector<std::string>& values, const std::string& source
) {
    try {
        for (const std::string& value : values)
            option.add_result(value);
        option.run_callback();
    } catch (const CLI::Error& error) {
        throw StartError{ExitCode::config, source + ": " + error.what()};
    }
}

void apply_settings(const Bound& bound) {
    if (bound.config->count() == 0) {
        if (const char* path = std::getenv("CAIRN_CONFIG"))
            *bound.config_file = path;
    }
    FileSettings settings;
    if (!bound.config_file->empty())
        settings = read_file(bound, *bound.config_file);
    for (CLI::Option* option : bound.options) {
        if (option->count() > 0 || option->get_lnames().empty())
            continue;
        if (const char* value = from_environment(*option)) {
            const std::string name = environment_name(option->get_lnames().front());
            set_values(*option, {value}, "environment variable " + name);
            continue;
        }
        for (const std::string& name : option->get_lnames()) {
            if (const auto found = settings.find(name); found != settings.end())
                set_values(*option, found->second, *bound.config_file + ": " + name);
        }
    }
}

const Bound& find_command(const std::vector<Bound>& bounds, const std::string& name) {
    std::vector<std::string> names{"help"};
    for (const Bound& bound : bounds) {
        if (bound.command->name == name)
            return bound;
        names.push_back(bound.command->name);
    }
    throw StartError{
        ExitCode::usage,
        "unknown command " + name + suggestion_text(name, names) + "; cairn --help lists all"};
}

void parse(CLI::App& program, const std::vector<std::string>& arguments) {
    // CLI11 takes the arguments from the back.
    program.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
}

}  // namespace

int run_command_line(const std::vector<Command>& commands, std::vector<std::string> arguments) {
    CLI::App program{"Cairn: a peer-to-peer blockchain node", "cairn"};
    program.set_version_flag("--version", version_text());
    program.require_subcommand(1);
    program.footer("cairn help COMMAND tells more.");
    std::vector<Bound> bounds;
    for (const Command& command : commands)
        bounds.push_back(bind_command(program, command));

    if (arguments.empty())
        arguments = {"--help"};
    else if (arguments.front() == "help")
        arguments = arguments.size() > 1 ? std::vector<std::string>{arguments[1], "--help"}
                                         : std::vector<std::string>{"--help"};
    const Bound* chosen = nullptr;
    if (arguments.front().rfind('-', 0) != 0) {
        chosen = &find_command(bounds, arguments.front());
        prepare_arguments(*chosen, arguments);
    }
    try {
        parse(program, arguments);
    } catch (const CLI::Success& wanted) {
        return program.exit(wanted);
    } catch (const CLI::ParseError& error) {
        throw StartError{ExitCode::usage, error.what()};
    }
    if (chosen == nullptr)
        throw StartError{ExitCode::usage, "a command is missing; cairn --help lists all"};
    if (chosen->config != nullptr)
        apply_settings(*chosen);
    return chosen->command->run();
}

}  // namespace cairn::app
