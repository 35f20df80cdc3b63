#include "cairn/consensus/target.hpp"

#include <catch2/catch.hpp>

namespace cairn::consensus {

namespace {

/// 2^exponent.
Uint256 power(unsigned exponent) {
    Uint256 result;
    result.limbs[3 - exponent / 64] = std::uint64_t{1} << (exponent % 64);
    return result;
}

}  // namespace

TEST_CASE("Compact target: every byte length survives a round trip", "[consensus][K4]") {
    for (unsigned exponent = 0; exponent < 256; ++exponent) {
        const auto compact = compact_from_target(power(exponent));
        CHECK(target_from_compact(compact) == power(exponent));
    }
    CHECK(compact_from_target(Uint256::from_u64(0x12'3456)) == 0x0312'3456);
    CHECK(compact_from_target(Uint256::from_u64(0x80)) == 0x0200'8000);
}

TEST_CASE("Compact target: rounding goes down", "[consensus]") {
    CHECK(compact_from_target(Uint256::from_u64(0x1234'56ff)) == 0x0412'3456);
    CHECK(compact_from_target(Uint256::max()) == 0x2100'ffff);
    const auto easiest = target_from_compact(0x2100'ffff);
    REQUIRE(easiest);
    CHECK(*easiest < Uint256::max());
}

TEST_CASE("Compact target: no second form of a number is read", "[consensus][K4]") {
    CHECK_FALSE(target_from_compact(0));            // zero
    CHECK_FALSE(target_from_compact(0x1d00'0000));  // zero with a length
    CHECK_FALSE(target_from_compact(0x1d80'ffff));  // negative
    CHECK_FALSE(target_from_compact(0x2101'0000));  // 2^256
    CHECK_FALSE(target_from_compact(0xff12'3456));  // 2^2024 and more
    CHECK_FALSE(target_from_compact(0x2200'00ff));  // fits, but not minimal
    CHECK_FALSE(target_from_compact(0x1e00'007f));  // a zero byte before a small one
    CHECK_FALSE(target_from_compact(0x0112'3456));  // bits below 1
}

TEST_CASE("Work: the expected number of hashes", "[consensus]") {
    CHECK(work_of_target(Uint256{}) == Work::max());
    CHECK(work_of_target(Uint256::from_u64(1)) == power(255));
    CHECK(work_of_target(Uint256::max()) == Work::from_u64(1));
    CHECK(work_of_target(power(255)) == Work::from_u64(1));
    CHECK(to_decimal(work_of_target(*target_from_compact(0x1d00'ffff))) == "4295032833");
    CHECK(to_decimal(Work{}) == "0");
    CHECK(
        to_decimal(Work::max()) ==
        "115792089237316195423570985008687907853269984665640564039457584007913129639935"
    );
}

TEST_CASE("Work: a lower target is never lighter", "[consensus]") {
    Work lighter = work_of_target(power(255));
    for (unsigned exponent = 255; exponent-- > 0;) {
        const auto heavier = work_of_target(power(exponent));
        CHECK(heavier > lighter);
        lighter = heavier;
    }
}

}  // namespace cairn::consensus
