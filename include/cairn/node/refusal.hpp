/// Refused transactions as answers to people: which rule, what was expected, what came.
#pragma once

#include "cairn/execution/checked_transaction.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/node/events.hpp"
#include "cairn/node/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::node {

/// What a node refuses because of what its operator said, or did not say.
enum class OperatorRule : std::uint8_t {
    no_coinbase,  ///< nobody is named who would earn what is mined
    set_aside,    ///< the operator has set this block aside with `invalidate_block`
};
inline constexpr OperatorRule operator_rule_last = OperatorRule::set_aside;
[[nodiscard]] std::string_view to_string(OperatorRule rule);

/// Why `mine_block` is refused where nobody is named who would earn the block.
[[nodiscard]] CommandError refuse_without_coinbase();

/// Why a transaction is wrong by itself. `rule` is `transaction.<error>`.
[[nodiscard]] CommandError make_refusal(const execution::TransactionRefusal& refusal);

/// Why the pool does not take a transaction now. `rule` is `mempool.<error>`.
[[nodiscard]] CommandError make_refusal(const mempool::Refusal& refusal);

/// How often each rule has refused something. The names are those of errors (`mempool.pool_full`),
/// so there are no more of them than rules.
using RuleCounts = std::map<std::string, std::uint64_t, std::less<>>;

/// The refusals of late, for `explain`: the last `refusals_remembered_max`.
template <class Id, class Reason = CommandError>
class RefusalMemory {
  public:
    void remember(const Id& id, Reason refusal) {
        if (!refusals_.contains(id))
            order_.push_back(id);
        refusals_.insert_or_assign(id, std::move(refusal));
        while (order_.size() > refusals_remembered_max) {
            refusals_.erase(order_.front());
            order_.pop_front();
        }
    }

    void forget(const Id& id) { refusals_.erase(id); }

    [[nodiscard]] std::optional<Reason> find(const Id& id) const {
        const auto place = refusals_.find(id);
        return place == refusals_.end() ? std::nullopt : std::optional{place->second};
    }

  private:
    std::map<Id, Reason> refusals_;
    /// In order of arrival; may name some that were forgotten.
    std::deque<Id> order_;
};

}  // namespace cairn::node
