#include "src/app/log_budget.hpp"

#include "src/app/log.hpp"
#include "tests/unit/app/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace cairn;
using namespace cairn::app;
using cairn::app_test::ScratchDirectory;
using Ruling = LogBudget::Ruling;

TEST_CASE("LogBudget: a call site has one mebibyte an hour", "[app][log][X3]") {
    LogBudget budget;
    const Instant start{std::chrono::seconds{50}};
    REQUIRE(budget.admit("peer: refused", log_site_bytes_max, start) == Ruling::write);
    REQUIRE(budget.admit("peer: refused", 1, start) == Ruling::last);
    REQUIRE(budget.admit("peer: refused", 1, start) == Ruling::drop);
    REQUIRE(budget.admit("chain: new tip", 1, start) == Ruling::write);
    const auto almost = start + (log_site_period - std::chrono::milliseconds{1});
    REQUIRE(budget.admit("peer: refused", 1, almost) == Ruling::drop);
    REQUIRE(budget.admit("peer: refused", 1, start + log_site_period) == Ruling::write);
}

TEST_CASE("LogBudget: call sites beyond the maximum share one budget", "[app][log]") {
    LogBudget budget;
    const Instant start;
    for (std::size_t i = 0; i < log_sites_max; ++i)
        REQUIRE(budget.admit(std::to_string(i), log_site_bytes_max, start) == Ruling::write);
    REQUIRE(budget.admit("another", log_site_bytes_max, start) == Ruling::write);
    REQUIRE(budget.admit("one more", 1, start) == Ruling::last);
    REQUIRE(budget.admit("0", 1, start) == Ruling::last);
}

TEST_CASE(
    "Log: a flood of one line fills a mebibyte, and is said to be dropped", "[app][log][X3]"
) {
    const ScratchDirectory scratch;
    const auto file = scratch.path() / "node.log";
    {
        Log log{{.file = file, .format = LogFormat::text, .filter = {}, .is_silent = true}};
        node::LogEvent flood{
            .level = node::LogEvent::Level::error,
            .area = "peer",
            .message = "refused",
            .fields = {{"address", std::string(1000, 'a')}}};
        for (int i = 0; i < 3'000; ++i)
            log.write(flood);
        flood.message = "something else";
        log.write(flood);
    }
    REQUIRE(std::filesystem::file_size(file) < log_site_bytes_max + 4096);
    std::ifstream stream{file};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const auto notice = text.find("too many lines of one kind");
    REQUIRE(notice != std::string::npos);
    REQUIRE(text.find("too many lines of one kind", notice + 1) == std::string::npos);
    REQUIRE(text.find("something else", notice) != std::string::npos);
}
