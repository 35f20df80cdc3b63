#include "src/app/commands.hpp"
#include "src/app/completions.hpp"
#include "src/app/manual.hpp"
#include "src/app/option_names.hpp"

#include <catch2/catch.hpp>

using namespace cairn::app;
using Catch::Matchers::Contains;

namespace {

/// `name` as roff takes it where dashes can be copied.
std::string with_typed_dashes(std::string name) {
    for (auto at = name.find('-'); at != std::string::npos; at = name.find('-', at + 2))
        name.insert(at, "\\");
    return name;
}

}  // namespace

TEST_CASE("OptionNames: a text of names is taken apart", "[app]") {
    std::uint64_t port = 0;
    const Option option{"port,--port,--listen,-p", "PORT", "Where", &port};
    const auto names = names_of(option);
    CHECK(names.is_positional);
    CHECK(names.long_names == std::vector<std::string>{"port", "listen"});
    CHECK(names.short_names == std::vector<std::string>{"p"});
    CHECK(environment_name("min-free") == "CAIRN_MIN_FREE");
}

TEST_CASE("OptionNames: values that list words are choices, others are not", "[app]") {
    std::string target;
    CHECK(
        choices_of({"--a", "text|json", "", &target}) == std::vector<std::string>{"text", "json"}
    );
    CHECK(choices_of({"--a", "NAME|FILE", "", &target}).empty());
    CHECK(choices_of({"--a", "text", "", &target}).empty());
    CHECK(choices_of({"--a", "", "", &target}).empty());
}

TEST_CASE("Completions: every command and option stands in every script", "[app]") {
    const auto commands = all_commands();
    for (const auto shell : {CompletionShell::bash, CompletionShell::zsh, CompletionShell::fish}) {
        const auto script = completion_script(shell, commands);
        const std::string dashes = shell == CompletionShell::fish ? "-l " : "--";
        for (const auto& command : commands) {
            CHECK_THAT(script, Contains(command.name));
            for (const auto& option : command.options)
                for (const auto& name : names_of(option).long_names)
                    CHECK_THAT(script, Contains(dashes + name));
        }
        CHECK_THAT(script, Contains("restore"));
    }
}

TEST_CASE("Manual: every command and option has its place, and dashes can be copied", "[app]") {
    const auto commands = all_commands();
    const auto page = manual_page(commands, "1.2.3");
    CHECK_THAT(page, Contains("cairn 1.2.3"));
    for (const auto& command : commands) {
        CHECK_THAT(page, Contains(".SS cairn " + with_typed_dashes(command.name) + "\n"));
        for (const auto& option : command.options) {
            for (const auto& name : names_of(option).long_names)
                CHECK_THAT(page, Contains("\\fB\\-\\-" + with_typed_dashes(name) + "\\fR"));
        }
    }
    CHECK_THAT(page, Contains("Environment: CAIRN_MIN_FREE."));
}
