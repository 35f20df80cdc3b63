#include "cairn/node/mining.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/consensus/header_rules.hpp"
#include "cairn/miner/block_template.hpp"
#include "cairn/node/exponential.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/node/refusal.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace cairn::node {

namespace {

/// Nonces of the first search, before any speed is known.
constexpr std::uint64_t search_nonces_start = 65'536;
/// Bytes of a block that holds only a coinbase beside the coinbase's body, at most.
constexpr std::size_t coinbase_overhead = 256;

CommandError bad_field(std::string message, std::string expected, std::string actual) {
    return {
        .code = "bad_field",
        .message = std::move(message),
        .rule = "rpc.bad_field",
        .expected = std::move(expected),
        .actual = std::move(actual),
        .hint = "help command=mine_block tells its arguments.",
    };
}

constexpr auto too_early = consensus::HeaderError::too_early;

/// What to say of our own block, of `time`, that cannot be taken. A clock far behind the chain's
/// may do that; all else is a bug of ours.
CommandError describe_failure(
    const Context& context, const chain::BlockError& error, UnixMillis time
) {
    CommandError refused{
        .code = "internal",
        .message = "The node refused the block that it made itself.",
        .rule = chain::rule_name(error),
        .expected = "a block that keeps the rules",
        .actual = "one that does not",
        .hint = "This is a mistake of the program: please report it with the node's log.",
    };
    if (error.header != too_early)
        return refused;
    const auto latest = consensus::latest_time(context.chain.engine(), context.now.wall);
    refused.code = "rejected";
    refused.message = "This computer's clock is too far behind the chain's to make a block.";
    refused.expected = "a block's time of at most " + std::to_string(latest.value) + " ms";
    refused.actual = std::to_string(time.value) + " ms";
    refused.hint = "Set this computer's clock.";
    return refused;
}

/// The signatures of a template's transactions, all of which the pool has had checked.
std::vector<chain::KnownSignature> known_signatures(
    const ChainId& chain, const ledger::Block& block
) {
    std::vector<chain::KnownSignature> known;
    for (const auto& transaction : block.transactions)
        if (!transaction.is_coinbase())
            known.push_back({ledger::transaction_id(chain, transaction), transaction.signature});
    std::sort(known.begin(), known.end(), [](const auto& left, const auto& right) {
        return left.id < right.id;
    });
    return known;
}

}  // namespace

Mining::Mining(AcceptBlock accept_block)
    : accept_block_{std::move(accept_block)}, search_nonces_{search_nonces_start} {}

void Mining::start(Context& context) {
    is_miner_ = context.config.mining_threads > 0;
    draw_gap(context);
    advance(context);
}

void Mining::on_command(Context& context, CommandId command, MineBlocks order) {
    if (auto error = check_order(context, order)) {
        context.outbox.push(Reply{command, tl::unexpected{std::move(*error)}});
        return;
    }
    if (orders_.size() >= mine_orders_max) {
        const CommandError busy{
            .code = "busy",
            .message = "Too many mining commands wait.",
            .rule = "rpc.busy",
            .expected = "at most " + std::to_string(mine_orders_max) + " at once",
            .actual = "one more",
            .hint = "Try again when one of them is answered.",
        };
        context.outbox.push(Reply{command, tl::unexpected{busy}});
        return;
    }
    orders_.push_back(
        {.command = command, .left = order.count, .body = std::move(order.body), .mined = {}}
    );
    advance(context);
}

bool Mining::on_job(Context& context, JobId job, JobResult& result) {
    if (abandoned_.erase(job) > 0) {
        // A worker is free again.
        if (abandoned_.empty())
            log_restart(context);
        advance(context);
        return true;
    }
    if (check_ == job) {
        check_.reset();
        auto* checked = std::get_if<CheckBlockResult>(&result);
        CAIRN_ASSERT(checked != nullptr);
        on_check(context, *checked);
        advance(context);
        return true;
    }
    const auto place = searches_.find(job);
    if (place == searches_.end())
        return false;
    const auto search = std::move(place->second);
    searches_.erase(place);
    const auto* outcome = std::get_if<miner::SearchOutcome>(&result);
    CAIRN_ASSERT(outcome != nullptr);
    on_search(context, search, *outcome);
    advance(context);
    return true;
}

void Mining::on_chain_change(Context& context, const std::vector<chain::ChainChange>& changes) {
    if (!changes.empty())
        advance(context);
}

void Mining::set_syncing(Context& context, bool is_syncing) {
    if (std::exchange(is_syncing_, is_syncing) != is_syncing)
        advance(context);
}

void Mining::on_time(Context& context) {
    advance(context);
}

