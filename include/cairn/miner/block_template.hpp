/// A block ready to be sealed, built on the tip from the best pending transactions.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/ledger/block.hpp"
#include "cairn/mempool/mempool.hpp"

namespace cairn::miner {

struct TemplateOptions {
    /// Who earns subsidy and fees.
    ledger::AccountId coinbase;
    /// The coinbase's body: canonical JSON, or empty. At most `ledger::body_bytes_max`.
    Bytes body;
};

/// A block on top of `chain`'s tip whose every rule but the seal holds: coinbase, the pool's best
/// transactions that still execute, roots, target, and the time max(now, median + 1).
[[nodiscard]] ledger::Block make_template(
    chain::Blockchain& chain,
    const mempool::Mempool& pool,
    const TemplateOptions& options,
    UnixMillis now
);

}  // namespace cairn::miner
