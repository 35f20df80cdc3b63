#include "src/app/amount.hpp"

#include <catch2/catch.hpp>

namespace cairn::app {

TEST_CASE("Amount: decimal CRN become pebbles exactly", "[app]") {
    struct Row {
        std::string_view text;
        std::uint64_t pebbles;
    };

    for (const auto& row : {
             Row{"1", 1'000'000},
             Row{"1.5", 1'500'000},
             Row{"0", 0},
             Row{"0.000001", 1},
             Row{"007.10", 7'100'000},
             Row{"0.1", 100'000},
             Row{"9007199254.740991", quantity_max},
         }) {
        INFO(row.text);
        CHECK(parse_coins(row.text) == Amount{row.pebbles});
    }
}

TEST_CASE("Amount: what is not exact is refused with its reason", "[app]") {
    struct Row {
        std::string_view text;
        AmountError error;
    };

    for (const auto& row : {
             Row{"", AmountError::not_a_decimal},
             Row{"-1", AmountError::not_a_decimal},
             Row{"+1", AmountError::not_a_decimal},
             Row{"1e3", AmountError::not_a_decimal},
             Row{"1.", AmountError::not_a_decimal},
             Row{".5", AmountError::not_a_decimal},
             Row{"1,5", AmountError::not_a_decimal},
             Row{"1.2.3", AmountError::not_a_decimal},
             Row{"0x10", AmountError::not_a_decimal},
             Row{" 1", AmountError::not_a_decimal},
             Row{"1 CRN", AmountError::not_a_decimal},
             Row{"1.0000001", AmountError::too_many_decimals},
             Row{"9007199254.740992", AmountError::too_large},
             Row{"99999999999999999999999999", AmountError::too_large},
         }) {
        INFO(row.text);
        const auto amount = parse_coins(row.text);
        REQUIRE_FALSE(amount.has_value());
        CHECK(to_string(amount.error()) == to_string(row.error));
        CHECK_FALSE(explain(row.error).empty());
    }
}

TEST_CASE("Amount: pebbles are written as the shortest decimal", "[app]") {
    CHECK(to_coins(Amount{0}) == "0");
    CHECK(to_coins(Amount{1}) == "0.000001");
    CHECK(to_coins(Amount{1'500'000}) == "1.5");
    CHECK(to_coins(Amount{12'000'000}) == "12");
    CHECK(to_coins(Amount{10'010'000}) == "10.01");
    CHECK(to_coins(Amount{quantity_max}) == "9007199254.740991");
}

}  // namespace cairn::app
