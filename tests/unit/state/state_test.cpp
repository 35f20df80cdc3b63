#include "cairn/state/state.hpp"

#include "tests/unit/state/samples.hpp"

#include "cairn/crypto/merkle.hpp"
#include "cairn/state/sparse_tree.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>

namespace cairn::state {

namespace {

nlohmann::json read_vectors() {
    std::ifstream file{CAIRN_VECTORS_DIR "/state/roots.json"};
    return nlohmann::json::parse(file);
}

StateChange change_of(const nlohmann::json& step) {
    StateChange change;
    change.key = to_key(from_hex(step.at("key").get<std::string>()).value());
    if (!step.at("value").is_null())
        change.after = to_value(from_hex(step.at("value").get<std::string>()).value());
    return change;
}

Hash256 hash_with_first_byte(std::uint8_t first) {
    Hash256 hash;
    hash.bytes[0] = first;
    return hash;
}

}  // namespace

TEST_CASE("State: the root of each published vector comes out", "[state][K10]") {
    const auto vectors = read_vectors();
    REQUIRE(vectors.at("cases").size() >= 10);
    for (const auto& row : vectors.at("cases")) {
        INFO(row.at("name"));
        State state{7};
        for (const auto& step : row.at("steps"))
            state.apply({{change_of(step)}});
        CHECK(to_hex(state.root()) == row.at("root").get<std::string>());
    }
}

TEST_CASE("State: values are found until they are erased", "[state]") {
    State state{1};
    CHECK_FALSE(state.find(as_bytes("key")).has_value());
    state.apply({{set_to("key", "value"), set_to("other", "")}});
    CHECK(as_text(state.find(as_bytes("key")).value()) == "value");
    CHECK(state.find(as_bytes("other")).value().empty());
    CHECK(state.size() == 2);
    state.apply({{set_to("key", "a longer value")}});
    CHECK(as_text(state.find(as_bytes("key")).value()) == "a longer value");
    state.apply({{erased("key"), erased("never there")}});
    CHECK_FALSE(state.find(as_bytes("key")).has_value());
    CHECK(state.size() == 1);
}

TEST_CASE("State: for_each visits every key once", "[state]") {
    State state{1};
    std::map<std::string, std::string> expected;
    for (std::size_t i = 0; i < 100; ++i) {
        const auto key = "key " + std::to_string(i);
        expected[key] = std::string(i, 'x');
        state.apply({{set_to(key, expected[key])}});
    }
    std::map<std::string, std::string> visited;
    state.for_each([&](ByteView key, ByteView value) {
        CHECK(visited.emplace(as_text(key), as_text(value)).second);
    });
    CHECK(visited == expected);
}

TEST_CASE("State: the root depends on the contents alone, not on order or salt", "[state][K10]") {
    std::vector<StateChange> changes;
    for (int i = 0; i < 500; ++i)
        changes.push_back(set_to("key " + std::to_string(i), "value " + std::to_string(i * i)));
    State forwards{1};
    forwards.apply({changes});

    State backwards{2};
    std::reverse(changes.begin(), changes.end());
    for (const auto& change : changes) {
        backwards.apply({{change}});
        // A root asked for in between must leave no trace.
        CHECK(backwards.root() != ledger::StateRoot{});
    }
    CHECK(forwards.root() == backwards.root());
}

TEST_CASE("State: revert brings back what was before", "[state]") {
    State state{1};
    state.apply({{set_to("stays", "1"), set_to("changes", "old")}});
    const auto before = state.root();
    const StateDiff diff{{
        {.key = key("changes"), .before = value("old"), .after = value("newer")},
        {.key = key("comes"), .before = std::nullopt, .after = value("x")},
        {.key = key("stays"), .before = value("1"), .after = std::nullopt},
    }};
    state.apply(diff);
    CHECK(state.root() != before);
    state.revert(diff);
    CHECK(state.root() == before);
    CHECK(as_text(state.find(as_bytes("changes")).value()) == "old");
    CHECK(state.size() == 2);
}

TEST_CASE("State: a moved state keeps its contents", "[state]") {
    State first{1};
    first.apply({{set_to("key", "value")}});
    const auto root = first.root();
    State second = std::move(first);
    CHECK(second.root() == root);
    CHECK(as_text(second.find(as_bytes("key")).value()) == "value");
}

TEST_CASE("SparseTree: leaves that share all bits but the last part at the bottom", "[state]") {
    SparseTree tree;
    const auto left = hash_with_first_byte(0xff);
    auto right = left;
    right.bytes[31] = 1;
    tree.set(left, hash_with_first_byte(1));
    const auto lonely = tree.root();
    tree.set(right, hash_with_first_byte(2));
    CHECK(tree.inner_nodes() == 256);
    CHECK(tree.root() != lonely);
    tree.erase(right);
    CHECK(tree.inner_nodes() == 0);
    CHECK(tree.root() == lonely);
    tree.erase(left);
    CHECK(tree.size() == 0);
    CHECK(tree.root().is_zero());
}

TEST_CASE("SparseTree: an inner node hashes both sides in order", "[state]") {
    SparseTree left_only;
    SparseTree right_only;
    SparseTree both;
    left_only.set(hash_with_first_byte(0x00), hash_with_first_byte(1));
    right_only.set(hash_with_first_byte(0x80), hash_with_first_byte(2));
    both.set(hash_with_first_byte(0x80), hash_with_first_byte(2));
    both.set(hash_with_first_byte(0x00), hash_with_first_byte(1));
    CHECK(both.root() == crypto::node_hash(left_only.root(), right_only.root()));
    CHECK(both.size() == 2);
}

TEST_CASE("Account: its key is a letter and its id, and an absent one is zero", "[state]") {
    const auto account = account_number(1);
    const State state{1};
    CHECK(read_account(state, account) == AccountState{});
    const auto key = account_key(account);
    CHECK(key[0] == 'a');
    CHECK(std::equal(key.begin() + 1, key.end(), account.bytes.begin(), account.bytes.end()));
}

}  // namespace cairn::state
