#include "src/app/data_directory.hpp"

#include "src/app/exit.hpp"
#include "tests/unit/app/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace cairn::app;
using cairn::app_test::ScratchDirectory;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

ExitCode refusal(const fs::path& path) {
    try {
        const DataDirectory directory{path};
    } catch (const StartError& error) {
        return error.code();
    }
    return ExitCode::ok;
}

}  // namespace

TEST_CASE("DataDirectory: a second holder is refused until the first is gone", "[app][D7]") {
    const ScratchDirectory scratch;
    const auto path = scratch.path() / "node";
    {
        const DataDirectory first{path};
        REQUIRE(refusal(path) == ExitCode::config);
    }
    REQUIRE(refusal(path) == ExitCode::ok);
}

TEST_CASE("DataDirectory: the cookie is private, new each time, removed at the end", "[app][A2]") {
    const ScratchDirectory scratch;
    const auto path = scratch.path() / "node";
    const auto file = path / "control.cookie";
    std::string first;
    {
        DataDirectory directory{path};
        first = directory.create_cookie();
        REQUIRE(first.size() == 64);
        REQUIRE(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        std::ifstream stream{file};
        REQUIRE(std::string{std::istreambuf_iterator<char>{stream}, {}} == first);
    }
    REQUIRE_FALSE(fs::exists(file));
    DataDirectory directory{path};
    REQUIRE(directory.create_cookie() != first);
}

TEST_CASE("DataDirectory: a cookie is never written through a link", "[app][A2]") {
    const ScratchDirectory scratch;
    const auto path = scratch.path() / "node";
    const auto victim = scratch.write("victim", "untouched");
    DataDirectory directory{path};
    fs::create_symlink(victim, path / "control.cookie");

    REQUIRE(directory.create_cookie().size() == 64);
    REQUIRE(fs::file_size(victim) == 9);
}

TEST_CASE("DataDirectory: a path that is a file is refused", "[app]") {
    const ScratchDirectory scratch;

    REQUIRE(refusal(scratch.write("file", "text")) == ExitCode::io);
}
