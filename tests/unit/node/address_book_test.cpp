#include "cairn/node/address_book.hpp"

#include "cairn/node/addresses.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace cairn;
using namespace cairn::node;

namespace {

constexpr UnixMillis start{1'700'000'000'000};

UnixMillis after(std::uint64_t ms) {
    return UnixMillis{start.value + ms};
}

/// Public, one group for each number, up to 40,000 of them.
Endpoint lone(std::uint64_t number, std::uint16_t port = 5001) {
    return {
        std::to_string(20 + number / 200) + "." + std::to_string(number % 200 + 1) + ".1.1", port};
}

/// Public, all of the group `group`.
Endpoint sibling(const std::string& group, std::uint64_t number) {
    return {
        group + "." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1), 5001};
}

/// One of the holder's group that wants its place among the tried.
Endpoint rival_of(const AddressBook& book, const Endpoint& holder) {
    std::uint64_t number = 1;
    while (book.place_in_tried(sibling("8.8", number)) != book.place_in_tried(holder))
        ++number;
    return sibling("8.8", number);
}

}  // namespace

TEST_CASE("AddressBook: groups are /16, /32, or on a local network each address", "[node][E1]") {
    CHECK(group_of({"8.8.4.4", 1}, false) == "8.8");
    CHECK(group_of({"8.8.8.8", 2}, false) == "8.8");
    CHECK(group_of({"8.9.8.8", 2}, false) == "8.9");
    CHECK(group_of({"2001:0470::1", 1}, false) == group_of({"2001:470:1::5", 1}, false));
    CHECK(group_of({"2001:ABC::1", 1}, false) == group_of({"2001:abc:1::5", 1}, false));
    CHECK(group_of({"2001:470::1", 1}, false) != group_of({"2001:471::1", 1}, false));
    CHECK(group_of({"8.8.8.8", 1}, true) == "8.8.8.8:1");
    CHECK(group_of({"127.0.0.1", 7}, false) == "127.0.0.1:7");
}

TEST_CASE("AddressBook: a source group reaches 64 buckets of the new table", "[node][E1]") {
    AddressBook book{false, 1};
    Random random{1};
    std::set<std::size_t> buckets;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        book.add(lone(i), "6.6", start, random);
        buckets.insert(book.place_in_new(lone(i), "6.6").bucket);
    }
    CHECK(buckets.size() <= AddressBook::new_buckets_per_source);
    CHECK(book.size() <= AddressBook::new_buckets_per_source * AddressBook::bucket_places);
}

