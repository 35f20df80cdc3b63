// The pool by number of arrival, whole and in pages, while it changes.
#include "tests/support/pool_fixture.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace cairn::test {

namespace {

using mempool::Arrival;
using mempool::ArrivalOrder;

/// The number of arrival of a waiting transaction; 0 when it does not wait.
std::uint64_t number_of(const PoolFixture& fixture, const TxId& id) {
    for (const auto& one : fixture.pool.list({.count = fixture.pool.size()}))
        if (one.transaction->id() == id)
            return one.number;
    return 0;
}

std::set<TxId> waiting_ids(const PoolFixture& fixture) {
    std::set<TxId> ids;
    for (const auto& one : fixture.pool.list({.count = fixture.pool.size()}))
        ids.insert(one.transaction->id());
    return ids;
}

/// A pool that is always full of four senders' transactions, and lives on at random: better ones
/// push out others, some are replaced, some wait above gaps, and blocks take some.
struct BusyPool : PoolFixture {
    explicit BusyPool(std::uint64_t seed)
        : PoolFixture{mempool::MempoolLimits{.bytes_max = 40'000}}, random{seed} {}

    void step() {
        const auto from = random.below(4);
        const auto next = pool.projected(account_number(from)).nonce.value;
        const auto back = random.below(std::min<std::uint64_t>(next, 2) + 1);
        const auto ahead = random.chance(1, 5) ? 1 + random.below(3) : 0;
        add(
            {.from = from,
             .amount = 1,
             .fee = 1 + random.below(5'000),
             .nonce = next - back + ahead}
        );
        if (!random.chance(1, 30))
            return;
        std::vector<TransferOptions> mined;
        for (const auto* one : pool.select(100'000)) {
            const auto& transaction = one->transaction();
            std::uint64_t sender = 0;
            while (account_number(sender) != transaction.from)
                ++sender;
            mined.push_back(
                {.from = sender,
                 .amount = 1,
                 .fee = transaction.fee.value,
                 .nonce = transaction.nonce.value}
            );
            if (mined.size() == 5)
                break;
        }
        connect(block_of(chain().tip().hash, mined));
    }

    Random random;
};

/// Walks through the pool in pages of `count`, while it changes between them. `told` counts how
/// often each was told; only those that waited all the time are in the result.
std::set<TxId> walk(
    BusyPool& fixture, ArrivalOrder order, std::size_t count, std::map<TxId, int>& told
) {
    auto staying = waiting_ids(fixture);
    const bool is_upwards = order == ArrivalOrder::oldest_first;
    std::uint64_t from = is_upwards ? 0 : quantity_max;
    while (true) {
        const auto page = fixture.pool.list({.from = from, .order = order, .count = count});
        for (const auto& one : page)
            ++told[one.transaction->id()];
        if (page.size() < count)
            return staying;
        from = is_upwards ? page.back().number + 1 : page.back().number - 1;
        for (int i = 0; i < 3; ++i)
            fixture.step();
        const auto now = waiting_ids(fixture);
        std::erase_if(staying, [&](const auto& id) { return !now.contains(id); });
    }
}

}  // namespace

TEST_CASE("Mempool: list goes by arrival, from both ends", "[mempool]") {
    PoolFixture fixture;
    const auto first = fixture.make({.from = 0, .nonce = 1});
    const auto second = fixture.make({.from = 1, .nonce = 0});
    const auto third = fixture.make({.from = 2, .nonce = 4});
    for (const auto& transaction : {first, second, third})
        fixture.add(transaction);
    CHECK(fixture.pool.list(2) == std::vector{first, second});
    CHECK(fixture.pool.list(9) == std::vector{first, second, third});
    const auto all = fixture.pool.list({.count = 9});
    REQUIRE(all.size() == 3);
    CHECK((all[0].number < all[1].number && all[1].number < all[2].number));
    const auto middle = all[1].number;
    CHECK(fixture.pool.list({.from = middle, .count = 9}) == std::vector{all[1], all[2]});
    CHECK(fixture.pool.list({.from = middle, .count = 1}) == std::vector{all[1]});
    const auto newest = ArrivalOrder::newest_first;
    CHECK(
        fixture.pool.list({.from = middle, .order = newest, .count = 9}) ==
        std::vector{all[1], all[0]}
    );
    CHECK(
        fixture.pool.list({.from = quantity_max, .order = newest, .count = 1}) ==
        std::vector{all[2]}
    );
    CHECK(fixture.pool.list({.from = all[2].number + 1, .count = 9}).empty());
    CHECK(fixture.pool.list({.from = all[0].number - 1, .order = newest, .count = 9}).empty());
}

TEST_CASE("Mempool: a number of arrival stays while the transaction waits", "[mempool]") {
    PoolFixture fixture;
    const auto genesis = fixture.chain().tip().hash;
    const auto mined = fixture.make({.nonce = 0});
    const auto later = fixture.make({.nonce = 2});
    fixture.add(later);
    fixture.add(mined);
    const auto number = number_of(fixture, later->id());
    const auto before = number_of(fixture, mined->id());
    CHECK(before > number);
    // It becomes pending, follows a block, and is sorted again by a reorganisation.
    CHECK(fixture.add({.nonce = 1}) == "pending");
    CHECK(number_of(fixture, later->id()) == number);
    fixture.connect(fixture.block_of(genesis, {{.nonce = 0}}));
    CHECK(number_of(fixture, later->id()) == number);
    const auto heavy = fixture.block_of(genesis, {}, 8);
    fixture.connect(heavy);
    fixture.connect(fixture.block_of(heavy->hash(), {}, 8));
    CHECK(number_of(fixture, later->id()) == number);
    // What was mined comes back as the last.
    CHECK(fixture.pool.list({.count = 9}).back().transaction->id() == mined->id());
    CHECK(number_of(fixture, mined->id()) > before);
    // What replaces another arrives now.
    const auto newer = fixture.make({.fee = 100, .nonce = 2});
    CHECK(fixture.add(newer) == "pending");
    CHECK(fixture.pool.list({.count = 9}).back().transaction == newer);
}

TEST_CASE("Mempool: numbers of arrival go on above those before a restart", "[mempool]") {
    PoolFixture fixture;
    const auto at = [](std::uint64_t milliseconds) {
        return Time{.steady = {}, .wall = UnixMillis{milliseconds}};
    };
    const auto add = [&](mempool::Mempool& pool, std::uint64_t nonce, Time now) {
        const auto transaction = fixture.make({.nonce = nonce});
        REQUIRE(pool.add(transaction, now).has_value());
        return pool.list({.count = 99}).back().number;
    };
    constexpr std::uint64_t start = 1'800'000'000'000;
    std::uint64_t last = 0;
    for (std::uint64_t nonce = 0; nonce < 20; ++nonce)
        last = add(fixture.pool, nonce, at(start));
    mempool::Mempool restarted{fixture.chain(), {}, 6};
    CHECK(add(restarted, 0, at(start + 1)) > last);
    // A clock that goes back, or tells nonsense, changes nothing of the order.
    last = add(restarted, 1, at(start - 1'000));
    CHECK(restarted.list({.count = 9}).front().number < last);
    last = add(restarted, 2, at(~std::uint64_t{0}));
    CHECK(last < quantity_max);
    CHECK(add(restarted, 3, at(0)) > last);
}

TEST_CASE("Mempool: a walk in pages tells once all that stays", "[mempool]") {
    std::size_t stayed = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        INFO("seed " << seed);
        BusyPool fixture{seed};
        for (int i = 0; i < 300; ++i)
            fixture.step();
        for (const auto order : {ArrivalOrder::oldest_first, ArrivalOrder::newest_first}) {
            for (const std::size_t count : {1U, 3U, 7U}) {
                std::map<TxId, int> told;
                const auto staying = walk(fixture, order, count, told);
                CHECK(std::all_of(told.begin(), told.end(), [](const auto& one) {
                    return one.second == 1;
                }));
                for (const auto& id : staying)
                    REQUIRE(told.contains(id));
                stayed += staying.size();
            }
        }
    }
    CHECK(stayed > 500);
}

}  // namespace cairn::test
