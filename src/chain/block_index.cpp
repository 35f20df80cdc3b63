#include "cairn/chain/block_index.hpp"

#include "cairn/base/result.hpp"
#include "cairn/ledger/chain_spec.hpp"

#include <algorithm>

namespace cairn::chain {

namespace {

/// Whose coins or records the genesis coinbase is about.
void append_initial_accounts(const ledger::Coinbase& coinbase, BlockIndex& index) {
    const auto spec = ledger::parse_chain_spec(as_text(coinbase.body));
    if (!spec)
        return;
    for (const auto& balance : spec->balances)
        index.accounts.push_back({.account = balance.account, .index = 0});
}

bool concerns(const RecordMention& record, const RecordSubject& subject) {
    return record.stream == subject.stream && (!subject.key || record.key == *subject.key);
}

/// The numbers of the transactions that concern `subject`, ascending.
std::vector<std::uint32_t> mentions_of(const BlockIndex& index, const Subject& subject) {
    std::vector<std::uint32_t> numbers;
    std::visit(
        overloaded{
            [&](const ledger::AccountId& account) {
                const AccountMention first{.account = account, .index = 0};
                for (auto place =
                         std::lower_bound(index.accounts.begin(), index.accounts.end(), first);
                     place != index.accounts.end() && place->account == account;
                     ++place)
                    numbers.push_back(place->index);
            },
            [&](const RecordSubject& wanted) {
                for (const auto& record : index.records)
                    if (concerns(record, wanted))
                        numbers.push_back(record.index);
            },
        },
        subject
    );
    return numbers;
}

}  // namespace

std::optional<TransactionPlace> place_before(const TransactionPlace& place) {
    if (place.index > 0)
        return TransactionPlace{.height = place.height, .index = place.index - 1};
    if (place.height == Height{0})
        return std::nullopt;
    return TransactionPlace{.height = Height{place.height.value - 1}, .index = last_place.index};
}

std::optional<TransactionPlace> place_after(const TransactionPlace& place) {
    if (place.index < last_place.index)
        return TransactionPlace{.height = place.height, .index = place.index + 1};
    if (place.height >= last_place.height)
        return std::nullopt;
    return TransactionPlace{.height = place.height.next(), .index = 0};
}

BlockIndex make_block_index(const ledger::Block& block, std::vector<TxId> ids) {
    BlockIndex index;
    index.ids = std::move(ids);
    index.accounts.reserve(2 * block.transactions.size());
    const bool is_genesis = block.head.header.height == Height{0};
    for (std::uint32_t i = 0; i < block.transactions.size(); ++i) {
        const auto& transaction = block.transactions[i];
        const auto add = [&](const ledger::AccountId& account) {
            index.accounts.push_back({.account = account, .index = i});
        };
        std::visit(
            overloaded{
                [&](const ledger::Coinbase& coinbase) {
                    if (is_genesis)
                        append_initial_accounts(coinbase, index);
                    else
                        add(coinbase.to);
                },
                [&](const ledger::Transfer& transfer) {
                    add(transaction.from);
                    if (transfer.to != transaction.from)
                        add(transfer.to);
                },
                [&](const ledger::Record& record) {
                    add(transaction.from);
                    index.records.push_back({.stream = record.stream, .key = record.key, .index = i}
                    );
                },
            },
            transaction.payload
        );
    }
    // The beginnings of accounts nearly always decide.
    std::sort(
        index.accounts.begin(),
        index.accounts.end(),
        [](const AccountMention& left, const AccountMention& right) {
            const auto one = leading_number(left.account);
            const auto other = leading_number(right.account);
            return one != other ? one < other : left < right;
        }
    );
    return index;
}

void append_places(
    const BlockIndex& index,
    Height height,
    const Subject& subject,
    const PlaceRange& range,
    std::vector<TransactionPlace>& places
) {
    auto numbers = mentions_of(index, subject);
    const bool is_upwards = range.order == PlaceOrder::oldest_first;
    if (!is_upwards)
        std::reverse(numbers.begin(), numbers.end());
    for (const auto number : numbers) {
        const TransactionPlace place{.height = height, .index = number};
        const bool is_within = is_upwards ? place >= range.from : place <= range.from;
        if (is_within && places.size() < range.count)
            places.push_back(place);
    }
}

}  // namespace cairn::chain
