#include "cairn/node/announcement_backlog.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace cairn::node {

namespace {

using Waiting = AnnouncementBacklog::Waiting;

/// One with an id that no other has.
Waiting make_waiting(std::uint8_t sender, std::uint64_t nonce, std::uint64_t fee_rate) {
    static std::uint64_t number = 0;
    Waiting made{.account = {{}, Nonce{nonce}}, .fee_rate = fee_rate, .id = {}};
    made.account.first.bytes[0] = sender;
    ++number;
    for (std::size_t i = 0; i < 8; ++i)
        made.id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return made;
}

std::vector<Waiting> take_all(AnnouncementBacklog& backlog) {
    std::vector<Waiting> taken;
    while (const auto next = backlog.take())
        taken.push_back(*next);
    return taken;
}

/// What waits in order of arrival, searched whole for each.
struct NaiveBacklog {
    std::vector<Waiting> all;

    void erase(const AnnouncementBacklog::Account& account) {
        std::erase_if(all, [&](const auto& one) { return one.account == account; });
    }

    void insert(const Waiting& waiting) {
        erase(waiting.account);
        all.push_back(waiting);
    }

    [[nodiscard]] bool is_head(const Waiting& one) const {
        return std::none_of(all.begin(), all.end(), [&](const auto& other) {
            return other.account.first == one.account.first && other.account < one.account;
        });
    }

    std::optional<Waiting> take() {
        auto best = all.end();
        for (auto one = all.begin(); one != all.end(); ++one)
            if (is_head(*one) && (best == all.end() || one->fee_rate > best->fee_rate))
                best = one;
        if (best == all.end())
            return std::nullopt;
        const auto taken = *best;
        all.erase(best);
        return taken;
    }
};

}  // namespace

TEST_CASE("AnnouncementBacklog: the dearest goes first", "[node][relay]") {
    AnnouncementBacklog backlog;
    CHECK_FALSE(backlog.take());
    const auto cheap = make_waiting(1, 0, 10);
    const auto dear = make_waiting(2, 0, 30);
    const auto equal = make_waiting(3, 0, 10);
    for (const auto& one : {cheap, dear, equal})
        backlog.insert(one);
    CHECK(backlog.size() == 3);
    CHECK(take_all(backlog) == std::vector{dear, cheap, equal});
    CHECK(backlog.empty());
}

TEST_CASE("AnnouncementBacklog: a sender's go in nonce order", "[node][relay]") {
    AnnouncementBacklog backlog;
    const auto first = make_waiting(1, 4, 10);
    const auto second = make_waiting(1, 5, 90);
    const auto other = make_waiting(2, 0, 20);
    for (const auto& one : {second, other, first})
        backlog.insert(one);
    SECTION("however dear a later one is") {
        CHECK(take_all(backlog) == std::vector{other, first, second});
    }
    SECTION("without what has left") {
        backlog.erase(first.account);
        backlog.erase(first.account);
        CHECK(take_all(backlog) == std::vector{second, other});
    }
    SECTION("with what takes the place of another") {
        const auto dearer = make_waiting(1, 4, 50);
        backlog.insert(dearer);
        CHECK(backlog.size() == 3);
        CHECK(take_all(backlog) == std::vector{dearer, second, other});
    }
}

TEST_CASE("AnnouncementBacklog: a naive one gives the same order", "[node][relay]") {
    AnnouncementBacklog backlog;
    NaiveBacklog naive;
    Random random{17};
    for (int step = 0; step < 20'000; ++step) {
        const auto sender = static_cast<std::uint8_t>(random.below(6));
        const auto one = make_waiting(sender, random.below(8), random.below(5));
        switch (random.below(5)) {
            case 0:
            case 1:
                backlog.insert(one);
                naive.insert(one);
                break;
            case 2:
                backlog.erase(one.account);
                naive.erase(one.account);
                break;
            default:
                REQUIRE(backlog.take() == naive.take());
        }
        REQUIRE(backlog.size() == naive.all.size());
    }
}

}  // namespace cairn::node
