#include "src/app/peers_file.hpp"

#include "tests/unit/app/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace cairn;
using namespace cairn::app;
using cairn::app_test::ScratchDirectory;

namespace {

node::SavedPeers some_peers() {
    return {
        .key = 0xfedcba9876543210,
        .addresses =
            {{{"192.0.2.1", 5001}, "192.0", UnixMillis{7}, UnixMillis{5}, 2, true},
             {{"2001:db8::1", 5002},
              "tracker a.example:5000",
              UnixMillis{9},
              UnixMillis{0},
              0,
              false}},
        .anchors = {{"192.0.2.1", 5001}}};
}

}  // namespace

TEST_CASE("PeersFile: what was written is read", "[app][peers_file][E4]") {
    const ScratchDirectory scratch;
    const std::filesystem::path file = scratch.write("peers.json", "old");
    REQUIRE(write_peers(file, some_peers()));
    const auto read = read_peers(file);
    REQUIRE(read);
    CHECK(*read == some_peers());
    CHECK_FALSE(std::filesystem::exists(file.string() + ".new"));
}

TEST_CASE("PeersFile: no file is an empty book", "[app][peers_file]") {
    const auto read = read_peers("/nonexistent/peers.json");
    REQUIRE(read);
    CHECK(read->addresses.empty());
    CHECK_FALSE(write_peers("/nonexistent/peers.json", some_peers()));
}

TEST_CASE("PeersFile: a file that cannot be understood is set aside", "[app][peers_file]") {
    const ScratchDirectory scratch;
    for (const auto* text :
         {"",
          "{",
          R"({"version":2,"key":"0000000000000001","anchors":[],"addresses":[]})",
          R"({"version":1,"key":"0000000000000001","anchors":["nowhere"],"addresses":[]})"}) {
        const std::filesystem::path file = scratch.write("peers.json", text);
        std::string warning;
        CHECK(read_or_set_aside(file, warning).addresses.empty());
        CHECK_FALSE(warning.empty());
        CHECK_FALSE(std::filesystem::exists(file));
        CHECK(std::filesystem::exists(file.string() + ".bad"));
    }
}