std::optional<Instant> Mining::next_wakeup() const {
    // Everything but the end of a rest is brought by a job or another input.
    return is_miner_ && orders_.empty() && !is_syncing_ ? rest_until_ : std::nullopt;
}

MiningSummary Mining::summary(Instant now) const {
    return {
        .is_mining = is_miner_ || !orders_.empty(),
        .hashrate = hashrate_.per_second(now),
        .blocks_found = blocks_found_,
        .hashes = hashes_,
    };
}

std::optional<CommandError> Mining::check_order(const Context& context, const MineBlocks& order) {
    if (order.count == 0 || order.count > mine_blocks_max)
        return bad_field(
            "The number of blocks is out of range.",
            "1 to " + std::to_string(mine_blocks_max),
            std::to_string(order.count)
        );
    if (context.config.coinbase == ledger::AccountId{})
        return refuse_without_coinbase();
    const auto& spec = context.chain.spec();
    const bool fits = order.body.size() + coinbase_overhead <= spec.limits.block_bytes;
    if (!fits || !miner::is_body_allowed(spec, order.body))
        return bad_field(
            "The block's data is not canonical JSON, or too long.",
            "a document (RFC 8785) that fits a transaction",
            std::to_string(order.body.size()) + " bytes"
        );
    return std::nullopt;
}

/// Brings what runs in line with what is wanted. Called after everything that may change either.
void Mining::advance(Context& context) {
    if (work_ && work_->block.head.header.previous != context.chain.tip().hash)
        abandon(context);
    if (check_)
        return;
    if (!wants_block(context)) {
        abandon(context);
        return;
    }
    const auto threads = std::max<std::size_t>(1, context.config.mining_threads);
    // At the bound a job of ours ends before long and leads here again.
    while (searches_.size() < threads && searches_.size() + abandoned_.size() < 2 * threads) {
        if (!work_ || is_stale(context))
            make_work(context);
        if (is_too_early(context)) {
            fail(context, {.rule = chain::BlockRule::header, .header = too_early});
            if (!wants_block(context))
                return;
            continue;
        }
        if (!context.chain.engine().is_searched()) {
            start_check(context, work_->block);
            return;
        }
        start_search(context);
    }
}

bool Mining::wants_block(Context& context) {
    if (!orders_.empty())
        return true;
    if (!is_miner_ || is_syncing_)
        return false;
    if (rest_until_ && *rest_until_ <= context.now.steady)
        rest_until_.reset();
    return !rest_until_;
}

/// Whether the template, which is on the tip, should be made anew.
bool Mining::is_stale(const Context& context) const {
    const auto command = orders_.empty() ? std::nullopt : std::optional{orders_.front().command};
    if (work_->command != command)
        return true;
    if (next_nonce_ > quantity_max - search_nonces_max)
        return true;
    const auto age = context.now.steady - work_->made_at;
    const bool has_pool_changed =
        work_->pool_size != context.pool.size() || work_->pool_bytes != context.pool.bytes();
    return age >= template_age_max || (has_pool_changed && age >= template_refresh_interval);
}

/// Whether this node itself would have the block wait: its clock is far behind the chain's.
bool Mining::is_too_early(const Context& context) const {
    const auto latest = consensus::latest_time(context.chain.engine(), context.now.wall);
    return work_->block.head.header.time > latest;
}

bool Mining::is_paced(const Context& context) {
    return context.config.paced_mining && !context.chain.spec().engine.retarget;
}

/// Sets when the node's own mining goes on. The time that a search takes comes on top: on such
/// chains it is next to nothing.
void Mining::draw_gap(Context& context) {
    if (!is_miner_ || !is_paced(context))
        return;
    const auto gap = exponential_gap(context.random, context.chain.engine().block_interval());
    rest_until_ = context.now.steady + gap;
}

void Mining::make_work(Context& context) {
    const auto* order = orders_.empty() ? nullptr : &orders_.front();
    auto work = std::make_shared<Template>();
    work->block = miner::make_template(
        context.chain,
        context.pool,
        {.coinbase = context.config.coinbase, .body = order == nullptr ? Bytes{} : order->body},
        context.now.wall
    );
    work->header = ledger::encode_header(work->block.head.header);
    if (context.chain.engine().is_searched()) {
        const auto target = consensus::target_from_compact(work->block.head.header.target);
        CAIRN_ASSERT(target.has_value());
        work->target = *target;
    }
    if (order != nullptr)
        work->command = order->command;
    work->made_at = context.now.steady;
    work->pool_size = context.pool.size();
    work->pool_bytes = context.pool.bytes();
    work_ = std::move(work);
    next_nonce_ = 0;
}

