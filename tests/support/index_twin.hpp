/// The indexes of a chain as a naive reader makes them: by looking through every block.
#pragma once

#include "tests/support/random_branches.hpp"

#include "cairn/chain/blockchain.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace cairn::test {

using IndexTwin = std::map<chain::Subject, std::set<chain::TransactionPlace>>;

/// Of every subject that `chain` mentions. The genesis coinbase belongs to those who have a balance
/// from the start.
inline IndexTwin make_index_twin(const chain::Blockchain& chain) {
    IndexTwin twin;
    for (const auto& balance : chain.spec().balances)
        twin[balance.account].insert({.height = Height{0}, .index = 0});
    for (Height height{1}; chain.at(height) != nullptr; height = height.next()) {
        const auto body = chain.read_body(chain.at(height)->hash).value().value();
        const auto block = ledger::decode_block(chain.id(), body).value().block;
        for (std::uint32_t i = 0; i < block.transactions.size(); ++i) {
            const chain::TransactionPlace place{.height = height, .index = i};
            const auto& transaction = block.transactions[i];
            if (!transaction.is_coinbase())
                twin[transaction.from].insert(place);
            if (const auto* coinbase = std::get_if<ledger::Coinbase>(&transaction.payload))
                twin[coinbase->to].insert(place);
            if (const auto* transfer = std::get_if<ledger::Transfer>(&transaction.payload))
                twin[transfer->to].insert(place);
            if (const auto* record = std::get_if<ledger::Record>(&transaction.payload)) {
                twin[chain::RecordSubject{record->stream, std::nullopt}].insert(place);
                twin[chain::RecordSubject{record->stream, record->key}].insert(place);
            }
        }
    }
    return twin;
}

/// The places of `all` that `range` asks for.
inline std::vector<chain::TransactionPlace> select_places(
    const std::set<chain::TransactionPlace>& all, const chain::PlaceRange& range
) {
    std::vector<chain::TransactionPlace> chosen;
    for (const auto& place : all)
        if (range.order == chain::PlaceOrder::oldest_first ? place >= range.from
                                                           : place <= range.from)
            chosen.push_back(place);
    if (range.order == chain::PlaceOrder::newest_first)
        std::reverse(chosen.begin(), chosen.end());
    if (chosen.size() > range.count)
        chosen.resize(range.count);
    return chosen;
}

/// Asks `chain` for every subject, whole and in random parts, and compares with the twin.
inline void check_index(const chain::Blockchain& chain, Random& random) {
    auto twin = make_index_twin(chain);
    // Subjects that the chain never heard of, or only on branches that lost.
    for (std::uint64_t account = 0; account < branch_accounts + 2; ++account)
        twin[account_number(account)];
    for (std::size_t length = 0; length < 4; ++length)
        twin[chain::RecordSubject{std::string(length, 's'), "no such key"}];
    const auto span = chain.tip().height().value + 2;
    for (const auto& [subject, places] : twin) {
        for (const auto order :
             {chain::PlaceOrder::oldest_first, chain::PlaceOrder::newest_first}) {
            const bool is_upwards = order == chain::PlaceOrder::oldest_first;
            const chain::PlaceRange whole{
                .from = is_upwards ? chain::TransactionPlace{} : chain::last_place,
                .order = order,
                .count = 1'000'000};
            REQUIRE(chain.find_places(subject, whole).value() == select_places(places, whole));
            const chain::PlaceRange part{
                .from =
                    {.height = Height{random.below(span)},
                     .index = static_cast<std::uint32_t>(random.below(4))},
                .order = order,
                .count = random.below(8)};
            REQUIRE(chain.find_places(subject, part).value() == select_places(places, part));
        }
    }
}

}  // namespace cairn::test
