/// Keeps the chain equal to the best one that peers have: headers first, then bodies, checked by
/// jobs, handed to the chain in order; serves both to others; announces what is new.
///
/// Rules:
/// 1. A block is relayed before it is durable and acknowledged after: the announcement stands
///    before `StartCommit` or `CommitStore`, `ChainEvent` comes when that is done.
/// 2. While blocks are missing, commits are written meanwhile, one at a time. What comes until one
///    has finished is the next; if that grows to `sync_commit_bytes`, all wait for the disk. So
///    they do with the last block: what a node without gaps answers is durable.
/// 3. While syncing, nothing is announced, commits are put together (`sync_commit_interval`,
///    `sync_commit_bytes`), and one line a `sync_log_interval` is logged.
/// 4. Syncing begins when more blocks are missing than one peer is asked for at once, and ends when
///    none is. A node whose peers have not answered yet does not know, and says so.
/// 5. A block that nobody asked for is looked at only if it is the child of a block that we have
///    and would become the tip; one a peer at a time.
/// 6. A block that a rule refuses which its hash commits to is never asked for again; a body that
///    does not fit its header says nothing of the block.
/// 7. A tip that has not moved for long makes us ask every peer.
/// 8. When our own store does not give back a block that a reorganisation needs, the node stops:
/// the
///    commit that is asked for then fails.
///
/// `Node` calls `finish` after each input, when all sub-machines have had it.
#pragma once

#include "cairn/node/block_download.hpp"
#include "cairn/node/block_refusal.hpp"
#include "cairn/node/block_server.hpp"
#include "cairn/node/chain_counts.hpp"
#include "cairn/node/context.hpp"
#include "cairn/node/header_sync.hpp"
#include "cairn/node/parked_blocks.hpp"
#include "cairn/node/view.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace cairn::node {

/// How long a tip may stand still before it is suspected to be stale.
[[nodiscard]] Duration stale_tip_time(const consensus::Engine& engine);

/// See the top of this file.
class BlockSync {
  public:
    /// `chain` must outlive it. `salt` seeds hash maps.
    BlockSync(const chain::Blockchain& chain, std::uint64_t salt);

    /// @name Inputs
    /// @{
    void on_peer_ready(Context& context, const Peer& peer);
    void on_peer_gone(Context& context, LinkId link);
    void on_message(
        Context& context, const Peer& peer, const wire::GetHeaders& message, std::uint32_t request
    );
    void on_message(
        Context& context, const Peer& peer, const wire::Headers& message, std::uint32_t request
    );
    void on_message(
        Context& context, const Peer& peer, const wire::GetBlock& message, std::uint32_t request
    );
    /// By value: the body moves on to its check.
    void on_message(
        Context& context, const Peer& peer, wire::BlockMessage message, std::uint32_t request
    );
    /// Its blocks; its transactions are another's.
    void on_message(
        Context& context, const Peer& peer, const wire::Inventory& message, std::uint32_t request
    );
    /// Its blocks; its transactions are another's.
    void on_message(
        Context& context, const Peer& peer, const wire::NotFound& message, std::uint32_t request
    );
    /// True when the job was one of ours; its result is taken then.
    bool on_job(Context& context, JobId job, JobResult& result);
    /// What was started is durable.
    void on_commit_finished(Context& context);
    void on_time(Context& context);
    /// Serves, asks and commits what this input has brought together.
    void finish(Context& context);
    /// @}

    /// Submits a checked block, of a peer or our own (`from` empty), tells pool and peers, and
    /// asks for the commit. Our own blocks are announced and committed at once even while syncing.
    /// Errors: those of `Blockchain::submit`.
    [[nodiscard]] Result<chain::ChainChange, chain::BlockError> accept_block(
        Context& context, const CheckedBlockPointer& block, std::optional<LinkId> from
    );
    /// Marks a block invalid by the operator's command. Errors: those of `Blockchain::invalidate`.
    [[nodiscard]] Result<void, chain::BlockError> set_aside(
        Context& context, const BlockHash& hash
    );

