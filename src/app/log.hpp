/// The log: lines on stderr and in a file, and on a terminal one live status line below them.
#pragma once

#include "src/app/log_budget.hpp"
#include "src/app/log_format.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace cairn::app {

struct LogOptions {
    /// Empty: stderr alone.
    std::filesystem::path file;
    LogFormat format = LogFormat::text;
    LogFilter filter;
    /// Nothing goes to stderr.
    bool is_silent = false;
};

/// Used by one thread.
class Log {
  public:
    /// Throws `StartError` (`io`) when the file cannot be opened.
    explicit Log(LogOptions options);
    /// Removes the status line.
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// Writes the event as a line, unless the filter or the budget of its call site is against it;
    /// the first line that the budget drops is replaced by one that says so.
    void write(const node::LogEvent& event);
    /// Opens the file again, after it was moved away.
    void reopen();
    /// Shows `text` as the status line, on a terminal only; empty removes it.
    void show_status(std::string text);

    [[nodiscard]] bool is_terminal() const { return is_terminal_; }

  private:
    void open();
    void write_line(const std::string& line);
    void erase_status() const;
    void paint_status() const;

    LogOptions options_;
    LogBudget budget_;
    std::shared_ptr<spdlog::logger> logger_;
    std::string status_;
    bool is_terminal_ = false;
};

}  // namespace cairn::app
