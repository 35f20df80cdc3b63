#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/random.hpp"
#include "cairn/base/uint256.hpp"

#include <catch2/catch.hpp>

namespace cairn {

TEST_CASE("Hex: bytes survive a round trip, odd and foreign text is refused", "[base]") {
    CHECK(to_hex(Bytes{0x00, 0x7f, 0xff}) == "007fff");
    CHECK(from_hex("007FfF") == Bytes{0x00, 0x7f, 0xff});
    CHECK(from_hex("").value().empty());
    CHECK_FALSE(from_hex("0"));
    CHECK_FALSE(from_hex("0g"));
    CHECK_FALSE(fixed_from_hex<Hash256>("00"));
    CHECK(fixed_from_hex<Hash256>(std::string(64, 'a')).value().bytes[31] == 0xaa);
}

TEST_CASE("Quantity: a checked sum stops at 2^53-1, a difference at zero", "[base][K2]") {
    CHECK(checked_add(Amount{quantity_max - 1}, Amount{1}) == Amount{quantity_max});
    CHECK_FALSE(checked_add(Amount{quantity_max}, Amount{1}));
    CHECK_FALSE(checked_add(Amount{~std::uint64_t{0}}, Amount{1}));
    CHECK(checked_sub(Amount{1}, Amount{1}) == Amount{0});
    CHECK_FALSE(checked_sub(Amount{0}, Amount{1}));
}

TEST_CASE("Random: a seed fixes the sequence on every compiler", "[base]") {
    Random random{42};
    CHECK(random.next() == 1546998764402558742U);
    CHECK(random.next() == 6990951692964543102U);
    Random left{7};
    Random right{7};
    for (int i = 0; i < 1000; ++i)
        REQUIRE(left.below(10) == right.below(10));
    CHECK(left.split().next() != left.next());
}

TEST_CASE("Uint256: the order is numeric and the sum saturates", "[base]") {
    const auto one = Uint256::from_u64(1);
    CHECK(one < Uint256::max());
    CHECK(saturating_add(Uint256::max(), one) == Uint256::max());
    CHECK(saturating_add({{0, 0, 0, ~std::uint64_t{0}}}, one) == Uint256{{0, 0, 1, 0}});
    CHECK(
        saturating_add({{0, 0, 1, ~std::uint64_t{0}}}, {{0, 0, ~std::uint64_t{0}, 1}}) ==
        Uint256{{0, 1, 1, 0}}
    );
    CHECK(Uint256::from_big_endian(one.to_big_endian()) == one);
    CHECK(one.to_big_endian()[31] == 1);
}

}  // namespace cairn
