#include "src/app/disk_space.hpp"

#include "tests/unit/app/scratch_directory.hpp"

#include <catch2/catch.hpp>

using namespace cairn::app;
using cairn::app_test::ScratchDirectory;

namespace {

DiskGuard guard_with(std::optional<std::uint64_t> free, std::uint64_t min_free_mib) {
    return {"folder", min_free_mib, [free](const std::filesystem::path&) { return free; }};
}

}  // namespace

TEST_CASE("DiskGuard: below the minimum there is a complaint", "[app][D4]") {
    constexpr std::uint64_t minimum = min_free_mib_default * 1024 * 1024;
    REQUIRE_FALSE(guard_with(minimum, min_free_mib_default).complaint());
    const auto complaint = guard_with(minimum - 1, min_free_mib_default).complaint();
    REQUIRE(complaint);
    REQUIRE(
        *complaint ==
        "only 63 MiB are free for folder and 64 are wanted; make room, or give a smaller "
        "--min-free"
    );
}

TEST_CASE("DiskGuard: a system that does not tell, and no minimum, are no complaint", "[app]") {
    REQUIRE_FALSE(guard_with(std::nullopt, min_free_mib_default).complaint());
    REQUIRE_FALSE(guard_with(0, 0).complaint());
}

TEST_CASE("DiskGuard: the system tells the room below a folder", "[app]") {
    const ScratchDirectory scratch;
    REQUIRE(free_bytes(scratch.path()).value_or(0) > 0);
    REQUIRE_FALSE(free_bytes(scratch.path() / "nothing here"));
}
