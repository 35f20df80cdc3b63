/// Makes blocks: on command, and all the time when the node is a miner.
///
/// Rules, each with its reason:
/// 1. One block at a time: a template on the tip, search jobs over its nonces, a check of the found
///    block like any foreign one, then the chain. The check spares the signatures of transactions
///    that came from the pool, which had them checked.
/// 2. A new tip, whoever found it, abandons what runs: outcomes of abandoned jobs are ignored by
///    their ids, and a search on the new tip starts at once. So that stale jobs cannot fill the
///    workers' queue when tips come fast, abandoned and live searches together are at most twice
///    the wanted number.
/// 3. A search job takes about `search_time`, by the speed of those before: small enough to change
///    tips quickly, large enough that the way out and back costs nothing.
/// 4. A template takes up new transactions at most every `template_refresh_interval` and is looked
///    at when a job ends, so mining needs no timer of its own.
/// 5. Commands are served in order and before the node's own mining, with the mining account of the
///    configuration, on any engine, also while the node syncs: whoever asks wants a block now. The
///    reply comes after the blocks are durable.
/// 6. On chains that do not retarget, the node's own mining waits an exponential gap of one block
///    interval on average before each block. That is how proof of work behaves, and a trivial
///    target would flood the chain otherwise.
/// 7. The node's own mining rests while it syncs: blocks on an old tip are lost work.
/// 8. A block that the node itself would hold back as too early is not searched: a command is
///    refused by the rule `too_early`; the node's own mining looks again after
///    `mining_retry_delay`.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/base/uint256.hpp"
#include "cairn/node/context.hpp"
#include "cairn/node/hashrate.hpp"
#include "cairn/node/view.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace cairn::node {

class Mining {
  public:
    /// Submits our own block to the chain as a foreign one would be, and announces it.
    using AcceptBlock = std::function<Result<
        chain::ChainChange,
        chain::BlockError>(Context&, std::shared_ptr<const chain::CheckedBlock>)>;

    explicit Mining(AcceptBlock accept_block);

    /// @name Events
    /// @{
    /// Begins the node's own mining, if its configuration asks for it. To be called once.
    void start(Context& context);
    /// Replies when all blocks are mined. Errors: `busy`, `bad_argument`, `rejected` by the rule
    /// `too_early`, and `internal` when our own block is refused.
    void on_command(Context& context, CommandId command, MineBlocks order);
    /// True when the job was one of ours.
    [[nodiscard]] bool on_job(Context& context, JobId job, JobResult& result);
    /// To be called after the pool has followed the same changes; changes by our own blocks do no
    /// harm.
    void on_chain_change(Context& context, const std::vector<chain::ChainChange>& changes);
    /// Tells whether the node is behind its peers.
    void set_syncing(Context& context, bool is_syncing);
    void on_time(Context& context);
    [[nodiscard]] std::optional<Instant> next_wakeup() const;
    /// @}

    [[nodiscard]] MiningSummary summary(Instant now) const;

  private:
    /// A `MineBlocks` that is not complete.
    struct Order {
        CommandId command;
        std::uint64_t left = 0;
        Bytes body;
        std::vector<MinedBlock> mined;
    };

    /// The block that is being sealed.
    struct Template {
        ledger::Block block;
        std::array<std::uint8_t, ledger::header_bytes> header{};
        Uint256 target;
        /// The order that it is for, if any.
        std::optional<CommandId> command;
        Instant made_at;
        std::size_t pool_size = 0;
        std::size_t pool_bytes = 0;
    };

    struct Search {
        std::shared_ptr<const Template> work;
        Instant started_at;
        std::uint64_t first = 0;
        std::uint64_t count = 0;
    };

    [[nodiscard]] static std::optional<CommandError> check_order(
        const Context& context, const MineBlocks& order
    );
    void advance(Context& context);
    [[nodiscard]] bool wants_block(Context& context);
    [[nodiscard]] bool is_stale(const Context& context) const;
    [[nodiscard]] bool is_too_early(const Context& context) const;
    [[nodiscard]] static bool is_paced(const Context& context);
    void draw_gap(Context& context);
    void make_work(Context& context);
    void start_search(Context& context);
    void abandon(const Context& context);
    void log_restart(Context& context) const;
    void on_search(Context& context, const Search& search, const miner::SearchOutcome& outcome);
    void measure(Context& context, const Search& search, const miner::SearchOutcome& outcome);
    void start_check(Context& context, const ledger::Block& block);
    void on_check(Context& context, CheckBlockResult& result);
    void on_mined(Context& context, const chain::CheckedBlock& block);
    void fail(Context& context, const chain::BlockError& error);

    AcceptBlock accept_block_;
    bool is_miner_ = false;
    bool is_syncing_ = false;
    std::deque<Order> orders_;
    std::shared_ptr<const Template> work_;
    std::uint64_t next_nonce_ = 0;
    std::uint64_t search_nonces_;
    std::map<JobId, Search> searches_;
    std::optional<JobId> check_;
    /// Jobs that still run and whose results do not matter.
    std::set<JobId> abandoned_;
    /// When the first of them was abandoned.
    Instant abandoned_at_;
    /// The node's own mining rests until then.
    std::optional<Instant> rest_until_;
    Hashrate hashrate_;
    std::uint64_t hashes_ = 0;
    std::uint64_t blocks_found_ = 0;
};

}  // namespace cairn::node
