/// Refused transactions as answers to people: which rule, what was expected, what came.
#pragma once

#include "cairn/execution/checked_transaction.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/node/context.hpp"
#include "cairn/node/events.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>

namespace cairn::node {

/// Why a transaction is wrong by itself. `rule` is `transaction.<error>`.
[[nodiscard]] CommandError make_refusal(execution::TransactionError error);

/// Why the pool does not take `checked` now, with the account's numbers. `rule` is
/// `mempool.<error>`.
[[nodiscard]] CommandError make_refusal(
    const Context& context,
    const execution::CheckedTransaction& checked,
    mempool::MempoolError error
);

/// The refusals of late, for `explain`: the last `refusals_remembered_max`.
class RefusalMemory {
  public:
    void remember(const TxId& id, CommandError refusal);
    void forget(const TxId& id);
    [[nodiscard]] std::optional<CommandError> find(const TxId& id) const;

  private:
    std::map<TxId, CommandError> refusals_;
    /// In order of arrival; may name some that were forgotten.
    std::deque<TxId> order_;
};

}  // namespace cairn::node
