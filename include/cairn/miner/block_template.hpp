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

/// Whether a coinbase of a chain of `spec` may carry `body`: a document or nothing, and not so long
/// that the coinbase would exceed the limit of a transaction. For what a user wants to put there.
[[nodiscard]] bool is_body_allowed(const ledger::ChainSpec& spec, ByteView body);

/// A block on top of `chain`'s tip whose every rule but the seal holds: coinbase, the pool's best
/// transactions that still execute, roots, target, and the time max(now, median + 1). The seal is
/// empty, and there is room for the longest. `options.body` must pass `is_body_allowed`.
[[nodiscard]] ledger::Block make_template(
    chain::Blockchain& chain,
    const mempool::Mempool& pool,
    const TemplateOptions& options,
    UnixMillis now
);

}  // namespace cairn::miner
