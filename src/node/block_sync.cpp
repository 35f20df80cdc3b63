#include "cairn/node/block_sync.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/trace.hpp"

#include <algorithm>
#include <utility>

namespace cairn::node {

namespace {

/// The header that a block's bytes begin with.
std::optional<ledger::SealedHeader> read_head(ByteView block) {
    codec::BinaryReader reader{block};
    ledger::SealedHeader head;
    reader(head);
    return reader.failed() ? std::nullopt : std::optional{std::move(head)};
}

/// Signatures that came with transactions of the pool, for a block that most likely holds them.
std::vector<chain::KnownSignature> known_signatures(const mempool::Mempool& pool) {
    std::vector<chain::KnownSignature> known;
    for (const auto* entry : pool.select(2 * ledger::block_bytes_max))
        known.push_back({.id = entry->id(), .signature = entry->transaction().signature});
    std::sort(known.begin(), known.end(), [](const auto& left, const auto& right) {
        return left.id < right.id;
    });
    return known;
}

}  // namespace

BlockSync::BlockSync(const chain::Blockchain& chain, std::uint64_t salt)
    : download_{chain.spec().limits.block_bytes},
      checker_{chain.id(), chain.spec(), chain.engine(), salt} {}

void BlockSync::on_peer_ready(Context& context, const Peer& peer) {
    headers_.on_peer_ready(context, peer);
}

void BlockSync::on_peer_gone(Context&, LinkId link) {
    headers_.on_peer_gone(link);
    download_.on_peer_gone(link);
    server_.on_peer_gone(link);
    unrequested_.erase(link);
}

void BlockSync::on_message(
    Context& context, const Peer& peer, const wire::GetHeaders& message, std::uint32_t request
) {
    server_.on_get_headers(context, peer, message, request);
}

void BlockSync::on_message(
    Context& context, const Peer& peer, const wire::GetBlock& message, std::uint32_t request
) {
    server_.on_get_block(context, peer, message, request);
}

void BlockSync::on_message(
    Context& context, const Peer& peer, const wire::Headers& message, std::uint32_t request
) {
    headers_.on_headers(context, peer, message, request, parked_, refusals_);
    download_.follow(context.chain);
}

void BlockSync::on_message(
    Context& context, const Peer& peer, const wire::Inventory& message, std::uint32_t
) {
    headers_.on_inventory(context, peer, message.blocks);
}

void BlockSync::on_message(
    Context& context, const Peer& peer, const wire::NotFound& message, std::uint32_t
) {
    for (const auto& hash : message.blocks)
        if (download_.on_not_found(context.now, peer.link, hash))
            headers_.forget_tip(peer.link);
}

void BlockSync::on_message(
    Context& context, const Peer& peer, wire::BlockMessage message, std::uint32_t
) {
    const auto head = read_head(message.block);
    if (!head) {
        context.outbox.blame(peer.link, Fault::bad_message);
        return;
    }
    const auto hash = ledger::block_hash(*head);
    trace_block(context, "received", hash, peer);
    switch (download_.on_block(context.now, peer.link, hash, message.block.size())) {
        case BlockDownload::Receipt::unneeded:
            return;
        case BlockDownload::Receipt::unrequested:
            consider_unrequested(context, peer.link, *head, std::move(message.block));
            return;
        case BlockDownload::Receipt::wanted:
            start_check(context, {.hash = hash, .from = peer.link}, std::move(message.block));
            return;
    }
}

void BlockSync::consider_unrequested(
    Context& context, LinkId link, const ledger::SealedHeader& head, Bytes bytes
) {
    using chain::BlockStatus;
    const auto hash = ledger::block_hash(head);
    const auto* parent = context.chain.find(head.header.previous);
    const bool has_parent = parent != nullptr && (parent->status == BlockStatus::active ||
                                                  parent->status == BlockStatus::stored);
    // Rule 4: checks cost time, so they are for the next best block alone.
    if (!has_parent || unrequested_.contains(link) ||
        saturating_add(parent->work, context.chain.engine().work_of(head.header)) <=
            context.chain.tip().work)
        return;
    if (const auto added = context.chain.add_header(head, hash, context.now.wall); !added) {
        refusals_.remember(context.chain, {.head = head, .hash = hash}, added.error());
        if (added.error().header == consensus::HeaderError::too_early)
            parked_.park({.head = head, .hash = hash, .body = std::move(bytes), .from = link});
        else
            blame(context, {.hash = hash, .from = link}, added.error());
        return;
    }
    if (context.chain.find(hash)->status != BlockStatus::header_only)
        return;
    download_.follow(context.chain);
    unrequested_.emplace(link, hash);
    start_check(context, {.hash = hash, .from = link}, std::move(bytes));
}

void BlockSync::start_check(Context& context, const Check& check, Bytes bytes) {
    if (bytes.size() <= inline_check_bytes_max) {
        auto checked = checker_.check(std::move(bytes));
        on_checked(
            context,
            check,
            checked
                ? CheckBlockResult{std::make_shared<const chain::CheckedBlock>(std::move(*checked))}
                : CheckBlockResult{tl::unexpected{checked.error()}}
        );
        return;
    }
    auto known =
        is_syncing() ? std::vector<chain::KnownSignature>{} : known_signatures(context.pool);
    const auto job = context.outbox.start(CheckBlockJob{std::move(bytes), std::move(known)});
    checks_.emplace(job, check);
}

bool BlockSync::on_job(Context& context, JobId job, JobResult& result) {
    const auto found = checks_.find(job);
    if (found == checks_.end())
        return false;
    const auto check = found->second;
    checks_.erase(found);
    if (auto* checked = std::get_if<CheckBlockResult>(&result))
        on_checked(context, check, std::move(*checked));
    return true;
}

void BlockSync::on_checked(Context& context, const Check& check, CheckBlockResult result) {
    const auto own = unrequested_.find(check.from);
    const bool is_unrequested = own != unrequested_.end() && own->second == check.hash;
    if (is_unrequested)
        unrequested_.erase(own);
    if (!result) {
        download_.on_refused(check.hash);
        blame(context, check, result.error());
        if (const auto* entry = context.chain.find(check.hash))
            refusals_.remember(
                context.chain, {.head = entry->head, .hash = check.hash}, result.error()
            );
        if (chain::is_permanent(result.error()))
            static_cast<void>(invalidate(context, check.hash));
        return;
    }
    if (is_unrequested) {
        const auto accepted = accept_block(context, *result, check.from);
        if (!accepted)
            blame(context, check, accepted.error());
        return;
    }
    download_.on_checked(std::move(*result), check.from);
    hand_on(context);
}

void BlockSync::hand_on(Context& context) {
    while (auto next = download_.take_next(context.now)) {
        const auto accepted = accept_block(context, next->block, next->from);
        if (accepted)
            continue;
        if (accepted.error().rule == chain::BlockRule::unreadable)
            return;
        blame(context, {.hash = next->block->hash(), .from = next->from}, accepted.error());
        download_.follow(context.chain);
    }
}

void BlockSync::blame(Context& context, const Check& check, const chain::BlockError& error) {
    const auto fault = fault_of(error);
    if (!fault) {
        trace_refused(context, check.hash, error);
        return;
    }
    context.outbox.log(
        LogEvent::Level::warning,
        "sync",
        "block refused",
        {{"block", to_hex(check.hash)},
         {"link", std::to_string(check.from.value)},
         {"rule", chain::rule_name(error)}}
    );
    if (context.peers.contains(check.from))
        context.outbox.blame(check.from, *fault);
}

void BlockSync::on_time(Context& context) {
    headers_.on_time(context);
    release_parked(context);
    probe_stale_tip(context);
}

void BlockSync::release_parked(Context& context) {
    const auto latest = consensus::latest_time(context.chain.engine(), context.now.wall);
    for (auto& block : parked_.take_due(latest)) {
        const auto added = context.chain.add_header(block.head, block.hash, context.now.wall);
        if (!added)
            continue;
        download_.follow(context.chain);
        const auto* entry = context.chain.find(block.hash);
        if (block.body && entry->status == chain::BlockStatus::header_only &&
            unrequested_.emplace(block.from, block.hash).second)
            start_check(context, {.hash = block.hash, .from = block.from}, std::move(*block.body));
        // What stands on it was not taken when it came.
        if (const auto peer = context.peers.find(block.from); peer != context.peers.end())
            headers_.want_headers(context, peer->second);
    }
}

void BlockSync::probe_stale_tip(Context& context) {
    const auto now = context.now.steady;
    if (!probe_at_ || now < *probe_at_)
        return;
    probe_at_ = now + stale_tip_time(context.chain.engine());
    for (const auto& [link, peer] : context.peers)
        headers_.want_headers(context, peer);
}

void BlockSync::finish(Context& context) {
    if (!probe_at_)
        probe_at_ = context.now.steady + stale_tip_time(context.chain.engine());
    update_phase(context);
    const auto phase =
        is_syncing_ ? BlockDownload::Phase::syncing : BlockDownload::Phase::following;
    download_.check_progress(context, headers_, phase);
    download_.request(context, headers_);
    download_.check_progress(context, headers_, phase);
    server_.serve(context);
    commit_what_is_due(context);
    parked_check_at_.reset();
    if (const auto first = parked_.first_time()) {
        const auto latest = consensus::latest_time(context.chain.engine(), context.now.wall);
        const auto early = first->value > latest.value ? first->value - latest.value : 1;
        const auto wait = std::min<std::uint64_t>(
            early, static_cast<std::uint64_t>(parked_check_interval / milliseconds{1})
        );
        parked_check_at_ = context.now.steady + milliseconds{static_cast<std::int64_t>(wait)};
    }
}

bool BlockSync::is_syncing() const {
    return is_syncing_ || headers_.is_first_answer_awaited();
}

bool BlockSync::is_catching_up() const {
    return is_syncing() || download_.missing() > 1;
}

std::optional<Instant> BlockSync::next_wakeup() const {
    std::optional<Instant> first = probe_at_;
    for (const auto& at :
         {headers_.next_wakeup(),
          download_.next_wakeup(),
          server_.next_wakeup(),
          committing_ ? std::nullopt : commit_at_,
          parked_check_at_})
        if (at)
            first = first ? std::min(*first, *at) : *at;
    return first;
}

Height BlockSync::known_height(LinkId link) const {
    const auto* tip = headers_.proven_tip(link);
    return std::max(tip != nullptr ? tip->height : Height{}, server_.asked_height(link));
}

std::vector<QueueSummary> BlockSync::queues() const {
    return {
        {.name = "blocks_wanted", .size = download_.window_size(), .size_max = download_window},
        {.name = "blocks_wanted_bytes",
         .size = download_.buffered_bytes(),
         // The lowest missing block is always taken.
         .size_max = download_buffer_bytes_max + wire::payload_bytes_max},
        {.name = "blocks_parked", .size = parked_.size(), .size_max = parked_blocks_max},
        {.name = "blocks_parked_bytes", .size = parked_.bytes(), .size_max = parked_bytes_max},
    };
}

}  // namespace cairn::node
