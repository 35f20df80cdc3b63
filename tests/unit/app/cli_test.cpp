#include "src/app/cli.hpp"

#include "src/app/exit.hpp"
#include "src/app/failure.hpp"
#include "tests/unit/app/scratch_directory.hpp"

#include "cairn/rpc/rules.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace cairn::app;
using cairn::app_test::ScratchDirectory;
using Catch::Matchers::Contains;

namespace {

/// What a sample command's options received.
struct Received {
    std::uint64_t port = 5001;
    std::string bind = "localhost";
    std::uint64_t limit = 5;
    bool open = false;
    std::uint64_t mine = 0;
    std::vector<std::string> peers;
    int runs = 0;
};

std::vector<Command> sample_commands(Received& received) {
    Command command;
    command.name = "serve";
    command.help = "A sample";
    command.is_configurable = true;
    command.options = {
        {"port,--port,-p", "PORT", "A number", &received.port},
        {"--bind", "ADDRESS", "A text", &received.bind},
        {"--limit", "N", "A number in a range", &received.limit, "", {.least = 1, .most = 9}},
        {"--open-probe", "", "A flag", &received.open},
        {"--mine", "=THREADS", "A number that may stay away", &received.mine, "1"},
        {"--peer,--addnode", "HOST:PORT", "A list", &received.peers},
    };
    command.run = [&received] {
        ++received.runs;
        return 0;
    };
    return {command};
}

Received run(std::vector<std::string> arguments) {
    Received received;
    REQUIRE(run_command_line(sample_commands(received), std::move(arguments)) == 0);
    REQUIRE(received.runs == 1);
    return received;
}

StartError failure(std::vector<std::string> arguments) {
    Received received;
    try {
        static_cast<void>(run_command_line(sample_commands(received), std::move(arguments)));
    } catch (const StartError& error) {
        return error;
    }
    FAIL("the command line was accepted");
    throw;
}

/// Why one of `commands` is refused by a rule; everything about it is told.
Failure refusal(const std::vector<Command>& commands, std::vector<std::string> arguments) {
    try {
        static_cast<void>(run_command_line(commands, std::move(arguments)));
    } catch (const UsageError& error) {
        const auto& told = error.failure();
        INFO(to_text(told));
        CHECK(told.message == error.what());
        CHECK(told.code == error.code());
        CHECK(cairn::rpc::find_rules(told.rule).size() == 1);
        CHECK_FALSE(told.expected.empty());
        CHECK_FALSE(told.actual.empty());
        CHECK_FALSE(told.hint.empty());
        return told;
    }
    FAIL("the command line was accepted, or not refused by a rule");
    throw;
}

Failure refusal(std::vector<std::string> arguments) {
    Received received;
    return refusal(sample_commands(received), std::move(arguments));
}

/// An environment variable for the length of a test.
class Variable {
  public:
    Variable(const char* name, const char* value) : name_{name} { ::setenv(name, value, 1); }

    ~Variable() { ::unsetenv(name_); }

    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    const char* name_;
};

}  // namespace

TEST_CASE("Command line: positional words keep their commas", "[app]") {
    std::vector<std::string> words;
    Command command;
    command.name = "ask";
    command.options = {{"words", "WORD", "A list", &words}};
    command.run = [] { return 0; };
    REQUIRE(run_command_line({command}, {"ask", "a=[1,2]", "b"}) == 0);
    CHECK(words == std::vector<std::string>{"a=[1,2]", "b"});
}

TEST_CASE("CommandLine: options take their values in both forms", "[app][cli]") {
    const Received received = run({"serve", "6001", "--bind=::1", "--open-probe"});

    REQUIRE(received.port == 6001);
    REQUIRE(received.bind == "::1");
    REQUIRE(received.open);
    REQUIRE(run({"serve", "--port", "6002"}).port == 6002);
    REQUIRE(run({"serve", "-p", "6003"}).port == 6003);
}

TEST_CASE("CommandLine: a bare option does not swallow what follows", "[app][cli]") {
    const Received received = run({"serve", "--mine", "6001"});

    REQUIRE(received.mine == 1);
    REQUIRE(received.port == 6001);
    REQUIRE(run({"serve", "--mine=3"}).mine == 3);
}

