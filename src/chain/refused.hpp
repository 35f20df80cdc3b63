/// The short ways to say by which rule a block is refused, and by which of its transactions.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/chain/checked_block.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace cairn::chain {

[[nodiscard]] inline tl::unexpected<BlockError> refused(
    BlockRule rule, std::string expected = {}, std::string actual = {}
) {
    BlockError error{.rule = rule};
    error.expected = std::move(expected);
    error.actual = std::move(actual);
    return tl::unexpected{std::move(error)};
}

/// `actual`, told of the transaction at `index` of a block with the transactions `ids`.
[[nodiscard]] inline std::string with_transaction(
    std::string actual, const std::vector<TxId>& ids, std::size_t index
) {
    return std::move(actual) + " in transaction " + to_hex(ids.at(index)) + " at place " +
           std::to_string(index);
}

}  // namespace cairn::chain
