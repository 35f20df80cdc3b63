#include "src/app/log.hpp"

#include "src/app/exit.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

namespace cairn::app {

namespace {

UnixMillis wall_clock() {
    using std::chrono::duration_cast;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return UnixMillis{
        static_cast<std::uint64_t>(duration_cast<std::chrono::milliseconds>(now).count())};
}

Instant steady_clock() {
    return {
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

}  // namespace

Log::Log(LogOptions options)
    : options_{std::move(options)}, is_terminal_{::isatty(STDERR_FILENO) == 1} {
    try {
        open();
    } catch (const spdlog::spdlog_ex& error) {
        throw StartError{ExitCode::io, std::string{"cannot open the log: "} + error.what()};
    }
}

Log::~Log() {
    erase_status();
}

void Log::open() {
    std::vector<spdlog::sink_ptr> sinks;
    if (!options_.file.empty())
        sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_st>(options_.file.string())
        );
    if (!options_.is_silent)
        sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_st>());
    logger_ = std::make_shared<spdlog::logger>("cairn", sinks.begin(), sinks.end());
    // Our lines are complete; the filter has chosen them.
    logger_->set_pattern("%v");
    logger_->set_level(spdlog::level::trace);
    logger_->flush_on(spdlog::level::trace);
}

void Log::write(const node::LogEvent& event) {
    if (!options_.filter.passes(event))
        return;
    const auto time = wall_clock();
    const auto line = format_log_line(event, time, options_.format);
    // Messages are constants in the source: with its area one names the place that writes it.
    const auto site = std::string{event.area} + ": " + event.message;
    switch (budget_.admit(site, line.size() + 1, steady_clock())) {
        case LogBudget::Ruling::write:
            write_line(line);
            break;
        case LogBudget::Ruling::last:
            write_line(format_log_line(
                {.level = node::LogEvent::Level::warning,
                 .area = "log",
                 .message = "too many lines of one kind; they are dropped for the rest of an hour",
                 .fields = {{"kind", site}}},
                time,
                options_.format
            ));
            break;
        case LogBudget::Ruling::drop:
            break;
    }
}

void Log::write_line(const std::string& line) {
    erase_status();
    logger_->info(fmt::string_view{"{}"}, line);
    paint_status();
}

void Log::reopen() {
    try {
        open();
    } catch (const spdlog::spdlog_ex& error) {
        // The old file stays open: better a line in the wrong place than none.
        write(
            {.level = node::LogEvent::Level::error,
             .area = "log",
             .message = "cannot reopen the log file",
             .fields = {{"reason", error.what()}}}
        );
    }
}

void Log::show_status(std::string text) {
    if (!is_terminal_)
        return;
    erase_status();
    status_ = std::move(text);
    paint_status();
}

void Log::erase_status() const {
    if (!status_.empty())
        std::fputs("\r\x1b[2K", stderr);
}

void Log::paint_status() const {
    if (status_.empty())
        return;
    std::fputs(status_.c_str(), stderr);
    std::fflush(stderr);
}

}  // namespace cairn::app
