#include "src/app/log_format.hpp"

#include "cairn/codec/json_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace cairn::app {

using Level = node::LogEvent::Level;

namespace {

constexpr std::uint64_t second_ms = 1000;

std::optional<Level> parse_level(std::string_view text) {
    constexpr std::array levels{Level::debug, Level::info, Level::warning, Level::error};
    for (const Level level : levels) {
        if (to_string(level) == text)
            return level;
    }
    return std::nullopt;
}

bool is_plain(char letter) {
    return letter > ' ' && letter < '\x7f' && letter != '"' && letter != '=' && letter != '\\';
}

/// Messages are ours, but may quote what a peer said: control characters never reach a terminal.
std::string printable(std::string_view text) {
    std::string result{text};
    std::replace_if(
        result.begin(), result.end(), [](char letter) { return letter < ' ' || letter > '~'; }, '?'
    );
    return result;
}

void append_member(std::string& line, std::string_view key, std::string_view value) {
    line += line.empty() ? '{' : ',';
    codec::append_quoted(line, key);
    line += ':';
    codec::append_quoted(line, value);
}

}  // namespace

std::optional<LogFormat> parse_log_format(std::string_view text) {
    if (text == "text")
        return LogFormat::text;
    if (text == "json")
        return LogFormat::json;
    return std::nullopt;
}

std::string_view to_string(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            return "error";
    }
    return "unknown";
}

std::string to_rfc3339(UnixMillis time) {
    const auto seconds = static_cast<std::time_t>(time.value / second_ms);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), time.value % second_ms);
}

std::string plain_or_quoted(std::string_view text) {
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain))
        return std::string{text};
    std::string quoted;
    codec::append_quoted(quoted, text);
    return quoted;
}

std::string format_log_line(const node::LogEvent& event, UnixMillis time, LogFormat format) {
    if (format == LogFormat::json) {
        std::string line;
        append_member(line, "ts", to_rfc3339(time));
        append_member(line, "level", to_string(event.level));
        append_member(line, "cat", event.area);
        append_member(line, "msg", event.message);
        for (const auto& [key, value] : event.fields)
            append_member(line, key, value);
        return line + '}';
    }
    std::string line = fmt::format(
        "{} {} {} {}",
        to_rfc3339(time),
        to_string(event.level),
        event.area,
        printable(event.message)
    );
    for (const auto& [key, value] : event.fields)
        line += fmt::format(" {}={}", key, plain_or_quoted(value));
    return line;
}

std::optional<LogFilter> LogFilter::parse(std::string_view text) {
    LogFilter filter;
    while (true) {
        const std::size_t comma = text.find(',');
        const std::string_view part = text.substr(0, comma);
        const std::size_t equals = part.find('=');
        const bool is_area = equals != std::string_view::npos;
        const auto level = parse_level(is_area ? part.substr(equals + 1) : part);
        if (!level)
            return std::nullopt;
        if (is_area)
            filter.areas_[std::string{part.substr(0, equals)}] = *level;
        else
            filter.least_ = *level;
        if (comma == std::string_view::npos)
            return filter;
        text.remove_prefix(comma + 1);
    }
}

bool LogFilter::passes(const node::LogEvent& event) const {
    const auto area = areas_.find(event.area);
    return event.level >= (area == areas_.end() ? least_ : area->second);
}

}  // namespace cairn::app