    /// How the active chain has moved since the last call, in order.
    [[nodiscard]] std::vector<chain::ChainChange> take_changes();
    [[nodiscard]] bool is_syncing() const;
    /// Whether it syncs, or misses more than the one block that a new tip brings.
    [[nodiscard]] bool is_catching_up() const;
    [[nodiscard]] std::optional<Instant> next_wakeup() const;
    [[nodiscard]] std::vector<QueueSummary> queues() const;

    /// Why `chain` does not follow a block, as far as that is known.
    [[nodiscard]] std::optional<CommandError> refusal(
        const chain::Blockchain& chain, const BlockHash& hash
    ) const {
        return refusals_.find(chain, hash);
    }

    /// How often each rule has refused a block or header.
    [[nodiscard]] const RuleCounts& refused() const { return refusals_.counts(); }

    /// What the chain has been through.
    [[nodiscard]] const ChainCounts& chain_counts() const { return chain_counts_; }

    /// Asks `peer` for the headers after our best one, now or as soon as that is allowed.
    void ask_headers(Context& context, const Peer& peer) { headers_.want_headers(context, peer); }

    /// True when no block is on its way.
    [[nodiscard]] bool is_download_idle() const { return download_.is_idle(); }

    /// The best block that a peer has proven to know; null when it has proven none.
    [[nodiscard]] const ProvenTip* proven_tip(LinkId link) const {
        return headers_.proven_tip(link);
    }

    /// The height of the highest block that a peer has shown to know, by its header or by asking
    /// for it.
    [[nodiscard]] Height known_height(LinkId link) const;

  private:
    using Moves = std::vector<std::shared_ptr<const chain::ChainChange>>;

    struct Check {
        BlockHash hash;
        LinkId from;
    };

    void consider_unrequested(
        Context& context, LinkId link, const ledger::SealedHeader& head, Bytes bytes
    );
    void start_check(Context& context, const Check& check, Bytes bytes);
    void on_checked(Context& context, const Check& check, CheckBlockResult result);
    static void blame(Context& context, const Check& check, const chain::BlockError& error);
    [[nodiscard]] Result<chain::ChainChange, chain::BlockError> invalidate(
        Context& context, const BlockHash& hash
    );
    void hand_on(Context& context);
    /// Stops the node for an unreadable store.
    static void give_up(Context& context);
    void publish(Context& context, chain::ChainChange change, std::optional<LinkId> from);
    /// Tells peers of the tip: by the headers of `blocks` that led to it, or by its hash.
    void announce(
        Context& context, const std::vector<CheckedBlockPointer>& blocks, std::optional<LinkId> from
    );
    void log_change(Context& context, const chain::ChainChange& change);
    /// Blocks of an unknown header version are valid, but somebody should know.
    static void warn_of_versions(Context& context, const chain::ChainChange& change);
    /// Commits before anything else; what moved since the last commit has happened then.
    void commit(Context& context);
    void start_commit(Context& context);
    void commit_within(Context& context, Duration time);
    void commit_what_is_due(Context& context);
    void release_parked(Context& context);
    void probe_stale_tip(Context& context);
    void update_phase(Context& context);

    HeaderSync headers_;
    BlockDownload download_;
    BlockServer server_;
    ParkedBlocks parked_;
    BlockRefusals refusals_;
    ChainCounts chain_counts_;
    chain::BlockChecker checker_;
    /// Bodies that are being checked.
    std::map<JobId, Check> checks_;
    /// Peers whose unrequested block is being checked.
    std::map<LinkId, BlockHash> unrequested_;

    bool is_syncing_ = false;
    std::vector<chain::ChainChange> changes_;
    /// Moves that no commit covers yet.
    Moves uncommitted_;
    /// Those of the commit that has been started, while it has not finished.
    std::optional<Moves> committing_;
    std::optional<Instant> commit_at_;
    Instant logged_at_;
    std::optional<Instant> probe_at_;
    std::optional<Instant> parked_check_at_;
};

}  // namespace cairn::node
