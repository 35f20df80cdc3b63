#include "cairn/node/inbound_door.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::node;

namespace {

/// Whether `host` is let in; if so, it stays.
std::optional<DoorRefusal> enter(
    InboundDoor& door, std::uint64_t link, const std::string& host, Instant now
) {
    const auto refusal = door.knock(host, now);
    if (!refusal)
        door.on_entered(LinkId{link}, host);
    return refusal;
}

std::string host_in_24(std::uint64_t number) {
    return "8.8.8." + std::to_string(number);
}

}  // namespace

TEST_CASE("RateLimit: a key is counted for a window, and keys are bounded", "[node]") {
    RateLimit limit{{.events_max = 2, .window = minutes{1}, .keys_max = 3}};
    CHECK(limit.count("a", Instant{}) == Duration{});
    CHECK(limit.count("a", Instant{seconds{10}}) == Duration{});
    CHECK(limit.count("a", Instant{seconds{20}}) == seconds{40});
    CHECK(limit.count("a", Instant{seconds{60}}) == Duration{});
    for (const auto* key : {"b", "c", "d"})
        CHECK(limit.count(key, Instant{seconds{60}}) == Duration{});
    CHECK(limit.size() == 3);
}

TEST_CASE("InboundDoor: who stands behind an address", "[node]") {
    struct Row {
        std::string host;
        std::string source;
        std::string subnet;
    };

    const std::vector<Row> rows{
        {"8.8.4.4", "8.8.4.4", "8.8.4"},
        {"2001:db8:1:2::5", "8193:3512:1:2:/64", "8193:3512:1:/48"},
        {"2001:DB8:1:2:3:4:5:6", "8193:3512:1:2:/64", "8193:3512:1:/48"},
        {"2001:db8::", "8193:3512:0:0:/64", "8193:3512:0:/48"},
        {"::1", "0:0:0:0:/64", "0:0:0:/48"},
        {"64:ff9b::8.8.4.4", "100:65435:0:0:/64", "100:65435:0:/48"},
        {"fe80::1%eth0", "65152:0:0:0:/64", "65152:0:0:/48"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.host);
        CHECK(source_of(row.host, false) == row.source);
        CHECK(source_of(row.host, true) == row.host);
        CHECK(subnet_of(row.host) == row.subnet);
    }
    for (const auto* other :
         {"name",
          "1.2.3",
          "1:2:3",
          ":::",
          "1::2::3",
          "12345::",
          "::g",
          "1::2:",
          "1:2:3:4:5:6:7:8:9",
          "1:2:3:4:5:6:7::8",
          ""}) {
        CAPTURE(other);
        CHECK(source_of(other, false) == other);
        CHECK(subnet_of(other) == other);
    }
}

TEST_CASE("InboundDoor: an address opens one link a second", "[node][X1]") {
    InboundDoor door{{}, false};
    const Instant start{seconds{7}};
    static_assert(links_per_second_max == 1);
    CHECK_FALSE(enter(door, 1, "8.8.4.4", start));
    CHECK(enter(door, 2, "8.8.4.4", start + milliseconds{999}) == DoorRefusal::too_frequent);
    // What is refused does not count.
    CHECK_FALSE(enter(door, 3, "8.8.4.4", start + seconds{1}));
    CHECK_FALSE(enter(door, 4, "8.8.4.5", start + seconds{1}));
    CHECK_FALSE(enter(door, 5, "2001:db8::1", start));
    CHECK(enter(door, 6, "2001:db8::2", start) == DoorRefusal::too_frequent);

    InboundDoor wide{{.links_per_second = 3}, true};
    for (std::uint64_t i = 0; i < 3; ++i)
        CHECK_FALSE(enter(wide, i, "10.0.0.1", start));
    CHECK(enter(wide, 3, "10.0.0.1", start) == DoorRefusal::too_frequent);
}

TEST_CASE("InboundDoor: an address has eight links", "[node][X1]") {
    InboundDoor door{{}, GENERATE(false, true)};
    Instant now{};
    for (std::uint64_t i = 0; i < links_per_address_max; ++i, now = now + seconds{1})
        CHECK_FALSE(enter(door, i, "8.8.4.4", now));
    CHECK(enter(door, 99, "8.8.4.4", now) == DoorRefusal::address_full);
    door.on_gone(LinkId{3});
    door.on_gone(LinkId{3});
    CHECK(door.size() == links_per_address_max - 1);
    CHECK_FALSE(enter(door, 99, "8.8.4.4", now));
}

TEST_CASE("InboundDoor: a network has 32 links, unless it is a local one", "[node][X1]") {
    const bool is_local = GENERATE(false, true);
    InboundDoor door{{}, is_local};
    for (std::uint64_t i = 0; i < links_per_subnet_max; ++i)
        CHECK_FALSE(enter(door, i, host_in_24(i), Instant{}));
    const auto next = enter(door, 99, host_in_24(99), Instant{});
    CHECK(next == (is_local ? std::nullopt : std::optional{DoorRefusal::subnet_full}));
    CHECK_FALSE(enter(door, 100, "8.8.9.1", Instant{}));
    door.on_gone(LinkId{0});
    CHECK_FALSE(enter(door, 101, host_in_24(100), Instant{}));

    InboundDoor six{{}, false};
    for (std::uint64_t i = 0; i < links_per_subnet_max; ++i)
        CHECK_FALSE(enter(six, i, "2001:db8:7:" + std::to_string(i) + "::1", Instant{}));
    CHECK(enter(six, 99, "2001:db8:7:99::1", Instant{}) == DoorRefusal::subnet_full);
    CHECK_FALSE(enter(six, 99, "2001:db8:8::1", Instant{}));
}

TEST_CASE("InboundDoor: refusals have names", "[node]") {
    CHECK(to_string(DoorRefusal::too_frequent) == "too_frequent");
    CHECK(to_string(DoorRefusal::address_full) == "address_full");
    CHECK(to_string(DoorRefusal::subnet_full) == "subnet_full");
}
