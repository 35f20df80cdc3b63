#include "src/app/manual.hpp"

#include "src/app/option_names.hpp"

#include <array>

namespace cairn::app {

namespace {

/// `text` as roff takes it: dashes as they are typed, nothing at a line's begin that is a request.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        if (letter == '\\')
            result += "\\e";
        else if (letter == '-')
            result += "\\-";
        else
            result += letter;
    }
    return !result.empty() && (result.front() == '.' || result.front() == '\'') ? "\\&" + result
                                                                                : result;
}

std::string sentence(const std::string& text) {
    return escaped(text) + (text.empty() || text.back() == '.' ? "" : ".") + "\n";
}

/// The heading of one option: its names in bold, its value in italics.
std::string heading(const Option& option) {
    const auto names = names_of(option);
    const auto value =
        option.value.empty() ? std::string{} : "\\fI" + escaped(option.value) + "\\fR";
    std::vector<std::string> forms;
    for (const auto& name : names.short_names)
        forms.push_back("\\fB\\-" + escaped(name) + "\\fR" + (value.empty() ? "" : " " + value));
    for (const auto& name : names.long_names) {
        auto form = "\\fB\\-\\-" + escaped(name) + "\\fR";
        if (!value.empty())
            form += option.bare_value.empty() ? " " + value : "[=" + value + "]";
        forms.push_back(form);
    }
    if (names.is_positional)
        forms.push_back(value);
    std::string line = ".TP\n";
    for (std::size_t i = 0; i < forms.size(); ++i)
        line += (i == 0 ? "" : ", ") + forms[i];
    return line + "\n";
}

std::string describe(const Command& command) {
    std::string page = ".SS cairn " + escaped(command.name) + "\n" + sentence(command.help);
    for (const auto& option : command.options) {
        page += heading(option) + sentence(option.help);
        const auto names = names_of(option);
        if (command.is_configurable && !names.long_names.empty())
            page += "Environment: " + environment_name(names.long_names.front()) + ".\n";
    }
    if (command.is_configurable)
        page +=
            ".TP\n\\fB\\-\\-config\\fR \\fIFILE\\fR\n"
            "Read options from a TOML file. Environment: CAIRN_CONFIG.\n";
    return page;
}

struct Status {
    std::string_view code;
    std::string_view meaning;
};

constexpr std::array<Status, 8> statuses{{
    {"0", "All is well."},
    {"1", "Another failure; it is told on standard error."},
    {"64", "The command line is wrong."},
    {"65", "What was given to check or read is wrong, or the node refused."},
    {"69", "No node answers."},
    {"74", "Disk or network refused."},
    {"75", "What was waited for has not come yet."},
    {"78", "An option's value, a file or the environment is wrong."},
}};

}  // namespace

std::string manual_page(const std::vector<Command>& commands, std::string_view version) {
    std::string page = ".TH CAIRN 1 \"\" \"cairn " + escaped(version) +
                       "\" \"User Commands\"\n"
                       ".SH NAME\ncairn \\- a peer\\-to\\-peer blockchain node\n"
                       ".SH SYNOPSIS\n";
    for (const auto& command : commands)
        page += ".B cairn " + escaped(command.name) + "\n[\\fIoptions\\fR]\n.br\n";
    page +=
        ".SH DESCRIPTION\n"
        "Nodes speak frames with a ten\\-byte ASCII header over TCP, follow the valid chain with "
        "the most proof of work, and answer whoever can count to ten. An option comes from the "
        "command line, else from the environment, else from the file of \\-\\-config.\n"
        ".SH COMMANDS\n";
    for (const auto& command : commands)
        page += describe(command);
    page +=
        ".SH FILES\n.TP\n\\fI~/.local/share/cairn\\fR\n"
        "Data directories, one for each chain and port, and wallets.\n"
        ".SH EXIT STATUS\n";
    for (const auto& status : statuses)
        page += ".TP\n" + std::string{status.code} + "\n" + sentence(std::string{status.meaning});
    return page;
}

}  // namespace cairn::app
