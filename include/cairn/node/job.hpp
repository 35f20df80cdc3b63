/// Slow work that leaves the node as a value and returns as one: signature checks and mining.
#pragma once

#include "cairn/chain/checked_block.hpp"
#include "cairn/execution/checked_transaction.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/miner/search.hpp"

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

namespace cairn::node {

/// Names a job while it runs; never used twice by one node.
using JobId = Quantity<struct JobIdTag>;

/// Checks a block's bytes: structural and semantic stage.
struct CheckBlockJob {
    Bytes bytes;
    std::vector<chain::KnownSignature> known;
};

/// Checks the semantic rules of transactions that came from one source.
struct CheckTransactionsJob {
    std::vector<ledger::Transaction> transactions;
    /// The chains on which a signature is tried that is bad on ours.
    std::vector<ledger::NamedChain> others;
};

/// Tries a stretch of nonces.
struct SearchJob {
    miner::SearchRange range;
};

using JobWork = std::variant<CheckBlockJob, CheckTransactionsJob, SearchJob>;

struct Job {
    JobId id;
    JobWork work;
};

using CheckBlockResult = Result<std::shared_ptr<const chain::CheckedBlock>, chain::BlockError>;
using CheckTransactionsResult =
    std::vector<Result<mempool::TransactionPointer, execution::TransactionRefusal>>;
using JobResult = std::variant<CheckBlockResult, CheckTransactionsResult, miner::SearchOutcome>;

/// What one worker thread keeps between jobs: checkers with their caches of parsed keys.
class JobRunner {
  public:
    /// `spec` and `engine` must outlive it.
    JobRunner(
        const ChainId& chain,
        const ledger::ChainSpec& spec,
        const consensus::Engine& engine,
        std::uint64_t salt
    );

    /// Does the work. The result's alternative is the one that belongs to the work's.
    [[nodiscard]] JobResult run(JobWork work);

  private:
    chain::BlockChecker blocks_;
    execution::TransactionChecker transactions_;
};

}  // namespace cairn::node
