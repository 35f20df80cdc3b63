#include "src/app/cli.hpp"

#include "src/app/exit.hpp"
#include "src/app/failure.hpp"
#include "src/app/option_names.hpp"
#include "src/app/option_values.hpp"
#include "src/app/suggest.hpp"
#include "src/app/version.hpp"

#include "cairn/base/result.hpp"
#include "cairn/rpc/limits.hpp"

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

using rpc::UsageRule;

/// A command as CLI11 knows it.
struct Bound {
    const Command* command = nullptr;
    CLI::App* parser = nullptr;
    std::vector<CLI::Option*> options;
    std::unique_ptr<std::string> config_file = std::make_unique<std::string>();
    CLI::Option* config = nullptr;
};

using FileSettings = std::map<std::string, std::vector<std::string>>;

/// An option as people write it: by its first long name, if it has one.
std::string written(const Option& option) {
    const auto names = names_of(option).long_names;
    return names.empty() ? option.names : "--" + names.front();
}

std::string help_hint(const std::string& command) {
    return "cairn help " + command + " tells what it takes";
}

/// What stands in an error for what may be a secret.
constexpr std::string_view not_shown = "something that is not shown";
static_assert(not_shown.size() <= rpc::echo_max);
constexpr auto secret_hint =
    "a secret is never an argument: it is asked for, or stands in a file that an option names";

std::string help_hint(const Command& command) {
    return command.takes_secrets ? secret_hint : help_hint(command.name);
}

/// Why the number `option` of `command` does not take `text`.
Failure number_failure(const Option& option, const std::string& command, const std::string& text) {
    const auto expected = describe(option.range);
    if (!option.may_be_secret)
        return value_failure(written(option), expected, text, help_hint(command));
    return bad_value(written(option) + ": takes " + expected, expected, not_shown, secret_hint);
}

/// Takes leading zeros away from the number `text`, or throws why `option` does not take it. The
/// library alone would read `-1` as 2^64-1 and `010` as eight.
void check_number(std::string& text, const Option& option, const std::string& command) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const auto& range = option.range;
    if (error != std::errc{} || stop != end || number < range.least || number > range.most)
        throw UsageError{number_failure(option, command, text)};
    text = std::to_string(number);
}

