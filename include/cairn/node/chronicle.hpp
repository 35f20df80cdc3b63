/// The reorganisations of late and what they did to transactions, and what the pool has let go, for
/// `explain`.
///
/// Rules:
/// 1. The last `reorganisations_remembered_max` are kept, and of each the first
///    `chronicle_entries_max` blocks on either side and transactions of either fate; totals are
///    exact.
/// 2. Of the transactions that the pool let go for any reason, the last `refusals_remembered_max`
///    are kept.
/// 3. It tells and decides nothing: no other sub-machine reads it.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/node/refusal.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace cairn::node {

/// A block by its place on its branch.
struct BlockPlace {
    Height height;
    BlockHash hash;

    friend bool operator==(const BlockPlace&, const BlockPlace&) = default;
};

struct Reorganisation {
    UnixMillis at;
    /// The blocks that left the active chain, and those that came in their place, lowest first.
    std::vector<BlockPlace> left;
    std::vector<BlockPlace> joined;
    std::size_t left_count = 0;
    std::size_t joined_count = 0;
    /// Transactions of the blocks that left: those that wait again, and those that do not.
    std::vector<TxId> returned;
    std::vector<mempool::Dropped> dropped;
    std::size_t returned_count = 0;
    std::size_t dropped_count = 0;
};

/// "left #41 a3.. for #41 b7.. and #42 c1..: 2 transactions returned, 1 dropped: nonce used"
[[nodiscard]] std::string to_string(const Reorganisation& reorganisation);

class Chronicle {
  public:
    /// To be called after `pool` has followed `change` and told what it dropped. Of a change that
    /// disconnects nothing only the latter counts.
    void on_chain_change(
        const chain::ChainChange& change,
        const mempool::Mempool& pool,
        const std::vector<mempool::Dropped>& dropped,
        UnixMillis now
    );
    /// What the pool has let go without a change of the chain.
    void on_dropped(const std::vector<mempool::Dropped>& dropped);

    /// Those in which `hash` left or joined the active chain, oldest first.
    [[nodiscard]] std::vector<Reorganisation> of_block(const BlockHash& hash) const;
    /// Those that took `id` out of its block, oldest first.
    [[nodiscard]] std::vector<Reorganisation> of_transaction(const TxId& id) const;
    /// Why the pool let `id` go the last time; nothing when it did not, or that is forgotten.
    [[nodiscard]] std::optional<mempool::DropReason> drop_reason(const TxId& id) const;

    [[nodiscard]] std::size_t size() const { return reorganisations_.size(); }

  private:
    std::deque<Reorganisation> reorganisations_;
    RefusalMemory<TxId, mempool::DropReason> drops_;
};

}  // namespace cairn::node
