#include "cairn/consensus/header_rules.hpp"

#include "tests/unit/consensus/consensus_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <functional>
#include <vector>

namespace cairn::consensus {

namespace {

constexpr std::uint64_t now_ms = 1'788'000'000'000;
constexpr std::uint64_t ahead_ms = future_intervals_max * 15'000;

/// A parent at height 5 and a child of it that is valid until a test spoils it.
struct Case {
    HeaderContext context;
    ledger::SealedHeader head;
    BlockHash hash = test::hash_of_number(Uint256::from_u64(1));
};

/// The clock of a chain whose first five blocks came in half of their time.
constexpr std::int64_t parent_clock = 37'500;

Case valid_case() {
    Case result;
    result.context = {
        .chain = {.bytes = {1, 2, 3, 4, 5, 6, 7, 8}},
        .parent = {.height = Height{5}, .time = UnixMillis{now_ms - 20'000}, .clock = parent_clock},
        .parent_median_time = UnixMillis{now_ms - 60'000},
        .now = UnixMillis{now_ms},
    };
    const auto engine = make_engine(test::proof_of_work_spec());
    auto& header = result.head.header;
    header.chain = result.context.chain;
    header.height = Height{6};
    header.time = UnixMillis{now_ms};
    header.target = engine->next_target(result.context.parent);
    result.head.seal = test::seal_of_nonce(7);
    return result;
}

Result<void, HeaderError> check(const Case& subject) {
    const auto engine = make_engine(test::proof_of_work_spec());
    return check_header(*engine, subject.context, subject.head, subject.hash);
}

using Fault = std::function<void(Case&)>;

struct FaultRow {
    HeaderError error;
    Fault make;
};

/// Every fault that a header can have, in the order in which they are looked for.
std::vector<FaultRow> faults() {
    return {
        {HeaderError::wrong_chain, [](Case& it) { it.head.header.chain.bytes[7] ^= 1; }},
        {HeaderError::wrong_height, [](Case& it) { it.head.header.height = Height{5}; }},
        {HeaderError::time_not_later,
         [](Case& it) { it.head.header.time = it.context.parent_median_time; }},
        {HeaderError::wrong_target, [](Case& it) { it.head.header.target += 1; }},
        {HeaderError::malformed_seal, [](Case& it) { it.head.seal.pop_back(); }},
        {HeaderError::not_enough_work,
         [](Case& it) { it.hash = test::hash_of_number(Uint256::max()); }},
        {HeaderError::too_early,
         [](Case& it) { it.context.now = UnixMillis{now_ms - ahead_ms - 1}; }},
    };
}

}  // namespace

TEST_CASE("Header rules: a header without a fault follows its parent", "[consensus]") {
    CHECK(check(valid_case()));
}

TEST_CASE("Header rules: each fault has its error", "[consensus][K4][K5]") {
    for (const auto& fault : faults()) {
        auto subject = valid_case();
        fault.make(subject);
        const auto result = check(subject);
        REQUIRE_FALSE(result);
        CHECK(result.error() == fault.error);
    }
}

TEST_CASE("Header rules: of two faults the cheaper is named, too_early last", "[consensus][T1]") {
    const auto rows = faults();
    for (std::size_t first = 0; first < rows.size(); ++first) {
        for (std::size_t second = first + 1; second < rows.size(); ++second) {
            auto subject = valid_case();
            rows[first].make(subject);
            rows[second].make(subject);
            const auto result = check(subject);
            REQUIRE_FALSE(result);
            CHECK(result.error() == rows[first].error);
        }
    }
}

TEST_CASE("Header rules: the target must equal the rule's", "[consensus][K4]") {
    auto subject = valid_case();
    const auto rule = subject.head.header.target;
    REQUIRE(rule < test::target_limit);
    for (const std::uint32_t target :
         {rule - 1, rule + 1, test::target_limit, 0U, rule | 0x80'0000}) {
        subject.head.header.target = target;
        CHECK(check(subject).error() == HeaderError::wrong_target);
    }
    subject.head.header.target = rule;
    const auto number = target_from_compact(rule).value();
    subject.hash = test::hash_of_number(number);
    CHECK(check(subject));
    subject.hash = test::hash_of_number(saturating_add(number, Uint256::from_u64(1)));
    CHECK(check(subject).error() == HeaderError::not_enough_work);
}

TEST_CASE(
    "Header rules: times run from median plus one to ten intervals ahead", "[consensus][K5]"
) {
    auto subject = valid_case();
    const auto median = subject.context.parent_median_time.value;
    const auto check_time = [&](std::uint64_t time) {
        subject.head.header.time = UnixMillis{time};
        return check(subject);
    };
    CHECK(check_time(0).error() == HeaderError::time_not_later);
    CHECK(check_time(median).error() == HeaderError::time_not_later);
    CHECK(check_time(median + 1));
    CHECK(check_time(now_ms + ahead_ms));
    CHECK(check_time(now_ms + ahead_ms + 1).error() == HeaderError::too_early);
    CHECK(check_time(quantity_max).error() == HeaderError::too_early);
    CHECK(check_time(std::uint64_t{1} << 63U).error() == HeaderError::too_early);
}

TEST_CASE("Header rules: a child may be earlier than its parent", "[consensus][K5]") {
    auto subject = valid_case();
    subject.head.header.time = UnixMillis{subject.context.parent.time.value - 5'000};
    REQUIRE(subject.head.header.time > subject.context.parent_median_time);
    CHECK(check(subject));
}

TEST_CASE("Header rules: a block that was early is valid when due", "[consensus][K5][T1]") {
    auto subject = valid_case();
    const auto hour_ms = std::uint64_t{3'600'000};
    subject.head.header.time = UnixMillis{now_ms + hour_ms};
    CHECK(check(subject).error() == HeaderError::too_early);
    subject.context.now = UnixMillis{now_ms + hour_ms - ahead_ms};
    CHECK(check(subject));
}

TEST_CASE("Header rules: a wrong clock delays blocks and condemns none", "[consensus][T1]") {
    auto subject = valid_case();
    // A clock that is back in 1970, an hour or a day behind: the block waits.
    for (const std::uint64_t behind :
         {now_ms, std::uint64_t{86'400'000}, std::uint64_t{3'600'000}}) {
        subject.context.now = UnixMillis{now_ms - behind};
        CHECK(check(subject).error() == HeaderError::too_early);
    }
    // A clock that is ahead, even to the end of time: the block is as valid as before.
    for (const std::uint64_t clock : {now_ms + 86'400'000, quantity_max, ~std::uint64_t{0}}) {
        subject.context.now = UnixMillis{clock};
        CHECK(check(subject));
    }
}

TEST_CASE("Header rules: the years 2038 and 2106 are nothing special", "[consensus][T3]") {
    for (const std::uint64_t seconds : {std::uint64_t{1} << 31U, std::uint64_t{1} << 32U}) {
        auto subject = valid_case();
        const std::uint64_t border_ms = 1'000 * seconds;
        subject.context.parent_median_time = UnixMillis{border_ms - 2};
        subject.context.parent.time = UnixMillis{border_ms - 1};
        subject.context.now = UnixMillis{border_ms};
        for (const std::uint64_t time : {border_ms - 1, border_ms, border_ms + 1}) {
            subject.head.header.time = UnixMillis{time};
            CHECK(check(subject));
        }
    }
}

TEST_CASE("Latest time: ten intervals ahead, within the range of times", "[consensus][K5]") {
    const auto engine = make_engine(test::proof_of_work_spec());
    CHECK(latest_time(*engine, UnixMillis{0}) == UnixMillis{ahead_ms});
    CHECK(latest_time(*engine, UnixMillis{quantity_max - ahead_ms}) == UnixMillis{quantity_max});
    CHECK(latest_time(*engine, UnixMillis{quantity_max}) == UnixMillis{quantity_max});
    CHECK(latest_time(*engine, UnixMillis{~std::uint64_t{0}}) == UnixMillis{quantity_max});
}

TEST_CASE("Median time: the middle in any order, the later of two", "[consensus]") {
    CHECK(median_time(std::array{UnixMillis{9}}) == UnixMillis{9});
    CHECK(median_time(std::array{UnixMillis{9}, UnixMillis{4}}) == UnixMillis{9});
    CHECK(median_time(std::array{UnixMillis{9}, UnixMillis{4}, UnixMillis{5}}) == UnixMillis{5});
    std::array<UnixMillis, median_time_span> times;
    for (std::size_t i = 0; i < times.size(); ++i)
        times[i] = UnixMillis{100 + i * 7 % 11};
    CHECK(median_time(times) == UnixMillis{105});
}

}  // namespace cairn::consensus