TEST_CASE("CommandLine: a number is decimal digits within its range", "[app][cli]") {
    CHECK(run({"serve", "--limit", "1"}).limit == 1);
    CHECK(run({"serve", "--limit=9"}).limit == 9);
    CHECK(run({"serve", "--limit", "007"}).limit == 7);
    CHECK(run({"serve", "--port", "9007199254740991"}).port == 9007199254740991);
    for (const std::string text : {"-1", "0", "10", "+3", "0x3", "1e0", "3.0", " 3", "", "many"}) {
        const auto error = failure({"serve", "--limit", text});
        CHECK(error.code() == ExitCode::usage);
        CHECK(error.what() == "--limit: takes a whole number from 1 to 9, not '" + text + "'");
    }
    for (const std::string text : {"9007199254740992", "18446744073709551616", "-1"}) {
        const auto error = failure({"serve", "--port", text});
        CHECK(error.code() == ExitCode::usage);
        CHECK_THAT(
            error.what(), Contains("a whole number from 0 to 9007199254740991, not '" + text)
        );
    }
    const Variable limit{"CAIRN_LIMIT", "-1"};
    CHECK(failure({"serve"}).code() == ExitCode::config);
}

TEST_CASE("CommandLine: lists are joined from commas, repeats and aliases", "[app][cli]") {
    const std::vector<std::string> expected{"a:1", "b:2", "c:3"};

    REQUIRE(run({"serve", "--peer", "a:1,b:2", "--addnode", "c:3"}).peers == expected);
}

TEST_CASE("CommandLine: flag beats environment beats file beats default", "[app][cli]") {
    const ScratchDirectory scratch;
    const auto file =
        scratch.write("cairn.toml", "port = 7001\nbind = \"file\"\nmine = 2\nopen-probe = true\n");
    const Variable port{"CAIRN_PORT", "8001"};
    const Variable bind{"CAIRN_BIND", "environment"};

    const Received received = run({"serve", "--config", file, "--port", "9001"});

    REQUIRE(received.port == 9001);
    REQUIRE(received.bind == "environment");
    REQUIRE(received.mine == 2);
    REQUIRE(received.open);
    REQUIRE(run({"serve"}).mine == 0);
}

TEST_CASE("CommandLine: a file may use a section and lists", "[app][cli]") {
    const ScratchDirectory scratch;
    const auto file = scratch.write("cairn.toml", "[serve]\npeer = [\"a:1\", \"b:2\"]\n");

    REQUIRE(run({"serve", "--config", file}).peers == std::vector<std::string>{"a:1", "b:2"});
}

TEST_CASE("CommandLine: a mistyped option is named with a suggestion", "[app][cli]") {
    const auto told = refusal({"serve", "--bnid", "::1"});

    REQUIRE(told.code == ExitCode::usage);
    REQUIRE(told.rule == "app.unknown_option");
    REQUIRE(told.message == "unknown option --bnid of cairn serve");
    REQUIRE(told.actual == "--bnid");
    REQUIRE(told.hint == "did you mean --bind?");
    REQUIRE(refusal({"serve", "-x"}).rule == "app.unknown_option");
    REQUIRE(refusal({"serve", "-x"}).actual == "-x");
}

TEST_CASE("CommandLine: a word too many is refused as an option would be", "[app][cli]") {
    const auto told = refusal({"serve", "6001", "6002"});

    REQUIRE(told.rule == "app.unknown_option");
    REQUIRE(told.actual == "6002");
}

TEST_CASE("CommandLine: what may be a secret is not shown", "[app][cli][W5]") {
    const std::string secret(64, 'a');
    const ScratchDirectory scratch;
    Received received;
    auto commands = sample_commands(received);
    commands[0].takes_secrets = true;
    commands[0].options[2].may_be_secret = true;
    const auto check = [&](const std::vector<std::string>& arguments, const std::string& rule) {
        const auto told = refusal(commands, arguments);
        CHECK(told.rule == rule);
        CHECK_THAT(told.actual, Contains("not shown"));
        CHECK_THAT(told.hint, Contains("a secret is never an argument"));
        CHECK_THAT(to_text(told), !Contains(secret));
    };
    check({"serve", "1", secret}, "app.unknown_option");
    check({"serve", "1", "tea", secret}, "app.unknown_option");
    check({"serve", "--" + secret}, "app.unknown_option");
    check({"serve", "1", "-" + secret}, "app.unknown_option");
    check({"serve", "--limit", secret}, "app.bad_value");
    check({"serve", "--open-probe=" + secret}, "app.bad_value");
    for (const std::string& content :
         {secret + "\n", secret + " = 1\n", "limit = \"" + secret + "\""}) {
        const auto file = scratch.write("cairn.toml", content);
        check(
            {"serve", "--config", file}, content[0] == 'l' ? "app.bad_value" : "app.unknown_option"
        );
    }
    const Variable limit{"CAIRN_LIMIT", secret.c_str()};
    check({"serve"}, "app.bad_value");
    CHECK(refusal(commands, {"serve", "--bnid"}).hint == "did you mean --bind?");
    CHECK_THAT(refusal(commands, {"serve", "--port", "many"}).message, Contains("many"));
}

