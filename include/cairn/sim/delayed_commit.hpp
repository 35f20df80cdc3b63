/// How a driver without threads performs `StartCommit`: what was started is written when it says
/// so.
#pragma once

#include "cairn/chain/blockchain.hpp"

#include <optional>
#include <utility>

namespace cairn::sim {

class DelayedCommit {
  public:
    /// Errors here and below: those of the store.
    [[nodiscard]] Result<void, chain::StoreError> start(chain::Blockchain& chain) {
        auto begun = chain.begin_commit();
        if (!begun)
            return tl::unexpected{begun.error()};
        started_ = std::move(*begun);
        return {};
    }

    /// Writes what was started, if that has not happened.
    [[nodiscard]] Result<void, chain::StoreError> finish(chain::Blockchain& chain) {
        const auto started = std::exchange(started_, std::nullopt);
        return started ? chain.end_commit(started->write()) : Result<void, chain::StoreError>{};
    }

    /// `CommitStore`.
    [[nodiscard]] Result<void, chain::StoreError> commit(chain::Blockchain& chain) {
        const auto finished = finish(chain);
        return finished ? chain.commit() : finished;
    }

    /// What a crash does.
    void forget() { started_.reset(); }

  private:
    std::optional<chain::StartedCommit> started_;
};

}  // namespace cairn::sim
