/// One event of the node as one line of the log, in text or JSON.
///
/// Text: `2026-01-31T12:00:00.000Z info chain new tip height=5 hash=ab12`. A value that holds more
/// than plain characters stands in JSON quotes, so that nothing from peers can forge a line.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/events.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::app {

enum class LogFormat : std::uint8_t { text, json };

/// `text` or `json`; nothing for another word.
[[nodiscard]] std::optional<LogFormat> parse_log_format(std::string_view text);

[[nodiscard]] std::string_view to_string(node::LogEvent::Level level);

/// RFC 3339 in UTC with milliseconds.
[[nodiscard]] std::string to_rfc3339(UnixMillis time);

/// `text` as it is when it consists of printable ASCII without space, `"`, `=` and `\`; otherwise
/// as a JSON string.
[[nodiscard]] std::string plain_or_quoted(std::string_view text);

/// The line without its newline.
[[nodiscard]] std::string format_log_line(
    const node::LogEvent& event, UnixMillis time, LogFormat format
);

/// Which events are logged: a least level, and others for single areas.
class LogFilter {
  public:
    /// Reads `info` or `info,net=debug,chain=warning`; nothing when a level is unknown.
    [[nodiscard]] static std::optional<LogFilter> parse(std::string_view text);

    [[nodiscard]] bool passes(const node::LogEvent& event) const;

  private:
    node::LogEvent::Level least_ = node::LogEvent::Level::info;
    std::map<std::string, node::LogEvent::Level, std::less<>> areas_;
};

}  // namespace cairn::app
