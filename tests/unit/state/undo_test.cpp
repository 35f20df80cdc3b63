#include "tests/unit/state/samples.hpp"

#include "cairn/state/state.hpp"

#include <catch2/catch.hpp>

namespace cairn::state {

namespace {

using codec::DecodeError;

StateDiff sample_diff() {
    return {{
        {.key = key("a"), .before = value("1"), .after = std::nullopt},
        {.key = key("b"), .before = value(""), .after = value("2")},
        {.key = key("c"), .before = std::nullopt, .after = value("3")},
    }};
}

DecodeError error_of(std::string_view hex) {
    return decode_undo(from_hex(hex).value()).error();
}

}  // namespace

TEST_CASE("Undo: the stored form has these bytes", "[state]") {
    CHECK(to_hex(encode_undo(sample_diff())) == "03016101013101620100016300");
    CHECK(to_hex(encode_undo({})) == "00");
}

TEST_CASE("Undo: what is decoded sets the values before the block", "[state]") {
    const auto undo = decode_undo(encode_undo(sample_diff())).value();
    REQUIRE(undo.changes.size() == 3);
    CHECK(undo.changes[0].after == value("1"));
    CHECK(undo.changes[1].after == StateValue{});
    CHECK_FALSE(undo.changes[2].after.has_value());
    CHECK_FALSE(undo.changes[0].before.has_value());

    State state{1};
    state.apply({{set_to("a", "1"), set_to("b", "")}});
    const auto before = state.root();
    state.apply(sample_diff());
    CHECK(state.root() != before);
    state.apply(undo);
    CHECK(state.root() == before);
}

TEST_CASE("Undo: damaged bytes are refused by name", "[state][C2]") {
    CHECK(error_of("") == DecodeError::truncated);
    CHECK(error_of("0301610101") == DecodeError::truncated);
    CHECK(error_of("0101610101") == DecodeError::truncated);
    CHECK(error_of("0000") == DecodeError::trailing_bytes);
    CHECK(error_of("01016102") == DecodeError::unknown_tag);
    // Two entries with one key, and two in the wrong order.
    CHECK(error_of("02016100016100") == DecodeError::not_canonical);
    CHECK(error_of("02016200016100") == DecodeError::not_canonical);
    // A key of 257 bytes, a value of 65,537, a count of 1,000,001.
    CHECK(error_of("018102") == DecodeError::too_long);
    CHECK(error_of("01016101818004") == DecodeError::too_long);
    CHECK(error_of("c1843d") == DecodeError::too_many);
    // A count that the bytes cannot hold must not be believed.
    CHECK(error_of("c0843d") == DecodeError::truncated);
}

TEST_CASE("Undo: keys and values of the greatest size pass", "[state]") {
    const StateDiff diff{{{
        .key = StateKey(state_key_bytes_max, 7),
        .before = StateValue(state_value_bytes_max, 8),
        .after = std::nullopt,
    }}};
    const auto undo = decode_undo(encode_undo(diff)).value();
    CHECK(undo.changes.at(0).key == diff.changes[0].key);
    CHECK(undo.changes.at(0).after == diff.changes[0].before);
}

TEST_CASE("Undo: any one changed byte gives an error or a canonical form", "[state][C2]") {
    const auto good = encode_undo(sample_diff());
    for (std::size_t place = 0; place < good.size(); ++place) {
        for (unsigned value = 0; value < 256; ++value) {
            auto bytes = good;
            bytes[place] = static_cast<std::uint8_t>(value);
            auto undo = decode_undo(bytes);
            if (!undo)
                continue;
            for (auto& change : undo->changes)
                std::swap(change.before, change.after);
            CHECK(encode_undo(*undo) == bytes);
        }
    }
}

}  // namespace cairn::state
