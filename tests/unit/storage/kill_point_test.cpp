#include "src/storage/kill_point.hpp"

#include <catch2/catch.hpp>

namespace cairn::storage {

TEST_CASE("Kill point: only NAME:COUNT arms one", "[storage][D1]") {
    const auto point = KillPoint::parse("bodies_written:3");
    REQUIRE(point);
    CHECK(point->name == "bodies_written");
    CHECK(point->passes_left == 3);
    for (const auto* text :
         {"", ":", "name", "name:", ":3", "name:0", "name:-1", "name:3x", "a:b:c"})
        CHECK_FALSE(KillPoint::parse(text));
}

TEST_CASE("Kill point: it is reached once, at its count, by its name", "[storage][D1]") {
    KillPoint point{.name = "commit_done", .passes_left = 2};
    CHECK_FALSE(point.is_reached("commit_begun"));
    CHECK_FALSE(point.is_reached("commit_done"));
    CHECK_FALSE(point.is_reached("commit_begun"));
    CHECK(point.is_reached("commit_done"));
    CHECK_FALSE(point.is_reached("commit_done"));
}

}  // namespace cairn::storage
