// The state against a naive twin: an ordered map, and a root computed by definition from nothing.
#include "tests/unit/state/samples.hpp"

#include "cairn/base/random.hpp"
#include "cairn/crypto/merkle.hpp"
#include "cairn/state/overlay.hpp"
#include "cairn/state/state.hpp"

#include <catch2/catch.hpp>

#include <iterator>
#include <map>
#include <span>
#include <utility>

namespace cairn::state {

namespace {

using Contents = std::map<Bytes, Bytes>;
using Leaf = std::pair<Hash256, Hash256>;

/// The hash of the subtree at `depth` over `leaves`, which are sorted.
Hash256 naive_root(std::span<const Leaf> leaves, std::size_t depth) {
    if (leaves.empty())
        return {};
    if (leaves.size() == 1) {
        Bytes content = to_bytes(leaves[0].first.view());
        content.insert(content.end(), leaves[0].second.bytes.begin(), leaves[0].second.bytes.end());
        return crypto::leaf_hash(content);
    }
    std::size_t left = 0;
    while (left < leaves.size() &&
           ((leaves[left].first.bytes[depth / 8] >> (7 - depth % 8)) & 1) == 0)
        ++left;
    return crypto::node_hash(
        naive_root(leaves.first(left), depth + 1), naive_root(leaves.subspan(left), depth + 1)
    );
}

ledger::StateRoot naive_root(const Contents& contents) {
    std::map<Hash256, Hash256> leaves;
    for (const auto& [key, value] : contents)
        leaves[crypto::sha256(key)] = crypto::sha256(value);
    const std::vector<Leaf> sorted{leaves.begin(), leaves.end()};
    return naive_root(sorted, 0).as<ledger::StateRoot>();
}

Contents contents_of(const State& state) {
    Contents contents;
    state.for_each([&](ByteView key, ByteView value) { contents[to_bytes(key)] = to_bytes(value); }
    );
    return contents;
}

/// `count` random writes and erasures among `keys` keys: where these are few, each kind of change
/// happens to present and to absent ones. Now and then one is rolled back.
void change_at_random(
    Random& random, std::size_t count, std::size_t keys, Overlay& overlay, Contents& twin
) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto key = to_bytes("key " + std::to_string(random.below(keys)));
        const auto mark = overlay.checkpoint();
        const auto erases = random.chance(2, 5);
        const Bytes value(random.below(20), static_cast<std::uint8_t>(random.below(256)));
        if (erases)
            overlay.erase(key);
        else
            overlay.set(key, value);
        if (random.chance(1, 4))
            overlay.rollback(mark);
        else if (erases)
            twin.erase(key);
        else
            twin[key] = value;
    }
}

}  // namespace

TEST_CASE("State: random changes agree with a naive twin, forwards and back", "[state][K10]") {
    Random random{0xca17};
    for (int run = 0; run < 30; ++run) {
        State state{random.next()};
        Contents twin;
        std::vector<std::pair<StateDiff, Contents>> past;
        for (int block = 0; block < 30; ++block) {
            const auto before = twin;
            Overlay overlay{state};
            change_at_random(random, random.below(30), 60, overlay, twin);
            past.emplace_back(overlay.diff(), before);
            REQUIRE(state.root_after(overlay) == naive_root(twin));
            REQUIRE(state.root_after(past.back().first) == naive_root(twin));
            REQUIRE(state.root() == naive_root(before));
            state.apply(past.back().first);
            REQUIRE(contents_of(state) == twin);
            REQUIRE(state.root() == naive_root(twin));
        }
        for (; !past.empty(); past.pop_back()) {
            if (random.chance(1, 2))
                state.revert(past.back().first);
            else
                state.apply(decode_undo(encode_undo(past.back().first)).value());
            REQUIRE(contents_of(state) == past.back().second);
            REQUIRE(state.root() == naive_root(past.back().second));
        }
        CHECK(state.root() == ledger::StateRoot{});
    }
}

TEST_CASE("State: the root after thousands of changes agrees with a naive twin", "[state][K10]") {
    constexpr std::size_t keys = 4'000;
    Random random{0xca18};
    State state{random.next()};
    Contents twin;
    for (int block = 0; block < 6; ++block) {
        Overlay overlay{state};
        change_at_random(random, random.below(2 * keys), keys, overlay, twin);
        REQUIRE(state.root_after(overlay) == naive_root(twin));
        state.apply(overlay.diff());
        REQUIRE(state.root() == naive_root(twin));
    }
    // All but one, then that one: most of the tree's nodes go at once.
    REQUIRE(twin.size() > keys / 4);
    while (!twin.empty()) {
        Overlay overlay{state};
        const auto kept = twin.size() == 1 ? twin.end() : std::next(twin.begin());
        for (auto place = twin.begin(); place != twin.end(); ++place)
            if (place != kept)
                overlay.erase(place->first);
        twin = kept == twin.end() ? Contents{} : Contents{*kept};
        REQUIRE(state.root_after(overlay) == naive_root(twin));
        state.apply(overlay.diff());
        REQUIRE(state.root() == naive_root(twin));
    }
}

}  // namespace cairn::state
