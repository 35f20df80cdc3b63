#include "cairn/codec/timestamp.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>
#include <time.h>

namespace cairn::codec {

namespace {

struct Row {
    std::uint64_t millis;
    const char* text;
};

}  // namespace

TEST_CASE("Timestamp: UTC dates are right from 1970 to beyond 2106", "[codec][T3]") {
    const auto row = GENERATE(
        Row{0, "01/01/1970, 00:00:00"},
        Row{999, "01/01/1970, 00:00:00"},
        Row{1'000, "01/01/1970, 00:00:01"},
        Row{68'255'999'000, "29/02/1972, 23:59:59"},
        Row{946'684'799'000, "31/12/1999, 23:59:59"},
        Row{951'782'400'000, "29/02/2000, 00:00:00"},
        Row{951'868'800'000, "01/03/2000, 00:00:00"},
        // A leap second, 23:59:60, stood between these two; Unix time does not count it.
        Row{1'483'228'799'000, "31/12/2016, 23:59:59"},
        Row{1'483'228'800'000, "01/01/2017, 00:00:00"},
        Row{2'147'483'648'000, "19/01/2038, 03:14:08"},
        Row{4'107'542'399'000, "28/02/2100, 23:59:59"},
        Row{4'107'542'400'000, "01/03/2100, 00:00:00"},
        Row{4'294'967'296'000, "07/02/2106, 06:28:16"},
        Row{253'402'300'800'000, "01/01/10000, 00:00:00"},
        Row{quantity_max, "12/10/287396, 08:59:00"}
    );
    CHECK(to_timestamp(UnixMillis{row.millis}) == row.text);
}

TEST_CASE("Timestamp: no time zone of the machine shows", "[codec][T3]") {
    // New York goes from 06:59 UTC to summer time; the other zone is fourteen hours ahead.
    for (const auto* zone : {"EST5EDT,M3.2.0,M11.1.0", "LINT-14"}) {
        REQUIRE(::setenv("TZ", zone, 1) == 0);
        ::tzset();
        CHECK(to_timestamp(UnixMillis{1'772'953'199'000}) == "08/03/2026, 06:59:59");
        CHECK(to_timestamp(UnixMillis{1'772'953'200'000}) == "08/03/2026, 07:00:00");
    }
    REQUIRE(::unsetenv("TZ") == 0);
    ::tzset();
}

}  // namespace cairn::codec
