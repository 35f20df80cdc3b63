/// Instant seal: no target, no seal, one unit of work a block. For tests and demonstrations where
/// whoever may speak to the node may add a block.
#pragma once

#include "cairn/consensus/engine.hpp"

namespace cairn::consensus {

class InstantSeal final : public Engine {
  public:
    /// `spec` as for `make_engine`.
    explicit InstantSeal(const ledger::EngineSpec& spec);

    /// Always 0.
    [[nodiscard]] std::uint32_t next_target(const ChainPoint& parent) const override;
    /// The clock stays at 0: no rule reads it.
    [[nodiscard]] ChainPoint advance(const ChainPoint& parent, UnixMillis time) const override;
    /// Errors: `malformed_seal` (not empty), `wrong_target` (not 0).
    [[nodiscard]] Result<void, HeaderError> check_seal(
        const ledger::SealedHeader& head, const BlockHash& hash
    ) const override;
    /// Always 1, so that the longest chain is the heaviest.
    [[nodiscard]] Work work_of(const ledger::Header& header) const override;
    [[nodiscard]] bool is_searched() const override;
    [[nodiscard]] Duration block_interval() const override;

  private:
    Duration block_interval_;
};

}  // namespace cairn::consensus
