/// The indexes of the active chain: which transactions concern an account or a stream of records.
///
/// A block's entries are a function of its bytes, so an index can be made again from the bodies,
/// and taking a block back removes exactly what putting it on has added.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/ledger/block.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::chain {

/// Where a transaction stands in the active chain; ordered as the chain is.
struct TransactionPlace {
    Height height;
    std::uint32_t index = 0;

    friend auto operator<=>(const TransactionPlace&, const TransactionPlace&) = default;
};

/// After every transaction that can be.
inline constexpr TransactionPlace last_place{
    Height{quantity_max}, std::numeric_limits<std::uint32_t>::max()};

/// The place right before `place`; nothing before the first one.
[[nodiscard]] std::optional<TransactionPlace> place_before(const TransactionPlace& place);
/// The place right after `place`; nothing after `last_place`.
[[nodiscard]] std::optional<TransactionPlace> place_after(const TransactionPlace& place);

/// A transaction of a block and an account that it concerns.
struct AccountMention {
    ledger::AccountId account;
    std::uint32_t index = 0;

    friend auto operator<=>(const AccountMention&, const AccountMention&) = default;
};

/// A record of a block.
struct RecordMention {
    std::string stream;
    std::string key;
    std::uint32_t index = 0;

    friend bool operator==(const RecordMention&, const RecordMention&) = default;
};

/// Everything that the indexes say of one block.
struct BlockIndex {
    /// One for each transaction, in order.
    std::vector<TxId> ids;
    /// Senders, receivers and the miner; sorted, no account twice for one transaction.
    std::vector<AccountMention> accounts;
    /// In the block's order.
    std::vector<RecordMention> records;

    friend bool operator==(const BlockIndex&, const BlockIndex&) = default;
};

/// The entries of `block`, whose transactions have `ids`. The genesis coinbase concerns the
/// accounts that have an initial balance, for it carries the chain spec.
[[nodiscard]] BlockIndex make_block_index(const ledger::Block& block, std::vector<TxId> ids);

/// The records of a stream: all of them, or those under one key.
struct RecordSubject {
    std::string stream;
    std::optional<std::string> key;

    friend auto operator<=>(const RecordSubject&, const RecordSubject&) = default;
};

/// What an index can be asked for.
using Subject = std::variant<ledger::AccountId, RecordSubject>;

enum class PlaceOrder : std::uint8_t { oldest_first, newest_first };

/// Which of a subject's places to return: the first `count` in `order`, beginning with `from`
/// itself.
struct PlaceRange {
    TransactionPlace from;
    PlaceOrder order = PlaceOrder::oldest_first;
    std::size_t count = 0;
};

/// Appends the places that `index`, of the block at `height`, has for `subject` within `range` to
/// `places`, until there are `range.count` of them.
void append_places(
    const BlockIndex& index,
    Height height,
    const Subject& subject,
    const PlaceRange& range,
    std::vector<TransactionPlace>& places
);

}  // namespace cairn::chain
