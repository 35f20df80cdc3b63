#include "cairn/state/overlay.hpp"

#include "tests/unit/state/samples.hpp"

#include "cairn/state/state.hpp"

#include <catch2/catch.hpp>

namespace cairn::state {

namespace {

State base_state() {
    State state{1};
    state.apply({{set_to("a", "1"), set_to("b", "2")}});
    return state;
}

std::string text_at(const StateView& view, std::string_view key) {
    const auto value = view.find(as_bytes(key));
    return value ? std::string{as_text(*value)} : "nothing";
}

}  // namespace

TEST_CASE("Overlay: reads fall through to the base until they are written", "[state]") {
    const auto base = base_state();
    Overlay overlay{base};
    CHECK(text_at(overlay, "a") == "1");
    overlay.set(as_bytes("a"), to_bytes("one"));
    overlay.erase(as_bytes("b"));
    overlay.set(as_bytes("c"), to_bytes("3"));
    CHECK(text_at(overlay, "a") == "one");
    CHECK(text_at(overlay, "b") == "nothing");
    CHECK(text_at(overlay, "c") == "3");
    CHECK(text_at(base, "a") == "1");
    CHECK(text_at(base, "c") == "nothing");
}

TEST_CASE("Overlay: the diff is sorted, complete and free of idle writes", "[state]") {
    const auto base = base_state();
    Overlay overlay{base};
    CHECK(overlay.diff().changes.empty());
    overlay.set(as_bytes("z"), to_bytes("26"));
    overlay.set(as_bytes("b"), to_bytes("changed"));
    overlay.set(as_bytes("b"), to_bytes("2"));
    overlay.erase(as_bytes("never there"));
    overlay.erase(as_bytes("a"));
    const StateDiff expected{{
        {.key = key("a"), .before = value("1"), .after = std::nullopt},
        {.key = key("z"), .before = std::nullopt, .after = value("26")},
    }};
    CHECK(overlay.diff() == expected);
}

TEST_CASE("Overlay: rollback returns to each checkpoint in turn", "[state]") {
    const auto base = base_state();
    Overlay overlay{base};
    overlay.set(as_bytes("a"), to_bytes("first"));
    const auto first = overlay.checkpoint();
    const auto first_diff = overlay.diff();
    overlay.erase(as_bytes("a"));
    overlay.set(as_bytes("c"), to_bytes("3"));
    const auto second = overlay.checkpoint();
    const auto second_diff = overlay.diff();
    overlay.set(as_bytes("a"), to_bytes("third"));
    overlay.erase(as_bytes("c"));

    overlay.rollback(second);
    CHECK(overlay.diff() == second_diff);
    CHECK(text_at(overlay, "c") == "3");
    overlay.rollback(first);
    CHECK(overlay.diff() == first_diff);
    CHECK(text_at(overlay, "a") == "first");
    overlay.rollback(0);
    CHECK(overlay.diff().changes.empty());
    CHECK(text_at(overlay, "a") == "1");
}

TEST_CASE("Overlay: what is committed stays through a rollback", "[state]") {
    const auto base = base_state();
    Overlay overlay{base};
    overlay.set(as_bytes("a"), as_bytes("final"));
    overlay.commit();
    const auto mark = overlay.checkpoint();
    CHECK(mark == 0);
    overlay.set(as_bytes("a"), as_bytes("for now"));
    overlay.rollback(mark);
    CHECK(text_at(overlay, "a") == "final");
}

TEST_CASE("Overlay: an account that is only looked up is no change", "[state]") {
    State base{1};
    const auto account = account_number(1);
    base.apply({{{
        .key = to_key(account_key(account)),
        .before = std::nullopt,
        .after = to_value(codec::encode(AccountState{.balance = Amount{5}, .nonce = Nonce{2}})),
    }}});
    Overlay overlay{base};
    const auto known = overlay.find_account(account);
    CHECK(known.state == AccountState{.balance = Amount{5}, .nonce = Nonce{2}});
    const auto unknown = overlay.find_account(account_number(2));
    CHECK(unknown.state == AccountState{});
    CHECK(overlay.diff().changes.empty());
    CHECK(read_account(overlay, account) == known.state);

    overlay.write_account(unknown, {.balance = Amount{7}, .nonce = Nonce{0}});
    CHECK(overlay.find_account(account_number(2)).state.balance == Amount{7});
    CHECK(overlay.diff().changes.size() == 1);
}

TEST_CASE("Overlay: overlays stack", "[state]") {
    const auto base = base_state();
    Overlay block{base};
    block.set(as_bytes("a"), to_bytes("block"));
    const StateView& below = block;
    Overlay transaction{below};
    transaction.set(as_bytes("a"), to_bytes("transaction"));
    CHECK(text_at(block, "a") == "block");
    CHECK(transaction.diff().changes.at(0).before == value("block"));
}

TEST_CASE("Overlay: an account of zeros is erased", "[state]") {
    const State base{1};
    const auto account = account_number(1);
    const AccountState rich{.balance = Amount{quantity_max}, .nonce = Nonce{7}};
    Overlay overlay{base};
    overlay.write_account(account, rich);
    CHECK(read_account(overlay, account) == rich);
    overlay.write_account(account, {.balance = Amount{0}, .nonce = Nonce{8}});
    CHECK(overlay.diff().changes.size() == 1);
    overlay.write_account(account, {});
    CHECK_FALSE(overlay.find(account_key(account)).has_value());
    CHECK(overlay.diff().changes.empty());
}

TEST_CASE("Overlay: the stored account is two varints", "[state]") {
    const State base{1};
    Overlay overlay{base};
    overlay.write_account(account_number(1), {.balance = Amount{1'000'000}, .nonce = Nonce{3}});
    CHECK(to_hex(overlay.find(account_key(account_number(1))).value()) == "c0843d03");
}

}  // namespace cairn::state
