#include "cairn/consensus/target.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <vector>

namespace cairn::consensus {

namespace {

constexpr std::int64_t interval_ms = 15'000;
constexpr std::int64_t half_life_ms = half_life_intervals * interval_ms;

AsertParameters with_limit(std::uint32_t compact) {
    return {
        .block_interval_ms = interval_ms,
        .half_life_ms = half_life_ms,
        .target_limit = target_from_compact(compact).value(),
    };
}

struct PublishedRow {
    std::uint64_t height;
    std::int64_t time;
    std::uint32_t compact;
};

/// Bitcoin Cash's rule is ours without the cap: its blocks come every 600 s, its half-life is two
/// days, and its clock starts with the time of the anchor's parent.
struct PublishedRun {
    std::uint64_t anchor_height;
    std::int64_t anchor_parent_time;
    std::uint32_t anchor_compact;
    std::vector<PublishedRow> rows;
};

void check_run(const PublishedRun& run) {
    const AsertParameters parameters{
        .block_interval_ms = 600'000,
        .half_life_ms = 172'800'000,
        .target_limit = target_from_compact(run.anchor_compact).value(),
    };
    for (const auto& row : run.rows) {
        const Height height{row.height - run.anchor_height + 1};
        const auto clock = 1'000 * (row.time - run.anchor_parent_time);
        CHECK(compact_from_target(asert_target(parameters, height, clock)) == row.compact);
    }
}

}  // namespace

TEST_CASE("Difficulty: the published aserti3-2d vectors hold below the limit", "[consensus][K9]") {
    // Rows of the runs 05, 07 and 09 that accompany the aserti3-2d specification (Bitcoin Cash
    // Node, qa-assets, test_vectors/aserti3-2d) and whose targets do not exceed the anchor's.
    check_run(
        {.anchor_height = 1,
         .anchor_parent_time = 0,
         .anchor_compact = 0x1d00'ffff,
         .rows =
             {
                 {2, 0, 0x1d00'fec5},
                 {290, 0, 0x1c7f'62c0},
                 {2594, 0, 0x1b7f'62c0},
                 {29666, 0, 0x1001'fd8b},
                 {62210, 0, 0x0200'fe00},
                 {63938, 0, 0x0103'0000},
                 {64226, 0, 0x0101'0000},
                 {64514, 0, 0x0101'0000},
             }}
    );
    check_run(
        {.anchor_height = 1,
         .anchor_parent_time = 0,
         .anchor_compact = 0x1802'aee8,
         .rows =
             {
                 {2, 1200, 0x1802'aee8},
                 {3, 1310, 0x1802'ad91},
                 {8, 2746, 0x1802'a94b},
                 {101, 20372, 0x1802'4899},
                 {200, 24330, 0x1801'd3f3},
                 {398, 28343, 0x1801'2754},
                 {501, 29563, 0x1800'e793},
                 {637, 31014, 0x1800'a7ee},
             }}
    );
    check_run(
        {.anchor_height = 2'147'483'642,
         .anchor_parent_time = 1'234'567'290,
         .anchor_compact = 0x1802'aee8,
         .rows =
             {
                 {2'147'483'643, 1'234'568'190, 0x1802'ae16},
                 {2'147'483'647, 1'234'569'390, 0x1802'aacd},
                 {2'147'483'652, 1'234'570'890, 0x1802'a6b7},
             }}
    );
}

TEST_CASE("Difficulty: a compact limit is a fixed point", "[consensus]") {
    for (const std::uint32_t compact : {0x1d00'ffffU, 0x207f'ffffU, 0x2100'ffffU, 0x0101'0000U}) {
        const auto parameters = with_limit(compact);
        CHECK(compact_from_target(asert_target(parameters, Height{0}, 0)) == compact);
        CHECK(compact_from_target(asert_target(parameters, Height{9}, 9 * interval_ms)) == compact);
    }
}

TEST_CASE("Difficulty: the target stays between 1 and the limit", "[consensus][K9]") {
    const auto parameters = with_limit(0x207f'ffff);
    CHECK(asert_target(parameters, Height{0}, clock_max) == parameters.target_limit);
    CHECK(asert_target(parameters, Height{0}, -clock_max) == Uint256::from_u64(1));
    CHECK(asert_target(parameters, Height{quantity_max}, 0) == Uint256::from_u64(1));
    CHECK(asert_target(parameters, Height{~std::uint64_t{0}}, -clock_max) == Uint256::from_u64(1));
}

TEST_CASE("Difficulty: one half-life early is one halving exactly", "[consensus][K9]") {
    const auto parameters = with_limit(0x2000'8000);  // 2^247
    for (std::uint64_t halvings = 0; halvings <= 247; ++halvings) {
        Uint256 expected;
        const auto exponent = 247 - halvings;
        expected.limbs[3 - exponent / 64] = std::uint64_t{1} << (exponent % 64);
        CHECK(asert_target(parameters, Height{60 * halvings}, 0) == expected);
    }
}

TEST_CASE("Capped clock: only the positive side is capped", "[consensus][K9]") {
    const auto parameters = with_limit(0x207f'ffff);
    CHECK(advance_clock(parameters, 5, 0) == 5);
    CHECK(advance_clock(parameters, 5, half_life_ms) == 5 + half_life_ms);
    CHECK(advance_clock(parameters, 5, half_life_ms + 1) == 5 + half_life_ms);
    CHECK(advance_clock(parameters, 5, 40'000 * interval_ms) == 5 + half_life_ms);
    CHECK(advance_clock(parameters, 5, -half_life_ms - 1) == 4 - half_life_ms);
}

TEST_CASE("Capped clock: it saturates at its ends", "[consensus][K9]") {
    const auto parameters = with_limit(0x207f'ffff);
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
    CHECK(advance_clock(parameters, clock_max, 1) == clock_max);
    CHECK(advance_clock(parameters, clock_max, -1) == clock_max - 1);
    CHECK(advance_clock(parameters, -clock_max, -1) == -clock_max);
    CHECK(advance_clock(parameters, -clock_max, lowest) == -clock_max);
    CHECK(advance_clock(parameters, 0, lowest) == -clock_max);
    CHECK(advance_clock(parameters, lowest, lowest) == -clock_max);
}

}  // namespace cairn::consensus
