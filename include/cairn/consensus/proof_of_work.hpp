/// Proof of work: blocks are found by trying nonces until the hash is at most the target, and the
/// target follows the clock by ASERT, or stays where it is (spec 06 §2, §3).
#pragma once

#include "cairn/consensus/engine.hpp"

namespace cairn::consensus {

class ProofOfWork final : public Engine {
  public:
    /// `spec` as for `make_engine`.
    explicit ProofOfWork(const ledger::EngineSpec& spec);

    [[nodiscard]] std::uint32_t next_target(const ChainPoint& parent) const override;
    [[nodiscard]] ChainPoint advance(const ChainPoint& parent, UnixMillis time) const override;
    [[nodiscard]] Result<void, HeaderError> check_seal(
        const ledger::SealedHeader& head, const BlockHash& hash
    ) const override;
    [[nodiscard]] Work work_of(const ledger::Header& header) const override;
    [[nodiscard]] bool is_searched() const override;
    [[nodiscard]] Duration block_interval() const override;

  private:
    ledger::EngineSpec spec_;
    AsertParameters asert_;
};

}  // namespace cairn::consensus
