#include "src/app/failure.hpp"

#include "cairn/rpc/error.hpp"

#include <array>
#include <ostream>
#include <string_view>

namespace cairn::app {

namespace {

using codec::Json;

/// A stranger's words go to a terminal: nothing but ASCII that it shows.
std::string printable_field(const Json& object, std::string_view name) {
    const auto* field = object.find(name);
    if (field == nullptr || field->if_text() == nullptr)
        return {};
    auto text = *field->if_text();
    for (auto& character : text)
        if (character < ' ' || character > '~')
            character = '?';
    return text;
}

struct Detail {
    std::string_view name;
    std::string_view text;
};

/// What stands beside the message, in the order of spec 02 §5.
std::array<Detail, 5> details_of(const Failure& failure) {
    return {
        {{"field", failure.field},
         {"rule", failure.rule},
         {"expected", failure.expected},
         {"actual", failure.actual},
         {"hint", failure.hint}}};
}

std::string_view name_of(ExitCode code) {
    switch (code) {
        case ExitCode::ok:
            return "ok";
        case ExitCode::failure:
            return "failure";
        case ExitCode::usage:
            return "usage";
        case ExitCode::data:
            return "data";
        case ExitCode::unavailable:
            return "unavailable";
        case ExitCode::io:
            return "io";
        case ExitCode::timeout:
            return "timeout";
        case ExitCode::config:
            return "config";
    }
    return "failure";
}

std::string_view code_of(const Failure& failure) {
    if (!failure.error_code.empty())
        return failure.error_code;
    return failure.rule.empty() ? name_of(failure.code) : "rejected";
}

}  // namespace

Failure usage_failure(
    rpc::UsageRule rule,
    std::string message,
    std::string expected,
    std::string_view actual,
    std::string hint
) {
    return {
        .code = ExitCode::usage,
        .message = std::move(message),
        .rule = "app." + std::string{to_string(rule)},
        .expected = std::move(expected),
        .actual = actual.empty() ? "an empty text" : rpc::printable(actual),
        .hint = hint.empty() ? "cairn help COMMAND tells what a command takes" : std::move(hint)};
}

Failure data_failure(
    rpc::UsageRule rule,
    std::string message,
    std::string expected,
    std::string_view actual,
    std::string hint
) {
    auto failure =
        usage_failure(rule, std::move(message), std::move(expected), actual, std::move(hint));
    failure.code = ExitCode::data;
    return failure;
}

Failure bad_value(
    std::string message, std::string expected, std::string_view actual, std::string hint
) {
    return usage_failure(
        rpc::UsageRule::bad_value, std::move(message), std::move(expected), actual, std::move(hint)
    );
}

Failure missing_value(std::string message, std::string needed) {
    return usage_failure(
        rpc::UsageRule::missing_value, std::move(message), std::move(needed), "less than that"
    );
}

Failure failure_of(const Json& reply) {
    Failure failure{.code = ExitCode::data, .message = printable_field(reply, "message")};
    if (failure.message.empty())
        failure.message = "no reason given";
    failure.error_code = printable_field(reply, "code");
    if (failure.error_code.empty())
        failure.error_code = "error";
    if (const auto* details = reply.find("data"); details != nullptr) {
        failure.field = printable_field(*details, "field");
        failure.rule = printable_field(*details, "rule");
        failure.expected = printable_field(*details, "expected");
        failure.actual = printable_field(*details, "actual");
        failure.hint = printable_field(*details, "hint");
    }
    return failure;
}

Failure describe_json(const codec::JsonError& error, const std::string& source) {
    using codec::DecodeError;
    Failure failure{
        .code = ExitCode::data,
        .message = source + " exceeds a limit of JSON documents",
        .rule = "codec." + std::string{to_string(error.code)},
        .expected = error.expected,
        .actual = error.actual + ", at " + error.where,
        .hint = "make it smaller, or give a digest of it instead"};
    if (error.code == DecodeError::bad_json) {
        failure.message = source + " is not JSON";
        failure.hint = "look at what stands there: quotes, commas and brackets are missed easily";
    } else if (error.code == DecodeError::duplicate_key) {
        failure.message = source + " names a key twice in one object";
        failure.hint = "keep one of the two: readers of JSON differ in which one counts";
    } else if (error.code == DecodeError::number_too_large) {
        failure.message = source + " has a number that readers of JSON do not share";
        failure.hint = "write it as text, in quotes: many readers would round it";
    } else if (error.code == DecodeError::bad_text) {
        failure.message = source + " is not valid Unicode";
        failure.hint = "write it in UTF-8";
    }
    return failure;
}

std::string to_text(const Failure& failure) {
    auto text = failure.message;
    if (!failure.error_code.empty())
        text += " (" + failure.error_code + ")";
    for (const auto& detail : details_of(failure))
        if (!detail.text.empty())
            text.append("\n  ").append(detail.name).append(": ").append(detail.text);
    return text;
}

Json to_json(const Failure& failure) {
    auto details = Json::object();
    for (const auto& detail : details_of(failure))
        if (!detail.text.empty())
            details.set(detail.name, Json{detail.text});
    return Json::object(
        {{"type", Json{"error"}},
         {"code", Json{code_of(failure)}},
         {"message", Json{failure.message}},
         {"data", std::move(details)}}
    );
}

int report(const Failure& failure, std::ostream& errors) {
    errors << "cairn: " << to_text(failure) << '\n';
    return status_of(failure.code);
}

int report(const Failure& failure, bool json, std::ostream& out, std::ostream& errors) {
    if (!json)
        return report(failure, errors);
    out << codec::to_text(to_json(failure)) << '\n';
    return status_of(failure.code);
}

}  // namespace cairn::app
