#include "cairn/node/as_map.hpp"

#include "tests/support/as_map_program.hpp"

#include "cairn/node/address_book.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::node;
using namespace cairn::test;

namespace {

/// 101.1.0.0/16 to 101.8.0.0/16 are of the systems 1 to 8, 250.0.0.0/8 of 1000: the file
/// src/test/data/asmap.raw of Bitcoin Core's address manager tests.
constexpr std::string_view core_map =
    "fb03ec0fb03fc0fe00fb03ec0fb03fc0fe00fb03ec0fb0fffffeffedb0ffd486e62829000040000040004099010080"
    "0180040000050006001cf039";

/// The shortest map: all addresses are of system 1. 0 for the answer, 0 for its class, 15 zeros.
constexpr std::string_view one_map = "000000";

std::optional<AsMap> parse(std::string_view hex) {
    return AsMap::parse(from_hex(hex).value());
}

}  // namespace

TEST_CASE("AsMap: it tells who announces an address", "[node][E1]") {
    const auto map = parse(core_map);
    REQUIRE(map);
    CHECK(map->system_of("250.1.2.3") == 1000);
    for (std::uint32_t i = 1; i <= 8; ++i)
        CHECK(map->system_of("101." + std::to_string(i) + ".7.9") == i);
    CHECK(map->system_of("::ffff:101.3.7.9") == 3);
    CHECK(map->system_of("8.8.8.8") == 0);
    CHECK(map->system_of("2001:470::1") == 0);
    CHECK(map->system_of("node.example.org") == 0);
    CHECK(parse(one_map)->system_of("2001:470::1") == 1);
}

TEST_CASE("AsMap: what is no such map is refused whole", "[node]") {
    CHECK_FALSE(parse(""));
    CHECK_FALSE(parse("ffffff"));
    const auto whole = from_hex(core_map).value();
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(AsMap::parse(Bytes(whole.begin(), whole.begin() + static_cast<long>(size))));
    SECTION("a byte of padding") {
        CHECK(parse(one_map));
        CHECK_FALSE(parse("00000000"));
        CHECK_FALSE(parse("000080"));
    }
    SECTION("more bits than an address has") {
        Bits all;
        for (int i = 0; i < 16; ++i)
            all = all + match(Bits(8));
        CHECK(AsMap::parse(packed(all + answer(1))));
        CHECK_FALSE(AsMap::parse(packed(all + match(Bits(1)) + answer(1))));
        CHECK_FALSE(AsMap::parse(packed(all + branch(answer(1), answer(2)))));
    }
    SECTION("a branch into the midst of an instruction, or over one") {
        const auto good = branch(answer(1), answer(2));
        CHECK(AsMap::parse(packed(good)));
        auto early = branch(answer(1), Bits{}) + answer(2);
        early[7] = !early[7];
        CHECK_FALSE(AsMap::parse(packed(early)));
        CHECK_FALSE(AsMap::parse(packed(branch(answer(1) + answer(2), answer(3)))));
        CHECK_FALSE(AsMap::parse(packed(branch(otherwise(1), answer(2)))));
    }
}

TEST_CASE("AsMap: addresses of one system are one group", "[node][E1]") {
    const auto map = parse(core_map);
    REQUIRE(map);
    const auto group = [&map](const char* host) { return group_of({host, 5001}, false, &*map); };
    CHECK(group("101.3.2.3") == "AS3");
    CHECK(group("101.3.9.3") == "AS3");
    CHECK(group("8.8.8.8") == "8.8");
    CHECK(group("10.1.2.3") == "10.1.2.3:5001");
    CHECK(group_of({"101.3.2.3", 5001}, true, &*map) == "101.3.2.3:5001");
}
