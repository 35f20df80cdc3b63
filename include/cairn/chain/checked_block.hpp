/// The proof that a block's own rules hold: the only thing that the chain accepts.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/chain/block_index.hpp"
#include "cairn/codec/error.hpp"
#include "cairn/consensus/engine.hpp"
#include "cairn/execution/checked_transaction.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/ledger/block.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::chain {

/// Why a block is refused, by stage (spec 06 §4).
enum class BlockRule : std::uint8_t {
    // Structural: the bytes. Not the block's fault: its hash does not commit to them.
    malformed,  ///< not a block's canonical bytes; `decode` says more
    // Semantic: no chain needed.
    header,                 ///< a header rule, named in `header`
    too_large,              ///< more bytes than the chain's limit
    wrong_tx_root,          ///< the body is not the one that the header commits to (a mutated body)
    transaction,            ///< a transaction's semantic rule, named in `transaction`
    duplicate_transaction,  ///< one id twice
    // Contextual: on its parent.
    unknown_parent,    ///< the parent is not known
    invalid_parent,    ///< the parent is known to be invalid
    execution,         ///< its transactions cannot be executed; `execution` says more
    wrong_state_root,  ///< they can, but give another state
    known,             ///< the chain has this block already
    known_invalid,     ///< this block was refused before
    unreadable,        ///< our own disk does not give back what a reorganisation needs
};
[[nodiscard]] std::string_view to_string(BlockRule rule);

struct BlockError {
    BlockRule rule = BlockRule::malformed;
    std::optional<codec::DecodeError> decode;
    std::optional<consensus::HeaderError> header;
    std::optional<execution::TransactionError> transaction;
    std::optional<execution::ExecutionError> execution;
    /// The two values that decided, for people: quantities with their unit, and the transaction by
    /// its id and place where one is to blame. Empty where the header alone tells.
    std::string expected{};
    std::string actual{};

    friend bool operator==(const BlockError&, const BlockError&) = default;
};

/// The innermost rule with its module, such as `consensus.wrong_target`: what `explain` and logs
/// show.
[[nodiscard]] std::string rule_name(const BlockError& error);

/// True when the hash commits to the fault, so that the block can be remembered as invalid. A body
/// that does not fit its header says nothing of the block (CVE-2012-2459).
[[nodiscard]] bool is_permanent(const BlockError& error);

/// A block whose structural and semantic rules hold. Made by `check_block` alone.
class CheckedBlock {
  public:
    [[nodiscard]] const ledger::Block& block() const { return block_; }

    [[nodiscard]] const ledger::SealedHeader& head() const { return block_.head; }

    [[nodiscard]] const BlockHash& hash() const { return hash_; }

    /// One for each transaction, in order.
    [[nodiscard]] const std::vector<TxId>& ids() const { return index_->ids; }

    /// The canonical form: what is stored and relayed.
    [[nodiscard]] const Bytes& bytes() const { return *bytes_; }

    /// The same; never null, and shared because it may outlive the block on its way to the store.
    [[nodiscard]] const std::shared_ptr<const Bytes>& shared_bytes() const { return bytes_; }

    /// What the indexes say of the block, with `ids`; never null, and shared for the same reason.
    [[nodiscard]] const std::shared_ptr<const BlockIndex>& index() const { return index_; }

  private:
    friend class BlockChecker;

    CheckedBlock(ledger::Block block, const BlockHash& hash, std::vector<TxId> ids, Bytes bytes)
        : block_{std::move(block)},
          hash_{hash},
          index_{std::make_shared<const BlockIndex>(make_block_index(block_, std::move(ids)))},
          bytes_{std::make_shared<const Bytes>(std::move(bytes))} {}

    ledger::Block block_;
    BlockHash hash_;
    std::shared_ptr<const BlockIndex> index_;
    std::shared_ptr<const Bytes> bytes_;
};

/// A transaction whose signature was checked when it came alone.
struct KnownSignature {
    TxId id;
    crypto::Signature signature;
};

/// Checks blocks of one chain. Owned by one thread; `engine` and `spec` must outlive it.
class BlockChecker {
  public:
    BlockChecker(
        const ChainId& chain,
        const ledger::ChainSpec& spec,
        const consensus::Engine& engine,
        std::uint64_t salt
    );

    /// Runs the structural and the semantic stage. `known`, sorted by id, spares signature checks.
    /// Errors: the first two groups of `BlockRule`.
    [[nodiscard]] Result<CheckedBlock, BlockError> check(
        Bytes bytes, const std::vector<KnownSignature>& known = {}
    );

    /// A block that was checked before and comes back from our own disk: only what its hash commits
    /// to is compared. Errors: `malformed`, `wrong_tx_root`.
    [[nodiscard]] Result<CheckedBlock, BlockError> restore(Bytes bytes) const;

  private:
    [[nodiscard]] Result<ledger::DecodedBlock, BlockError> decode_committed(ByteView bytes) const;

    execution::TransactionChecker transactions_;
    const consensus::Engine& engine_;
};

}  // namespace cairn::chain
