/// Checking a chain again from disk, block by block: links, targets, work, roots, signatures,
/// execution. Done in steps, because a long chain takes longer than a peer waits for an answer.
#pragma once

#include "cairn/chain/blockchain.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::chain {

/// The result of checking a chain again.
struct Validation {
    bool valid = true;
    /// Blocks that were checked, genesis included.
    std::uint64_t checked = 0;
    /// The rule that failed and at which height, when not valid.
    std::string reason;
};

/// One run over the active chain of `chain`, which must outlive it. If the chain reorganises
/// meanwhile, the run starts again.
class Validator {
  public:
    /// Blocks below `from` are executed, but their signatures are taken on trust.
    Validator(const Blockchain& chain, Height from, std::uint64_t salt);

    /// Checks at most `blocks` more. The result once the tip is reached or a block fails.
    [[nodiscard]] std::optional<Validation> step(std::size_t blocks);

  private:
    void restart();
    /// The rule that the block at `next_` breaks, if any.
    [[nodiscard]] std::optional<std::string> check_next();
    [[nodiscard]] std::optional<std::string> check_links(const BlockEntry& entry) const;

    const Blockchain& chain_;
    Height from_;
    std::uint64_t salt_;
    BlockChecker checker_;
    state::State state_;
    Height next_;
    BlockHash previous_;
    consensus::Work work_;
};

}  // namespace cairn::chain
