// What follows when the active chain moves: pool, announcement, commit, events, log.
#include "cairn/base/assert.hpp"
#include "cairn/node/block_sync.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/trace.hpp"

#include <algorithm>
#include <utility>

namespace cairn::node {

namespace {

/// Tells subscribers of moves, which are durable now.
void tell(Context& context, std::vector<std::shared_ptr<const chain::ChainChange>>& moves) {
    for (auto& change : moves)
        context.outbox.push(ChainEvent{std::move(change)});
    moves.clear();
}

}  // namespace

Duration stale_tip_time(const consensus::Engine& engine) {
    return std::max<Duration>(engine.block_interval() * stale_tip_intervals, stale_tip_time_min);
}

Result<chain::ChainChange, chain::BlockError> BlockSync::accept_block(
    Context& context, const CheckedBlockPointer& block, std::optional<LinkId> from
) {
    auto change = context.chain.submit(block, context.now.wall);
    if (!change)
        refusals_.remember(
            context.chain, {.head = block->head(), .hash = block->hash()}, change.error()
        );
    if (!change && change.error().rule == chain::BlockRule::unreadable) {
        give_up(context);
        return change;
    }
    if (!change) {
        // The chain has marked what is invalid; that must outlive a crash too.
        commit_within(context, sync_commit_interval);
        return change;
    }
    if (!change->moved())
        trace_stored(context, *block);
    publish(context, *change, from);
    return change;
}

Result<chain::ChainChange, chain::BlockError> BlockSync::invalidate(
    Context& context, const BlockHash& hash
) {
    auto change = context.chain.invalidate(hash);
    if (change)
        publish(context, *change, std::nullopt);
    else if (change.error().rule == chain::BlockRule::unreadable)
        give_up(context);
    download_.follow(context.chain);
    return change;
}

Result<void, chain::BlockError> BlockSync::set_aside(Context& context, const BlockHash& hash) {
    const auto change = invalidate(context, hash);
    if (!change)
        return tl::unexpected{change.error()};
    if (const auto* entry = context.chain.find(hash))
        refusals_.remember_set_aside({.head = entry->head, .hash = hash});
    context.outbox.log(
        LogEvent::Level::warning, "chain", "block set aside by command", {{"hash", to_hex(hash)}}
    );
    return {};
}

void BlockSync::give_up(Context& context) {
    context.outbox.log(
        LogEvent::Level::error, "chain", "the store does not give back a block; the node stops"
    );
    // It fails, and the driver ends the run for it: asking again would go on for ever.
    context.outbox.push(CommitStore{});
}

void BlockSync::publish(Context& context, chain::ChainChange change, std::optional<LinkId> from) {
    const bool has_moved = change.moved() || change.is_reorganisation();
    if (has_moved) {
        chain_counts_.on_chain_change(context.chain, change);
        trace_change(context, change);
        const auto dropped = context.pool.on_chain_change(change, context.now);
        trace_dropped(context, dropped);
        context.chronicle.on_chain_change(change, context.pool, dropped, context.now.wall);
        probe_at_ = context.now.steady + stale_tip_time(context.chain.engine());
        if (from)
            context.outbox.credit(*from, Merit::block);
        if (change.moved() && (!is_syncing_ || !from))
            announce(context, change.connected, from);
        log_change(context, change);
        warn_of_versions(context, change);
        uncommitted_.push_back(std::make_shared<const chain::ChainChange>(change));
        changes_.push_back(std::move(change));
    }
    if (!is_syncing_)
        download_.follow(context.chain);
    // Who mined a block, or gave the command, is told that it is kept.
    if (!from)
        commit(context);
    else
        commit_within(context, is_syncing_ ? sync_commit_interval : Duration{0});
}

void BlockSync::announce(
    Context& context, const std::vector<CheckedBlockPointer>& blocks, std::optional<LinkId> from
) {
    const auto& tip = context.chain.tip();
    wire::Message message = wire::Inventory{.transactions = {}, .blocks = {tip.hash}};
    if (!blocks.empty() && blocks.size() <= announced_blocks_max) {
        wire::Headers headers;
        for (const auto& block : blocks)
            headers.headers.push_back(block->head());
        message = std::move(headers);
    }
    // One encoding serves all peers for whom our chain has the same name.
    std::map<std::uint8_t, std::shared_ptr<const Bytes>> encoded;
    for (const auto& [link, peer] : context.peers) {
        const auto* known = headers_.proven_tip(link);
        if (link == from || (known != nullptr && known->hash == tip.hash))
            continue;
        auto& bytes = encoded[peer.our_alias];
        if (bytes == nullptr)
            bytes = std::make_shared<const Bytes>(
                wire::encode_message(message, {.chain = peer.our_alias, .request = 0})
            );
        context.outbox.send_raw(link, bytes);
    }
}

void BlockSync::log_change(Context& context, const chain::ChainChange& change) {
    const auto& tip = context.chain.tip();
    std::vector<std::pair<std::string_view, std::string>> fields{
        {"height", std::to_string(tip.height().value)}, {"block", to_hex(tip.hash)}};
    if (change.is_reorganisation()) {
        fields.emplace_back("disconnected", std::to_string(change.disconnected.size()));
        fields.emplace_back("connected", std::to_string(change.connected.size()));
        context.outbox.log(LogEvent::Level::warning, "chain", "reorganised", std::move(fields));
    } else if (!is_syncing_) {
        context.outbox.log(LogEvent::Level::info, "chain", "new tip", std::move(fields));
    } else if (context.now.steady >= logged_at_ + sync_log_interval) {
        logged_at_ = context.now.steady;
        fields.emplace_back("missing", std::to_string(download_.missing()));
        context.outbox.log(LogEvent::Level::info, "sync", "syncing", std::move(fields));
    }
}

void BlockSync::warn_of_versions(Context& context, const chain::ChainChange& change) {
    const auto unknown =
        std::find_if(change.connected.begin(), change.connected.end(), [](const auto& block) {
            return block->head().header.version != ledger::header_version;
        });
    if (unknown == change.connected.end())
        return;
    const auto& header = (*unknown)->head().header;
    context.outbox.log(
        LogEvent::Level::warning,
        "chain",
        "a block has an unknown version; this node may be too old for the chain's rules",
        {{"height", std::to_string(header.height.value)},
         {"version", std::to_string(header.version)}}
    );
}

void BlockSync::commit_within(Context& context, Duration time) {
    const auto latest = context.now.steady + time;
    commit_at_ = commit_at_ ? std::min(*commit_at_, latest) : latest;
}

void BlockSync::commit_what_is_due(Context& context) {
    if (!commit_at_)
        return;
    const bool is_full = context.chain.uncommitted_bytes() >= sync_commit_bytes;
    const bool is_due = is_full || context.now.steady >= *commit_at_;
    // What a node without gaps answers to anyone is durable.
    if (download_.missing() == 0 || (is_full && committing_))
        commit(context);
    else if (is_due && !committing_)
        start_commit(context);
}

void BlockSync::commit(Context& context) {
    commit_at_.reset();
    context.outbox.push(CommitStore{});
    // It waits for the one that was started.
    if (committing_)
        tell(context, *committing_);
    tell(context, uncommitted_);
}

void BlockSync::start_commit(Context& context) {
    commit_at_.reset();
    context.outbox.push(StartCommit{});
    committing_ = std::exchange(uncommitted_, {});
}

void BlockSync::on_commit_finished(Context& context) {
    CAIRN_ASSERT(committing_.has_value());
    tell(context, *committing_);
    committing_.reset();
}

void BlockSync::update_phase(Context& context) {
    const bool was_syncing = is_syncing_;
    is_syncing_ =
        was_syncing ? download_.missing() > 0 : download_.missing() > blocks_in_flight_per_peer_max;
    if (is_syncing_ == was_syncing)
        return;
    const auto& tip = context.chain.tip();
    if (is_syncing_)
        logged_at_ = context.now.steady;
    else
        announce(context, {}, std::nullopt);
    context.outbox.log(
        LogEvent::Level::info,
        "sync",
        is_syncing_ ? "sync started" : "synced",
        {{"height", std::to_string(tip.height().value)},
         {"missing", std::to_string(download_.missing())}}
    );
}

std::vector<chain::ChainChange> BlockSync::take_changes() {
    return std::exchange(changes_, {});
}

}  // namespace cairn::node
