#include "src/app/option_values.hpp"

#include "cairn/rpc/error.hpp"

#include <limits>
#include <utility>

namespace cairn::app {

std::string describe(const NumberRange& range) {
    return "a whole number from " + std::to_string(range.least) + " to " +
           std::to_string(range.most);
}

Failure value_failure(
    const std::string& option, std::string expected, std::string_view actual, std::string hint
) {
    auto failure = bad_value({}, std::move(expected), actual, std::move(hint));
    failure.message =
        option + ": takes " + failure.expected + ", not '" + rpc::printable(actual) + "'";
    return failure;
}

void refuse_value(
    const std::string& option, std::string expected, std::string_view actual, std::string hint
) {
    throw UsageError{value_failure(option, std::move(expected), actual, std::move(hint))};
}

void refuse_file(const std::string& option, std::string expected, std::string_view actual) {
    auto failure = value_failure(option, std::move(expected), actual, "look at what the file has");
    failure.code = ExitCode::data;
    throw UsageError{std::move(failure)};
}

void check_range(const std::string& option, std::uint64_t number, const NumberRange& range) {
    if (number < range.least || number > range.most)
        refuse_value(option, describe(range), std::to_string(number));
}

std::uint16_t to_port(const std::string& option, std::uint64_t number) {
    constexpr auto most = std::numeric_limits<std::uint16_t>::max();
    check_range(option, number, {0, most});
    return static_cast<std::uint16_t>(number);
}

LogFilter read_log_filter(const std::string& text) {
    const auto filter = LogFilter::parse(text);
    if (!filter)
        refuse_value(
            "--log-level",
            "debug, info, warning or error, also of single areas as in info,net=debug",
            text
        );
    return *filter;
}

LogFormat read_log_format(const std::string& text) {
    const auto format = parse_log_format(text);
    if (!format)
        refuse_value("--log-format", "text or json", text);
    return *format;
}

}  // namespace cairn::app
