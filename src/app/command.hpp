/// Subcommands and their options as data. `cli.cpp` alone knows the library that parses them.
///
/// A new subcommand is a function that returns a `Command`, and one line in `commands.cpp`.
#pragma once

#include "cairn/base/quantity.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::app {

/// Where an option's value goes. A `bool` makes a flag; a vector takes comma-separated and repeated
/// values, or, where it is positional, words as they are.
using OptionTarget = std::variant<bool*, std::string*, std::uint64_t*, std::vector<std::string>*>;

/// What a number may be, both ends included.
struct NumberRange {
    std::uint64_t least = 0;
    /// Readers of JSON share no larger numbers.
    std::uint64_t most = quantity_max;
};

struct Option {
    /// `--long`, with aliases and short forms after commas; a name without dashes is positional.
    /// The first long name is the one for the environment (`CAIRN_LONG`) and the file.
    std::string names;
    /// What the help calls the value; empty for flags.
    std::string value;
    std::string help;
    OptionTarget target;
    /// What the option means without a value (`--mine` for `--mine=1`); empty: it needs one. Such
    /// an option takes its value after `=` only.
    std::string bare_value{};
    /// Of a number; anything else than decimal digits within it is refused.
    NumberRange range{};
    /// Of a number that people take for the place of a secret: what is refused is not shown.
    bool may_be_secret = false;
};

struct Command {
    std::string name;
    /// One line.
    std::string help;
    /// The targets live as long as `run` does.
    std::vector<Option> options;
    /// Does the work and returns the exit code. May throw `StartError`.
    std::function<int()> run;
    /// Options come from the environment and from `--config FILE` too.
    bool is_configurable = false;
    /// People may put a secret among its arguments by mistake: words and options that it does not
    /// know are not shown.
    bool takes_secrets = false;
};

}  // namespace cairn::app
