// The address book against a naive twin: a list of entries, each with the set of its places, all
// looked through at every question.
#include "cairn/node/address_book.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <set>

namespace cairn::node {

namespace {

using Place = AddressBook::Place;

struct NaiveEntry {
    AddressBook::Entry facts;
    std::set<Place> places;
};

/// The rules of the header once more, with the book's own hashes of places.
struct NaiveBook {
    const AddressBook& hashes;
    std::vector<NaiveEntry> all;
    std::vector<std::pair<Endpoint, UnixMillis>> contests;

    NaiveEntry* find(const Endpoint& endpoint) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) {
            return entry.facts.endpoint == endpoint;
        });
        return found == all.end() ? nullptr : &*found;
    }

    NaiveEntry* at(const Place& place) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) {
            return entry.places.contains(place);
        });
        return found == all.end() ? nullptr : &*found;
    }

    void forget(const Endpoint& endpoint) {
        std::erase_if(all, [&](const auto& entry) { return entry.facts.endpoint == endpoint; });
        std::erase_if(contests, [&](const auto& contest) { return contest.first == endpoint; });
    }

    void take_place(const Place& place) {
        if (NaiveEntry* holder = at(place)) {
            holder->places.erase(place);
            if (holder->places.empty())
                forget(Endpoint{holder->facts.endpoint});
        }
    }

    void add(const Endpoint& endpoint, const std::string& source, UnixMillis now, Random& random) {
        NaiveEntry* known = find(endpoint);
        if (known != nullptr) {
            known->facts.told = std::max(known->facts.told, now);
            const auto count = known->places.size();
            if (known->facts.is_tried || count >= AddressBook::references_max ||
                !random.chance(1, std::uint64_t{1} << count))
                return;
        }
        const Place place = hashes.place_in_new(endpoint, source);
        if (NaiveEntry* holder = at(place)) {
            const bool gives_way = AddressBook::is_useless(holder->facts, now) ||
                                   (holder->places.size() > 1 && known == nullptr);
            if (holder == known || !gives_way)
                return;
            take_place(place);
        }
        if (find(endpoint) == nullptr) {
            all.push_back({});
            all.back().facts.endpoint = endpoint;
            all.back().facts.source = source;
            all.back().facts.told = now;
        }
        find(endpoint)->places.insert(place);
    }

    void attempt(const Endpoint& endpoint, UnixMillis now) {
        if (NaiveEntry* entry = find(endpoint)) {
            entry->facts.attempted = now;
            ++entry->facts.failures;
        }
    }

    void promote(const Endpoint& endpoint) {
        const Place place = hashes.place_in_tried(endpoint);
        std::optional<Endpoint> loser;
        if (NaiveEntry* holder = at(place))
            loser = holder->facts.endpoint;
        if (loser)
            find(*loser)->places.clear();
        NaiveEntry* entry = find(endpoint);
        entry->places = {place};
        entry->facts.is_tried = true;
        if (!loser)
            return;
        const Place home = hashes.place_in_new(*loser, find(*loser)->facts.source);
        take_place(home);
        find(*loser)->facts.is_tried = false;
        find(*loser)->places = {home};
    }

    void worked(const Endpoint& endpoint, UnixMillis now) {
        NaiveEntry* entry = find(endpoint);
        if (entry == nullptr)
            return;
        entry->facts.worked = entry->facts.attempted = now;
        entry->facts.told = std::max(entry->facts.told, now);
        entry->facts.failures = 0;
        const auto waits = [&](const auto& contest) { return contest.first == endpoint; };
        if (entry->facts.is_tried)
            return;
        if (at(hashes.place_in_tried(endpoint)) == nullptr) {
            std::erase_if(contests, waits);
            promote(endpoint);
        } else if (contests.size() < AddressBook::contests_max &&
                   std::none_of(contests.begin(), contests.end(), waits)) {
            contests.emplace_back(endpoint, now);
        }
    }

    void settle(UnixMillis now) {
        constexpr std::uint64_t hours4 = 4ULL * 3600 * 1000;
        auto waiting = contests;
        std::sort(waiting.begin(), waiting.end());
        for (const auto& [endpoint, since] : waiting) {
            const auto is_it = [name = endpoint](const auto& one) { return one.first == name; };
            if (std::none_of(contests.begin(), contests.end(), is_it))
                continue;
            const NaiveEntry* holder = at(hashes.place_in_tried(endpoint));
            const bool is_free = holder == nullptr;
            const auto age = [now](UnixMillis then) { return now.value - then.value; };
            const bool answered = !is_free && holder->facts.worked >= holder->facts.attempted;
            const bool lives = answered && age(holder->facts.worked) < hours4;
            const bool fails = !is_free && !answered && age(holder->facts.attempted) < hours4 &&
                               age(holder->facts.attempted) >= 60'000;
            const bool is_over = is_free || fails || age(since) >= 40ULL * 60 * 1000;
            if (!lives && !is_over)
                continue;
            std::erase_if(contests, is_it);
            if (!lives)
                promote(endpoint);
        }
    }
};