TEST_CASE("CommandLine: a mistyped command is named with a suggestion", "[app][cli]") {
    for (const auto& arguments : {std::vector<std::string>{"sreve"}, {"help", "sreve"}}) {
        const auto told = refusal(arguments);
        CHECK(told.code == ExitCode::usage);
        CHECK(told.rule == "app.unknown_command");
        CHECK(told.actual == "sreve");
        CHECK(told.hint == "did you mean serve?");
    }
}

TEST_CASE("CommandLine: a mistyped key of the file is an error", "[app][cli]") {
    const ScratchDirectory scratch;
    const auto told = refusal({"serve", "--config", scratch.write("cairn.toml", "prot = 1\n")});

    REQUIRE(told.code == ExitCode::config);
    REQUIRE(told.rule == "app.unknown_option");
    REQUIRE(told.actual == "prot");
    REQUIRE(told.hint == "did you mean port?");
}

TEST_CASE("CommandLine: a value of the wrong kind is an error", "[app][cli]") {
    const auto number = refusal({"serve", "--limit", "many"});
    REQUIRE(number.code == ExitCode::usage);
    REQUIRE(number.rule == "app.bad_value");
    REQUIRE(number.expected == "a whole number from 1 to 9");
    REQUIRE(number.actual == "many");
    const auto flag = refusal({"serve", "--open-probe=maybe"});
    REQUIRE(flag.rule == "app.bad_value");
    REQUIRE(flag.actual == "maybe");
    REQUIRE(failure({"serve", "--config", "/nowhere/cairn.toml"}).code() == ExitCode::config);
    const Variable port{"CAIRN_PORT", "many"};
    const auto variable = refusal({"serve"});
    REQUIRE(variable.code == ExitCode::config);
    REQUIRE(variable.rule == "app.bad_value");
    REQUIRE_THAT(variable.message, Contains("CAIRN_PORT"));
    const Variable open{"CAIRN_OPEN_PROBE", "maybe"};
    const auto other = refusal({"serve", "--port", "1"});
    REQUIRE(other.rule == "app.bad_value");
    REQUIRE(other.actual == "maybe");
}

TEST_CASE("CommandLine: what is missing is told", "[app][cli]") {
    const auto told = refusal({"serve", "--bind"});
    REQUIRE(told.code == ExitCode::usage);
    REQUIRE(told.rule == "app.missing_value");
    REQUIRE(told.expected == "a value behind --bind");
    for (const std::string word : {"-", "--"})
        CHECK(refusal({word}).rule == "app.missing_value");
}

TEST_CASE("CommandLine: an option before any command is told as unknown", "[app][cli]") {
    for (const std::string word : {"--json", "-x", "--bind", "--nope=1"}) {
        const auto told = refusal({word});
        CHECK(told.rule == "app.unknown_option");
        CHECK(told.actual == word.substr(0, word.find('=')));
    }
    CHECK(refusal({"-x", "serve"}).rule == "app.unknown_option");
    CHECK(refusal({"--hepl"}).hint == "did you mean --help?");
}

TEST_CASE("CommandLine: JSON is asked for by the command's own flag", "[app][cli]") {
    bool is_json = false;
    std::string text;
    std::vector<Command> commands(2);
    commands[0].name = "show";
    commands[0].options = {{"--json", "", "A flag", &is_json}};
    commands[1].name = "put";
    commands[1].options = {
        {"--json", "TEXT", "A text", &text}, {"--json-output", "", "A flag", &is_json}};

    CHECK(asks_for_json(commands, {"show", "--frob", "--json"}));
    CHECK_FALSE(asks_for_json(commands, {"show", "--json-output"}));
    CHECK_FALSE(asks_for_json(commands, {"show", "--", "--json"}));
    CHECK(asks_for_json(commands, {"put", "--json-output"}));
    CHECK_FALSE(asks_for_json(commands, {"put", "--json"}));
    CHECK(asks_for_json(commands, {"shwo", "--json"}));
    CHECK_FALSE(asks_for_json(commands, {"shwo"}));
    CHECK_FALSE(asks_for_json(commands, {}));
}
