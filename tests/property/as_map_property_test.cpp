// AS maps written from tables of prefixes, against a search for the longest prefix that fits.
#include "tests/support/as_map_program.hpp"

#include "cairn/node/as_map.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <array>
#include <memory>
#include <string>

using namespace cairn;
using namespace cairn::test;
using node::AsMap;

namespace {

struct Announced {
    Bits prefix;
    std::uint32_t system = 0;
};

using Table = std::vector<Announced>;

bool starts_with(const Bits& address, const Bits& prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

/// The system of the longest prefix, of equal ones the last; 0 when none fits.
std::uint32_t naive_system_of(const Table& table, const Bits& address) {
    std::size_t length = 0;
    std::uint32_t system = 0;
    for (const auto& entry : table) {
        if (starts_with(address, entry.prefix) && entry.prefix.size() >= length) {
            length = entry.prefix.size();
            system = entry.system;
        }
    }
    return system;
}

struct Trie {
    std::uint32_t system = 0;
    std::array<std::unique_ptr<Trie>, 2> next;
};

Trie trie_of(const Table& table) {
    Trie root;
    for (const auto& entry : table) {
        Trie* place = &root;
        for (const bool bit : entry.prefix) {
            auto& next = place->next[bit ? 1 : 0];
            if (!next)
                next = std::make_unique<Trie>();
            place = next.get();
        }
        place->system = entry.system;
    }
    return root;
}

/// `known` is what the prefixes above tell, `fallback` what the program says already.
Bits program_of(const Trie& trie, std::uint32_t known, std::uint32_t fallback) {
    if (trie.system != 0)
        known = trie.system;
    const auto& [zero, one] = trie.next;
    if (!zero && !one)
        return answer(known);
    if (zero && one)
        return branch(program_of(*zero, known, fallback), program_of(*one, known, fallback));
    Bits program = known == fallback ? Bits{} : otherwise(known);
    const Trie* place = &trie;
    Bits wanted;
    // As many single ways as one match takes, up to the next that is told of or divides.
    do {
        wanted.push_back(place->next[1] != nullptr);
        place = place->next[wanted.back() ? 1 : 0].get();
    } while (wanted.size() < 8 && place->system == 0 && !place->next[0] != !place->next[1]);
    return program + match(wanted) + program_of(*place, known, known);
}

std::string text_of(const Bits& address) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < address.size(); i += 4) {
        unsigned value = 0;
        for (std::size_t bit = i; bit < i + 4; ++bit)
            value = value * 2 + (address[bit] ? 1 : 0);
        if (i > 0 && i % 16 == 0)
            text += ':';
        text += digits[value];
    }
    return text;
}

Bits random_bits(std::size_t count) {
    return *rc::gen::container<Bits>(count, rc::gen::arbitrary<bool>());
}

}  // namespace

TEST_CASE("AsMap: a map tells of each address what its table tells", "[property][node][E1]") {
    CHECK(rc::check("maps against tables", [] {
        Table table;
        const auto count = *rc::gen::inRange<std::size_t>(1, 20);
        for (std::size_t i = 0; i < count; ++i) {
            // Some prefixes are longer forms of others.
            Bits prefix = table.empty() || *rc::gen::arbitrary<bool>()
                              ? Bits{}
                              : table[*rc::gen::inRange<std::size_t>(0, i)].prefix;
            const auto rest = *rc::gen::inRange<std::size_t>(0, 129 - prefix.size());
            prefix = prefix + random_bits(std::min<std::size_t>(rest, 40));
            table.push_back({prefix, *rc::gen::inRange<std::uint32_t>(1, 33'521'665)});
        }
        const auto map = AsMap::parse(packed(program_of(trie_of(table), 0, 0)));
        RC_ASSERT(map.has_value());
        for (const auto& entry : table) {
            auto address = entry.prefix + random_bits(128 - entry.prefix.size());
            RC_ASSERT(map->system_of(text_of(address)) == naive_system_of(table, address));
            const auto place = *rc::gen::inRange<std::size_t>(0, 128);
            address[place] = !address[place];
            RC_ASSERT(map->system_of(text_of(address)) == naive_system_of(table, address));
        }
    }));
}

TEST_CASE("AsMap: of any bytes that are taken every address gets an answer", "[property][node]") {
    std::size_t taken = 0;
    CHECK(rc::check("random programs", [&taken] {
        // Random bytes are hardly ever a map: a good one with one bit turned often is.
        Table table;
        for (int i = 0; i < 4; ++i)
            table.push_back({random_bits(*rc::gen::inRange<std::size_t>(1, 24)), 7});
        auto bytes = packed(program_of(trie_of(table), 0, 0));
        const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
        bytes[place / 8] = static_cast<std::uint8_t>(bytes[place / 8] ^ 1U << place % 8);
        const auto map = AsMap::parse(bytes);
        if (!map)
            return;
        ++taken;
        for (int i = 0; i < 50; ++i)
            RC_ASSERT(map->system_of(text_of(random_bits(128))) <= 33'521'664U);
    }));
    CHECK(taken > 0);
}
