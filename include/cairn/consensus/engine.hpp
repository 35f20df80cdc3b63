/// Consensus engines: which target a block must carry, what its seal proves, how heavy it is.
/// Rules that all engines share stand in `header_rules.hpp`.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/consensus/target.hpp"
#include "cairn/ledger/chain_spec.hpp"
#include "cairn/ledger/header.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace cairn::consensus {

/// Why a header cannot follow its parent (spec 06 §1). `too_early` alone is not a fault: the block
/// waits until its time comes.
enum class HeaderError : std::uint8_t {
    wrong_chain,      ///< the header names another chain
    wrong_height,     ///< not the parent's height plus one
    time_not_later,   ///< not after the median time of the last eleven blocks
    too_early,        ///< further ahead of our clock than ten block intervals
    wrong_target,     ///< the target is not what the rule gives
    malformed_seal,   ///< the seal is not of the engine's form, or its nonce exceeds 2^53-1
    not_enough_work,  ///< the hash exceeds the target
};
[[nodiscard]] std::string_view to_string(HeaderError error);

/// What the difficulty rule needs of a block: kept in the block index beside its header.
struct ChainPoint {
    Height height;
    UnixMillis time;
    /// The capped clock C(h) of spec 06 §3 in milliseconds; 0 at genesis.
    std::int64_t clock = 0;

    friend bool operator==(const ChainPoint&, const ChainPoint&) = default;
};

/// A consensus engine. Holds nothing but its parameters: equal inputs give equal answers for ever.
class Engine {
  public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    virtual ~Engine() = default;

    /// The compact target that the child of `parent` must carry.
    [[nodiscard]] virtual std::uint32_t next_target(const ChainPoint& parent) const = 0;
    /// The point of a child of `parent` whose time is `time`.
    [[nodiscard]] virtual ChainPoint advance(const ChainPoint& parent, UnixMillis time) const = 0;
    /// Whether the seal is well formed and meets the target that the header itself states; says
    /// nothing about whether that target is the one that its parent asks for.
    /// Errors: `malformed_seal`, `wrong_target` (not a target, or above the chain's limit),
    /// `not_enough_work`, looked for in that order.
    [[nodiscard]] virtual Result<void, HeaderError> check_seal(
        const ledger::SealedHeader& head, const BlockHash& hash
    ) const = 0;
    /// The work that `header` stands for; 0 when its target is not a target.
    [[nodiscard]] virtual Work work_of(const ledger::Header& header) const = 0;
    /// True when blocks are found by trying nonces; false when they need no seal at all.
    [[nodiscard]] virtual bool is_searched() const = 0;
    /// The intended time between blocks.
    [[nodiscard]] virtual Duration block_interval() const = 0;
};

/// The engine that `spec` asks for. `spec` must keep the rules of `ledger::parse_chain_spec`: an
/// interval within its limits, and under proof of work a target limit that is a compact target.
[[nodiscard]] std::unique_ptr<Engine> make_engine(const ledger::EngineSpec& spec);

}  // namespace cairn::consensus
