#include "src/app/log.hpp"

#include "src/app/exit.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace cairn::app {

namespace {

UnixMillis wall_clock() {
    using std::chrono::duration_cast;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return UnixMillis{
        static_cast<std::uint64_t>(duration_cast<std::chrono::milliseconds>(now).count())};
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
    const spdlog::sinks_init_list sinks{
        std::make_shared<spdlog::sinks::stderr_sink_st>(),
        std::make_shared<spdlog::sinks::basic_file_sink_st>(options_.file.string()),
    };
    logger_ = std::make_shared<spdlog::logger>("cairn", sinks);
    // Our lines are complete; the filter has chosen them.
    logger_->set_pattern("%v");
    logger_->set_level(spdlog::level::trace);
    logger_->flush_on(spdlog::level::trace);
}

void Log::write(const node::LogEvent& event) {
    if (!options_.filter.passes(event))
        return;
    erase_status();
    logger_->info(fmt::string_view{"{}"}, format_log_line(event, wall_clock(), options_.format));
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
