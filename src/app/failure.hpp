/// What a command says when it did not do what it was asked.
#pragma once

#include "src/app/exit.hpp"

#include "cairn/base/result.hpp"
#include "cairn/codec/json_text.hpp"
#include "cairn/rpc/usage_rule.hpp"

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::app {

[[nodiscard]] constexpr int status_of(ExitCode code) {
    return static_cast<int>(code);
}

/// Why a command ended without success: the fields of an error of the text protocol (spec 02 §5),
/// whether a node refused or the program itself.
struct Failure {
    ExitCode code = ExitCode::failure;
    /// What is wrong, and what to do about it where `hint` does not say. Lines after the first are
    /// details.
    std::string message;
    /// With its module, as `explain code=` knows it; empty where no rule refused.
    std::string rule{};
    std::string expected{};
    std::string actual{};
    std::string hint{};
    /// The argument at fault, where a node named it.
    std::string field{};
    /// The code of a node's error; empty where the program itself refused.
    std::string error_code{};

    friend bool operator==(const Failure&, const Failure&) = default;
};

[[nodiscard]] inline tl::unexpected<Failure> failed(ExitCode code, std::string message) {
    return tl::unexpected{Failure{code, std::move(message)}};
}

/// What is wrong with the command line, by a rule of module `app`. `actual` is shown escaped, the
/// beginning of it; without a `hint` there is a general one.
[[nodiscard]] Failure usage_failure(
    rpc::UsageRule rule,
    std::string message,
    std::string expected,
    std::string_view actual,
    std::string hint = {}
);
/// The same of what was given to read or what a node answered: status `data`.
[[nodiscard]] Failure data_failure(
    rpc::UsageRule rule,
    std::string message,
    std::string expected,
    std::string_view actual,
    std::string hint
);
/// What is wrong with the command line where a value is there (`bad_value`).
[[nodiscard]] Failure bad_value(
    std::string message, std::string expected, std::string_view actual, std::string hint = {}
);
/// The same of one that is not (`missing_value`); `needed` is how it is written.
[[nodiscard]] Failure missing_value(std::string message, std::string needed);

/// Thrown where the command line is refused, before its command does anything.
class UsageError : public StartError {
  public:
    explicit UsageError(Failure failure)
        : StartError{failure.code, failure.message}, failure_{std::move(failure)} {}

    [[nodiscard]] const Failure& failure() const { return failure_; }

  private:
    Failure failure_;
};

/// The failure that a node's error reply is; all of it ASCII, whatever the node wrote.
[[nodiscard]] Failure failure_of(const codec::Json& reply);

/// What is wrong with JSON text that `source` names, such as an option or a file.
[[nodiscard]] Failure describe_json(const codec::JsonError& error, const std::string& source);

/// For people: the message, and a line for each field that is there.
[[nodiscard]] std::string to_text(const Failure& failure);
/// The error object of spec 02 §5. The code is the node's; else `rejected` where a rule refused,
/// else the name of the exit status.
[[nodiscard]] codec::Json to_json(const Failure& failure);

/// Writes `failure` for people and returns its exit status.
[[nodiscard]] int report(const Failure& failure, std::ostream& errors);
/// The same, or with `json` as one line to `out`, where the result would have stood.
[[nodiscard]] int report(
    const Failure& failure, bool json, std::ostream& out, std::ostream& errors
);

}  // namespace cairn::app