CLI::Option* bind_number(CLI::App& parser, const Option& option, std::uint64_t& target) {
    const auto check = [option, command = parser.get_name()](std::string& text) {
        check_number(text, option, command);
        return std::string{};
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

Failure unknown_option(const Command& command, const std::string& name, std::string hint) {
    return usage_failure(
        UsageRule::unknown_option,
        command.takes_secrets ? "unknown option of cairn " + command.name
                              : "unknown option " + name + " of cairn " + command.name,
        "an option of cairn " + command.name,
        command.takes_secrets ? not_shown : name,
        std::move(hint)
    );
}

Failure further_word(const Command& command, const std::string& word) {
    return usage_failure(
        UsageRule::unknown_option,
        "cairn " + command.name + " takes no further word, but there is " +
            (command.takes_secrets ? "one" : "'" + word + "'"),
        "no further word",
        command.takes_secrets ? not_shown : word,
        help_hint(command)
    );
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
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw UsageError{unknown_option(
                *bound.command, name, suggestion(name, known, help_hint(*bound.command))
            )};
        for (std::size_t i = 0; i < bound.options.size(); ++i) {
            const std::string& bare = bound.command->options[i].bare_value;
            if (!bare.empty() && bound.options[i]->check_name(argument))
                argument += "=" + bare;
        }
    }
}

/// What is wrong with `value` of a flag of `command`, of which CLI11 has `told`.
Failure bad_flag(const Command& command, const std::string& told, const std::string& value) {
    if (command.takes_secrets)
        return bad_value("a flag takes no other value", "true or false", not_shown, secret_hint);
    return bad_value(told, "true or false", value, help_hint(command.name));
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
        // The library's sentence may quote the file.
        throw StartError{
            ExitCode::config,
            path + ": " + (bound.command->takes_secrets ? "this is no TOML" : error.what())};
    }
    for (const auto& item : items) {
        // CLI11 marks the begin and the end of a section with these names.
        if (item.name == "++" || item.name == "--")
            continue;
        const bool is_own = item.parents.empty() ||
                            (item.parents.size() == 1 && item.parents[0] == bound.command->name);
        if (!is_own || std::find(known.begin(), known.end(), item.name) == known.end()) {
            auto failure = unknown_option(
                *bound.command, item.name, suggestion(item.name, known, help_hint(*bound.command))
            );
            failure.code = ExitCode::config;
            failure.message = path + ": unknown key";
            if (!bound.command->takes_secrets)
                failure.message += " " + item.fullname();
            throw UsageError{std::move(failure)};
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

/// Gives `option` of `command` values from outside the command line. `source` is for the error's
/// sentence.
void set_values(
    const Command& command,
    CLI::Option& option,
    const std::vector<std::string>& values,
    const std::string& source
) {
    try {
        for (const std::string& value : values)
            option.add_result(value);
        option.run_callback();
    } catch (const UsageError& error) {
        auto failure = error.failure();
        failure.code = ExitCode::config;
        failure.message = source + ": " + failure.message;
        throw UsageError{std::move(failure)};
    } catch (const CLI::Error& error) {
        auto failure = bad_flag(command, error.what(), CLI::detail::join(values));
        failure.message.insert(0, source + ": ");
        failure.code = ExitCode::config;
        throw UsageError{std::move(failure)};
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
            set_values(*bound.command, *option, {value}, "environment variable " + name);
            continue;
        }
        for (const std::string& name : option->get_lnames()) {
            if (const auto found = settings.find(name); found != settings.end())
                set_values(
                    *bound.command, *option, found->second, *bound.config_file + ": " + name
                );
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
    throw UsageError{usage_failure(
        UsageRule::unknown_command,
        "unknown command " + name,
        "a command of cairn",
        name,
        suggestion(name, names, "cairn --help lists all")
    )};
}

/// The value in CLI11's sentence `Could not convert: --option = value`, which it has for flags.
std::string value_in(const std::string& told) {
    constexpr std::string_view before = " = ";
    const auto place = told.find(before);
    return place == std::string::npos ? "another value" : told.substr(place + before.size());
}

/// What CLI11 found wrong with the options and words behind the command `bound`.
Failure describe_parse(const CLI::ParseError& error, const Bound& bound) {
    const std::string told = error.what();
    const auto& command = *bound.command;
    if (const auto extra = bound.parser->remaining(true); !extra.empty()) {
        const auto& word = extra.front();
        if (word.size() > 1 && word.front() == '-')
            return unknown_option(command, word, help_hint(command));
        return further_word(command, word);
    }
    const auto name = told.substr(0, told.find(": "));
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
        return usage_failure(
            UsageRule::missing_value,
            name + ": a value is missing",
            "a value behind " + name,
            "none",
            help_hint(command.name)
        );
    return bad_flag(command, told, value_in(told));
}

/// Where `arguments` name no command.
Failure no_command() {
    return missing_value("a command is missing; cairn --help lists all", "cairn COMMAND");
}

/// Where the first argument, `argument`, is no command but an option that the program does not
/// have.
Failure no_such_option(const std::string& argument) {
    const auto name = argument.substr(0, argument.find('='));
    return usage_failure(
        UsageRule::unknown_option,
        "cairn has no option " + name + "; those of a command stand behind it",
        "--help, --version, or a command first",
        name,
        suggestion(name, {"--help", "--version"}, "cairn --help lists all commands")
    );
}

/// What is wrong with a line that begins with `argument`, which is no command.
Failure without_command(const std::string& argument) {
    return argument == "-" || argument == "--" ? no_command() : no_such_option(argument);
}

void parse(CLI::App& program, const std::vector<std::string>& arguments) {
    // CLI11 takes the arguments from the back.
    program.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
}

/// Whether `option` is the flag that asks for JSON.
bool is_json_flag(const Option& option) {
    const auto name = written(option);
    return std::holds_alternative<bool*>(option.target) &&
           (name == "--json" || name == "--json-output");
}

}  // namespace

bool asks_for_json(
    const std::vector<Command>& commands, const std::vector<std::string>& arguments
) {
    const auto end = std::find(arguments.begin(), arguments.end(), "--");
    const auto has_flag = [&](const Command& command) {
        return std::any_of(
            command.options.begin(),
            command.options.end(),
            [&](const Option& option) {
                return is_json_flag(option) &&
                       std::find(arguments.begin(), end, written(option)) != end;
            }
        );
    };
    const auto named = std::find_if(commands.begin(), commands.end(), [&](const auto& command) {
        return !arguments.empty() && command.name == arguments.front();
    });
    return named == commands.end() ? std::any_of(commands.begin(), commands.end(), has_flag)
                                   : has_flag(*named);
}

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
    const auto first = arguments.front();
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
        throw UsageError{
            chosen == nullptr ? without_command(first) : describe_parse(error, *chosen)};
    }
    if (chosen == nullptr)
        throw UsageError{without_command(first)};
    if (chosen->config != nullptr)
        apply_settings(*chosen);
    return chosen->command->run();
}

}  // namespace cairn::app
