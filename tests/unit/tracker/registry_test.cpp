#include "cairn/tracker/registry.hpp"

#include "cairn/tracker/limits.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace cairn;
using namespace cairn::tracker;

namespace {

ChainId chain_of(std::uint8_t first) {
    ChainId id;
    id.bytes[0] = first;
    return id;
}

node::Endpoint at(std::size_t host, std::uint16_t port = 5001) {
    return {
        "192." + std::to_string(host / 65536) + "." + std::to_string(host / 256 % 256) + "." +
            std::to_string(host % 256),
        port};
}

Time after(Duration passed) {
    return {Instant{passed}, UnixMillis{1'700'000'000'000}};
}

}  // namespace

TEST_CASE("Registry: an entry lives as long as it is renewed", "[tracker]") {
    Registry registry{entry_lifetime, 1};
    const auto token = registry.add(at(1), {chain_of(1)}, after({}));
    registry.expire(Instant{entry_lifetime - milliseconds{1}});
    CHECK(registry.renew(token, at(1), after(entry_lifetime - milliseconds{1})));
    registry.expire(Instant{entry_lifetime});
    CHECK(registry.size() == 1);
    registry.expire(Instant{2 * entry_lifetime - milliseconds{1}});
    CHECK(registry.size() == 0);
    CHECK_FALSE(registry.renew(token, at(1), after(2 * entry_lifetime)));
}

TEST_CASE("Registry: a token serves its own endpoint and host alone", "[tracker]") {
    Registry registry{entry_lifetime, 1};
    const auto token = registry.add(at(1), {chain_of(1)}, after({}));
    CHECK_FALSE(registry.renew(token, at(1, 5002), after({})));
    CHECK_FALSE(registry.renew({}, at(1), after({})));
    CHECK_FALSE(registry.remove(token, at(2).host));
    const auto second = registry.add(at(1), {chain_of(1)}, after({}));
    CHECK(registry.size() == 1);
    CHECK_FALSE(registry.remove(token, at(1).host));
    CHECK(registry.remove(second, at(1).host));
    CHECK(registry.size() == 0);
    CHECK_FALSE(registry.next_expiry().has_value());
}

TEST_CASE("Registry: entries of one host and of all hosts are bounded", "[tracker]") {
    Registry registry{entry_lifetime, 1};
    for (std::uint16_t port = 0; port < entries_per_host_max; ++port) {
        REQUIRE(registry.check(at(1, static_cast<std::uint16_t>(2000 + port)), true));
        registry.add(at(1, static_cast<std::uint16_t>(2000 + port)), {chain_of(1)}, after({}));
    }
    const auto one_more = registry.check(at(1), true);
    REQUIRE_FALSE(one_more);
    CHECK(one_more.error() == RegistryError::too_many_at_address);
    CHECK(to_string(one_more.error()) == "too_many_at_address");
    // Loopback on a local network does not count hosts; an entry that stands may be made anew.
    CHECK(registry.check(at(1), false));
    CHECK(registry.check(at(1, 2000), true));
    for (std::size_t host = 2; registry.size() < entries_max; ++host) {
        REQUIRE(registry.check(at(host), true));
        registry.add(at(host), {chain_of(1)}, after({}));
    }
    const auto too_many = registry.check(at(60'000), true);
    REQUIRE_FALSE(too_many);
    CHECK(too_many.error() == RegistryError::full);
    CHECK(to_string(too_many.error()) == "full");
}

TEST_CASE(
    "Registry: draws are random, without repetition, and of the chain asked for", "[tracker]"
) {
    Registry registry{entry_lifetime, 1};
    Random random{7};
    for (std::size_t host = 0; host < 300; ++host)
        registry.add(at(host), {chain_of(static_cast<std::uint8_t>(host % 3))}, after({}));
    std::set<node::Endpoint> seen;
    for (int i = 0; i < 100; ++i) {
        const auto drawn = registry.draw(chain_of(1), 50, random);
        REQUIRE(drawn.size() == 50);
        std::set<node::Endpoint> once;
        for (const auto* entry : drawn) {
            CHECK(entry->chains == std::vector{chain_of(1)});
            once.insert(entry->endpoint);
        }
        CHECK(once.size() == 50);
        seen.merge(once);
    }
    CHECK(seen.size() == 100);
    CHECK(registry.draw(chain_of(9), 50, random).empty());
    CHECK(registry.draw(std::nullopt, 400, random).size() == 300);
}
