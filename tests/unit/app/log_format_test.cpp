#include "src/app/log_format.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::app;

namespace {

constexpr UnixMillis noon{1'769'860'800'042};

node::LogEvent sample() {
    return {
        .level = node::LogEvent::Level::warning,
        .area = "net",
        .message = "link closed",
        .fields = {{"link", "7"}, {"agent", "a b\n\"c\""}},
    };
}

}  // namespace

TEST_CASE("LogFormat: a text line quotes what is not plain", "[app][log]") {
    REQUIRE(
        format_log_line(sample(), noon, LogFormat::text) ==
        R"(2026-01-31T12:00:00.042Z warning net link closed link=7 agent="a b\n\"c\"")"
    );
}

TEST_CASE("LogFormat: a JSON line has the same keys", "[app][log]") {
    REQUIRE(
        format_log_line(sample(), noon, LogFormat::json) ==
        R"({"ts":"2026-01-31T12:00:00.042Z","level":"warning","cat":"net",)"
        R"("msg":"link closed","link":"7","agent":"a b\n\"c\""})"
    );
}

TEST_CASE("LogFormat: control characters never leave a message", "[app][log][C8]") {
    auto event = sample();
    event.message = "x\x1b[2J\ny";
    event.fields.clear();

    REQUIRE(
        format_log_line(event, noon, LogFormat::text) ==
        "2026-01-31T12:00:00.042Z warning net x?[2J?y"
    );
}

TEST_CASE("LogFilter: an area can have a level of its own", "[app][log]") {
    const auto filter = LogFilter::parse("warning,chain=debug,net=error");
    REQUIRE(filter);
    auto event = sample();
    REQUIRE_FALSE(filter->passes(event));
    event.area = "mempool";
    REQUIRE(filter->passes(event));
    event.level = node::LogEvent::Level::debug;
    REQUIRE_FALSE(filter->passes(event));
    event.area = "chain";
    REQUIRE(filter->passes(event));
}

TEST_CASE("LogFilter: unknown levels are refused", "[app][log]") {
    REQUIRE_FALSE(LogFilter::parse("loud"));
    REQUIRE_FALSE(LogFilter::parse(""));
    REQUIRE_FALSE(LogFilter::parse("info,net="));
}
