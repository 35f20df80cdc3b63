#include "src/app/suggest.hpp"

#include <catch2/catch.hpp>

using namespace cairn::app;

TEST_CASE("Suggest: the distance counts single letters", "[app][suggest]") {
    struct Row {
        const char* left;
        const char* right;
        std::size_t distance;
    };

    const Row row = GENERATE(
        Row{"", "", 0},
        Row{"", "abc", 3},
        Row{"abc", "", 3},
        Row{"port", "port", 0},
        Row{"prot", "port", 1},
        Row{"por", "port", 1},
        Row{"kitten", "sitting", 3}
    );
    REQUIRE(edit_distance(row.left, row.right) == row.distance);
}

TEST_CASE("Suggest: the nearest known word is offered", "[app][suggest]") {
    const std::vector<std::string> known{"--datadir", "--bind", "--bootstrap"};

    REQUIRE(suggest("--datdir", known) == "--datadir");
    REQUIRE(suggest("--bnid", known) == "--bind");
    REQUIRE(suggestion("--bootstrp", known, "none") == "did you mean --bootstrap?");
}

TEST_CASE("Suggest: a word unlike all others gets no offer", "[app][suggest]") {
    REQUIRE_FALSE(suggest("xyz", {"--datadir", "--bind"}));
    REQUIRE(suggestion("xyz", {"--bind"}, "none") == "none");
    REQUIRE_FALSE(suggest("xyz", {}));
}
