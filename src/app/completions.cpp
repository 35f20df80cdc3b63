#include "src/app/completions.hpp"

#include "src/app/option_names.hpp"

namespace cairn::app {

namespace {

/// `text` between single quotes.
std::string shell_quoted(std::string_view text) {
    std::string result = "'";
    for (const char letter : text)
        result += letter == '\'' ? "'\\''" : std::string{letter};
    return result + "'";
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : std::string{separator}) + word;
    return text;
}

/// All options of `command` as they are typed.
std::vector<std::string> typed_options(const Command& command) {
    std::vector<std::string> words{"--help"};
    if (command.is_configurable)
        words.emplace_back("--config");
    for (const auto& option : command.options) {
        const auto names = names_of(option);
        for (const auto& name : names.long_names)
            words.push_back("--" + name);
        for (const auto& name : names.short_names)
            words.push_back("-" + name);
    }
    return words;
}

/// The choices of the command's positional arguments.
std::vector<std::string> typed_choices(const Command& command) {
    std::vector<std::string> words;
    for (const auto& option : command.options)
        if (names_of(option).is_positional)
            for (auto& word : choices_of(option))
                words.push_back(std::move(word));
    return words;
}

std::vector<std::string> command_names(const std::vector<Command>& commands) {
    std::vector<std::string> names{"help"};
    for (const auto& command : commands)
        names.push_back(command.name);
    return names;
}

std::string bash_script(const std::vector<Command>& commands) {
    const auto names = joined(command_names(commands), " ");
    std::string script =
        "# bash completion for cairn; put it into /etc/bash_completion.d or source it.\n"
        "_cairn() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} options='' choices=''\n"
        "    if [[ $COMP_CWORD -eq 1 || ( $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == help ) ]]; "
        "then\n"
        "        mapfile -t COMPREPLY < <(compgen -W '" +
        names +
        " --help --version' -- \"$word\")\n"
        "        return\n"
        "    fi\n"
        "    case ${COMP_WORDS[1]} in\n";
    for (const auto& command : commands)
        script += "        " + command.name + ") options='" + joined(typed_options(command), " ") +
                  "' choices='" + joined(typed_choices(command), " ") + "' ;;\n";
    return script +
           "    esac\n"
           "    [[ $word == -* ]] || options=$choices\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
           "}\n"
           "complete -o bashdefault -o default -F _cairn cairn\n";
}

/// One option for zsh's `_arguments`.
std::string zsh_option(const std::string& typed, const Option& option) {
    const auto choices = choices_of(option);
    const auto action = choices.empty() ? "_files" : "(" + joined(choices, " ") + ")";
    auto text = typed;
    if (!option.value.empty())
        text += option.bare_value.empty() ? "=" : "=-";
    text += "[" + option.help + "]";
    if (!option.value.empty())
        text += (option.bare_value.empty() ? ":" : "::") + std::string{"value"} + ":" + action;
    return text;
}

std::string zsh_script(const std::vector<Command>& commands) {
    std::string script =
        "#compdef cairn\n"
        "# zsh completion for cairn; put it as _cairn into a folder of $fpath.\n"
        "_cairn() {\n"
        "    local -a names\n"
        "    names=(\n"
        "        'help:Tell of a command'\n";
    for (const auto& command : commands)
        script += "        " + shell_quoted(command.name + ":" + command.help) + "\n";
    script +=
        "    )\n"
        "    if (( CURRENT == 2 )); then\n"
        "        _describe 'command' names\n"
        "        return\n"
        "    fi\n"
        "    local name=$words[2]\n"
        "    shift words\n"
        "    (( CURRENT-- ))\n"
        "    case $name in\n"
        "        help) _describe 'command' names ;;\n";
    for (const auto& command : commands) {
        script += "        " + command.name + ")\n            _arguments \\\n";
        for (const auto& option : command.options) {
            const auto names = names_of(option);
            for (const auto& name : names.long_names)
                script +=
                    "                " + shell_quoted(zsh_option("--" + name, option)) + " \\\n";
        }
        const auto choices = typed_choices(command);
        const auto rest = choices.empty() ? "_files" : "(" + joined(choices, " ") + ")";
        script += "                " + shell_quoted("*:argument:" + rest) + "\n            ;;\n";
    }
    return script + "    esac\n}\n_cairn \"$@\"\n";
}

std::string fish_script(const std::vector<Command>& commands) {
    std::string script =
        "# fish completion for cairn; put it as cairn.fish into ~/.config/fish/completions.\n"
        "complete -c cairn -n __fish_use_subcommand -f -a help -d 'Tell of a command'\n"
        "complete -c cairn -n '__fish_seen_subcommand_from help' -f -a " +
        shell_quoted(joined(command_names(commands), " ")) + "\n";
    for (const auto& command : commands) {
        script += "complete -c cairn -n __fish_use_subcommand -f -a " + command.name + " -d " +
                  shell_quoted(command.help) + "\n";
        const auto when = " -n '__fish_seen_subcommand_from " + command.name + "'";
        for (const auto& option : command.options) {
            const auto names = names_of(option);
            if (const auto choices = choices_of(option); !choices.empty() && names.is_positional)
                script += "complete -c cairn" + when + " -f -a " +
                          shell_quoted(joined(choices, " ")) + " -d " + shell_quoted(option.help) +
                          "\n";
            if (names.long_names.empty())
                continue;
            script += "complete -c cairn" + when;
            for (const auto& name : names.long_names)
                script += " -l " + name;
            for (const auto& name : names.short_names)
                script += " -s " + name;
            if (!option.value.empty() && option.bare_value.empty())
                script += " -r";
            script += " -d " + shell_quoted(option.help) + "\n";
        }
    }
    return script;
}

}  // namespace

std::optional<CompletionShell> to_completion_shell(std::string_view word) {
    if (word == "bash")
        return CompletionShell::bash;
    if (word == "zsh")
        return CompletionShell::zsh;
    if (word == "fish")
        return CompletionShell::fish;
    return std::nullopt;
}

std::string completion_script(CompletionShell shell, const std::vector<Command>& commands) {
    switch (shell) {
        case CompletionShell::bash:
            return bash_script(commands);
        case CompletionShell::zsh:
            return zsh_script(commands);
        case CompletionShell::fish:
            return fish_script(commands);
    }
    return {};
}

}  // namespace cairn::app
