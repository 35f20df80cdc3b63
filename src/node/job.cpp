#include "cairn/node/job.hpp"

#include <utility>

namespace cairn::node {

JobRunner::JobRunner(
    const ChainId& chain,
    const ledger::ChainSpec& spec,
    const consensus::Engine& engine,
    std::uint64_t salt
)
    : blocks_{chain, spec, engine, salt}, transactions_{chain, spec, salt} {}

JobResult JobRunner::run(JobWork work) {
    return std::visit(
        overloaded{
            [this](CheckBlockJob& job) -> JobResult {
                return CheckBlockResult{
                    blocks_.check(std::move(job.bytes), job.known)
                        .map([](chain::CheckedBlock&& block) {
                            return std::make_shared<const chain::CheckedBlock>(std::move(block));
                        })};
            },
            [this](CheckTransactionsJob& job) -> JobResult {
                CheckTransactionsResult results;
                results.reserve(job.transactions.size());
                for (auto& transaction : job.transactions) {
                    results.push_back(
                        transactions_.check(std::move(transaction), job.others)
                            .map([](execution::CheckedTransaction&& checked) {
                                return std::make_shared<const execution::CheckedTransaction>(
                                    std::move(checked)
                                );
                            })
                    );
                }
                return results;
            },
            [](SearchJob& job) -> JobResult { return miner::search(job.range); },
        },
        work
    );
}

}  // namespace cairn::node