void Mining::start_search(Context& context) {
    const auto job = context.outbox.start(SearchJob{miner::SearchRange{
        .header = work_->header,
        .target = work_->target,
        .first = next_nonce_,
        .count = search_nonces_,
    }});
    searches_.emplace(
        job,
        Search{
            .work = work_,
            .started_at = context.now.steady,
            .first = next_nonce_,
            .count = search_nonces_}
    );
    next_nonce_ += search_nonces_;
}

void Mining::abandon(const Context& context) {
    if (abandoned_.empty())
        abandoned_at_ = context.now.steady;
    for (const auto& [job, search] : searches_)
        abandoned_.insert(job);
    searches_.clear();
    if (check_)
        abandoned_.insert(*check_);
    check_.reset();
    work_.reset();
}

/// All workers have left the old tip: what that took is what a block of others costs a miner.
void Mining::log_restart(Context& context) const {
    const auto took = context.now.steady - abandoned_at_;
    context.outbox.push(LogEvent{
        .level = LogEvent::Level::debug,
        .area = "mining",
        .message = "search restarted",
        .fields =
            {{"height", std::to_string(context.chain.tip().height().next().value)},
             {"after_us", std::to_string(took.count())}},
    });
}

void Mining::on_search(
    Context& context, const Search& search, const miner::SearchOutcome& outcome
) {
    measure(context, search, outcome);
    // A template that was refreshed meanwhile is as good as its successor, unless it belongs to a
    // command that is done.
    const bool is_current =
        work_ && search.work->command == work_->command &&
        search.work->block.head.header.previous == work_->block.head.header.previous;
    if (!outcome.nonce || check_ || !is_current)
        return;
    auto block = search.work->block;
    block.head.seal = ledger::make_nonce_seal(*outcome.nonce);
    start_check(context, block);
}

/// Counts the hashes and fits the next search's length to the time that this one took.
void Mining::measure(Context& context, const Search& search, const miner::SearchOutcome& outcome) {
    hashrate_.add(context.now.steady, outcome.tried);
    hashes_ += outcome.tried;
    const auto elapsed = context.now.steady - search.started_at;
    if (outcome.nonce || elapsed.count() <= 0)
        return;
    const auto ideal = search.count * static_cast<std::uint64_t>(search_time.count()) /
                       static_cast<std::uint64_t>(elapsed.count());
    // One measurement, which a busy machine may have spoilt, changes the length by a factor of two.
    const auto near = std::clamp(ideal, search_nonces_ / 2, search_nonces_ * 2);
    search_nonces_ = std::clamp(near, search_nonces_min, search_nonces_max);
}

void Mining::start_check(Context& context, const ledger::Block& block) {
    auto known = known_signatures(context.chain.id(), block);
    auto bytes = codec::encode(block);
    // The other searches are for a block that is found.
    const auto work = work_;
    abandon(context);
    work_ = work;
    check_ = context.outbox.start(CheckBlockJob{std::move(bytes), std::move(known)});
}

void Mining::on_check(Context& context, CheckBlockResult& result) {
    if (!result) {
        fail(context, result.error());
        return;
    }
    const auto block = *result;
    const auto change = accept_block_(context, block);
    if (!change) {
        fail(context, change.error());
        return;
    }
    if (context.chain.tip().hash == block->hash())
        on_mined(context, *block);
}

void Mining::on_mined(Context& context, const chain::CheckedBlock& block) {
    ++blocks_found_;
    const auto command = std::exchange(work_, nullptr)->command;
    if (!command) {
        draw_gap(context);
        return;
    }
    // Orders are served from the front and leave it only when complete.
    auto& order = orders_.front();
    CAIRN_ASSERT(order.command == *command);
    const auto& header = block.head().header;
    order.mined.push_back(
        {.height = header.height, .hash = block.hash(), .previous = header.previous}
    );
    if (--order.left > 0)
        return;
    // The chain may be collecting its commits; the reply promises that the blocks are kept.
    context.outbox.push(CommitStore{});
    context.outbox.push(Reply{order.command, MinedBlocks{std::move(order.mined)}});
    orders_.pop_front();
}

/// Our own block cannot be taken: say so, and do not try again at once.
void Mining::fail(Context& context, const chain::BlockError& error) {
    auto refused = describe_failure(context, error, work_->block.head.header.time);
    context.outbox.push(LogEvent{
        .level = LogEvent::Level::error,
        .area = "mining",
        .message = "own block refused",
        .fields =
            {{"rule", refused.rule}, {"expected", refused.expected}, {"actual", refused.actual}},
    });
    const auto command = std::exchange(work_, nullptr)->command;
    if (!command) {
        rest_until_ = context.now.steady + mining_retry_delay;
        return;
    }
    context.outbox.push(Reply{*command, tl::unexpected{std::move(refused)}});
    orders_.pop_front();
}

}  // namespace cairn::node