TEST_CASE("AddressBook: a group reaches 8 buckets of the tried table", "[node][E1]") {
    const AddressBook book{false, 1};
    std::set<std::size_t> buckets;
    for (std::uint64_t i = 0; i < 5'000; ++i)
        buckets.insert(book.place_in_tried(sibling("6.6", i)).bucket);
    CHECK(buckets.size() <= AddressBook::tried_buckets_per_group);
}

TEST_CASE("AddressBook: an address stands in at most 8 buckets of the new table", "[node][E1]") {
    AddressBook book{false, 1};
    Random random{1};
    for (int i = 0; i < 20'000; ++i)
        book.add(lone(1), "9." + std::to_string(i % 200), start, random);
    CHECK(book.find(lone(1))->references == AddressBook::references_max);
    CHECK(book.size() == 1);
}

TEST_CASE("AddressBook: gossip never touches the tried table", "[node][G8]") {
    AddressBook book{false, 1};
    Random random{1};
    for (std::uint64_t i = 0; i < 100; ++i) {
        book.add(lone(i), "7.7", start, random);
        book.on_worked(lone(i), start);
    }
    const auto tried = book.tried();
    CHECK(tried > 90);
    for (std::uint64_t i = 0; i < 200'000; ++i)
        book.add(sibling("6." + std::to_string(i % 200), i / 200), "6.6", start, random);
    CHECK(book.tried() == tried);
    for (std::uint64_t i = 0; i < 100; ++i) {
        REQUIRE(book.find(lone(i)) != nullptr);
    }
}

TEST_CASE("AddressBook: a live holder of a tried place stays, a dead one goes", "[node][E6]") {
    for (const bool is_alive : {true, false}) {
        AddressBook book{false, 1};
        Random random{1};
        const Endpoint holder = sibling("8.8", 0);
        book.add(holder, "7.7", start, random);
        book.on_worked(holder, start);
        const Endpoint rival = rival_of(book, holder);
        book.add(rival, "7.8", start, random);
        // Long ago the holder worked; now the rival does.
        const std::uint64_t day = 24ULL * 3600 * 1000;
        book.on_worked(rival, after(day));
        CHECK(book.find(holder)->is_tried);
        CHECK_FALSE(book.find(rival)->is_tried);
        REQUIRE(book.contested() == holder);
        book.settle_contests(after(day));
        REQUIRE(book.contested() == holder);
        book.on_attempt(holder, after(day + 1000));
        if (is_alive)
            book.on_worked(holder, after(day + 1100));
        book.settle_contests(after(day + 30'000));
        book.settle_contests(after(day + 62'000));
        CHECK_FALSE(book.contested());
        CHECK(book.find(holder)->is_tried == is_alive);
        CHECK(book.find(rival)->is_tried == !is_alive);
        CHECK(book.size() == 2);
        CHECK(book.tried() == 1);
    }
}

TEST_CASE("AddressBook: a holder that cannot be tested gives way in 40 minutes", "[node][E6]") {
    AddressBook book{false, 1};
    Random random{1};
    const Endpoint holder = sibling("8.8", 0);
    book.add(holder, "7.7", start, random);
    book.on_worked(holder, start);
    const Endpoint rival = rival_of(book, holder);
    book.add(rival, "7.8", start, random);
    const std::uint64_t hours5 = 5ULL * 3600 * 1000;
    book.on_worked(rival, after(hours5));
    book.settle_contests(after(hours5 + 39ULL * 60'000));
    CHECK(book.find(holder)->is_tried);
    book.settle_contests(after(hours5 + 40ULL * 60'000));
    CHECK(book.find(rival)->is_tried);
    CHECK_FALSE(book.find(holder)->is_tried);
}

TEST_CASE("AddressBook: what is of no use is known as such", "[node][E8]") {
    AddressBook::Entry entry;
    entry.told = start;
    CHECK_FALSE(AddressBook::is_useless(entry, after(1)));
    entry.failures = 3;
    CHECK(AddressBook::is_useless(entry, start));
    entry.attempted = start;
    CHECK_FALSE(AddressBook::is_useless(entry, after(59'999)));
    CHECK(AddressBook::is_useless(entry, after(60'000)));
    const std::uint64_t day = 24ULL * 3600 * 1000;
    entry.worked = start;
    entry.failures = 10;
    CHECK_FALSE(AddressBook::is_useless(entry, after(7 * day)));
    CHECK(AddressBook::is_useless(entry, after(7 * day + 1)));
    entry.failures = 0;
    CHECK_FALSE(AddressBook::is_useless(entry, after(30 * day)));
    CHECK(AddressBook::is_useless(entry, after(30 * day + 1)));
}

TEST_CASE("AddressBook: a clock that ran ahead does not keep addresses for ever", "[node]") {
    AddressBook book{false, 5};
    book.restore({{lone(1), "7.7", after(1'000'000), after(2'000'000), 0, true}}, start);
    CHECK(book.find(lone(1))->told == start);
    CHECK(book.find(lone(1))->worked == start);
    CHECK(book.tried() == 1);
}

TEST_CASE("Addresses: ports of other services are not dialled on a stranger's word", "[node]") {
    for (const int port : {1, 22, 80, 1023, 1719, 2049, 5060, 6000, 6667, 10080})
        CHECK_FALSE(is_dialable_port(static_cast<std::uint16_t>(port)));
    for (const int port : {1024, 5000, 5001, 8333, 65535})
        CHECK(is_dialable_port(static_cast<std::uint16_t>(port)));
}