/// All of one group, so that few buckets hold them and places collide.
Endpoint address(std::uint64_t number) {
    return {"8.8." + std::to_string(number / 200) + "." + std::to_string(number % 200 + 1), 5001};
}

void check_same(const AddressBook& book, NaiveBook& naive) {
    RC_ASSERT(book.size() == naive.all.size());
    std::size_t tried = 0;
    for (const auto& entry : naive.all) {
        const auto* real = book.find(entry.facts.endpoint);
        RC_ASSERT(real != nullptr);
        RC_ASSERT(real->is_tried == entry.facts.is_tried);
        RC_ASSERT(real->failures == entry.facts.failures);
        RC_ASSERT(real->worked == entry.facts.worked);
        RC_ASSERT(real->references == (real->is_tried ? 0 : entry.places.size()));
        RC_ASSERT(entry.places.size() <= AddressBook::references_max);
        for (const auto& place : entry.places)
            RC_ASSERT(book.at(place) == real);
        tried += entry.facts.is_tried ? 1 : 0;
    }
    RC_ASSERT(book.tried() == tried);
}

}  // namespace

TEST_CASE("AddressBook: behaves as its naive twin", "[node][property][E6]") {
    rc::prop("after any sequence of events both hold the same places", [](std::uint64_t seed) {
        AddressBook book{false, seed + 1};
        NaiveBook naive{book, {}, {}};
        Random choices{seed};
        Random left{seed};
        Random right{seed};
        UnixMillis now{1'700'000'000'000};
        for (int i = 0; i < 1500; ++i) {
            const auto endpoint = address(choices.below(600));
            const auto source = "9.9." + std::to_string(choices.below(3));
            switch (choices.below(12)) {
                case 0:
                case 1:
                    book.on_attempt(endpoint, now);
                    naive.attempt(endpoint, now);
                    break;
                case 2:
                case 3:
                case 4:
                    book.on_worked(endpoint, now);
                    naive.worked(endpoint, now);
                    break;
                case 5:
                    book.settle_contests(now);
                    naive.settle(now);
                    break;
                case 6:
                    now.value += choices.below(3'600'000);
                    break;
                case 7:
                    if (choices.chance(1, 4)) {
                        book.remove(endpoint);
                        naive.forget(endpoint);
                    }
                    break;
                default:
                    book.add(endpoint, source, now, left);
                    naive.add(endpoint, source, now, right);
                    break;
            }
            if (i % 100 == 0)
                check_same(book, naive);
        }
        check_same(book, naive);
    });
}

TEST_CASE("AddressBook: what is saved is found again", "[node][property]") {
    rc::prop(
        "a restored book holds what its places allow, and a draw finds it",
        [](std::uint64_t seed) {
            AddressBook book{false, seed};
            Random random{seed};
            const UnixMillis now{1'700'000'000'000};
            for (int i = 0; i < 300; ++i) {
                const auto endpoint = address(random.below(200));
                book.add(endpoint, "9.9", now, random);
                if (random.chance(1, 3))
                    book.on_worked(endpoint, now);
            }
            AddressBook copy{false, book.key()};
            copy.restore(book.save(), now);
            RC_ASSERT(copy.save() == book.save());
            RC_ASSERT(copy.draw(random) != nullptr);
            for (const bool is_new : {true, false}) {
                const auto* drawn = copy.draw(random, is_new);
                RC_ASSERT(drawn == nullptr || drawn->is_tried != is_new);
            }
        }
    );
}

}  // namespace cairn::node
