#include "cairn/node/outbound_watch.hpp"

#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"

#include <algorithm>
#include <cstdlib>

namespace cairn::node {

void OutboundWatch::on_time(Context& context, BlockSync& blocks, const Addresses& addresses) {
    if (next_ && context.now.steady < *next_)
        return;
    next_ = context.now.steady + outbound_watch_interval;
    look_at_tip(context, blocks);
    look_at_peers(context, blocks, addresses);
    drop_extra(context, addresses);
    look_at_clocks(context);
}

void OutboundWatch::look_at_tip(Context& context, const BlockSync& blocks) {
    const auto& hash = context.chain.tip().hash;
    if (tip_ != hash) {
        tip_ = hash;
        tip_since_ = context.now.steady;
    }
    const bool was_wanted = wants_extra_;
    wants_extra_ = blocks.is_download_idle() &&
                   context.now.steady - tip_since_ >= stale_tip_time(context.chain.engine());
    if (wants_extra_ && !was_wanted)
        context.outbox.log(
            LogEvent::Level::info,
            "peer",
            "the tip stands still; looking for another peer",
            {{"height", std::to_string(context.chain.tip().height().value)}}
        );
}

void OutboundWatch::look_at_peers(Context& context, BlockSync& blocks, const Addresses& addresses) {
    const auto now = context.now.steady;
    const auto& work = context.chain.tip().work;
    for (const auto& [link, peer] : context.peers) {
        if (peer.direction != Direction::outbound || peer.kind != LinkKind::full ||
            addresses.is_manual(peer.remote))
            continue;
        auto& state = peers_[link];
        const auto* shown = blocks.proven_tip(link);
        if (shown != nullptr && shown->work >= work) {
            const auto spared = std::count_if(peers_.begin(), peers_.end(), [](const auto& entry) {
                return entry.second.is_protected;
            });
            state.is_protected = state.is_protected || spared < spared_outbound_max;
            state.behind_since.reset();
            continue;
        }
        if (state.is_protected)
            continue;
        // It has caught up with what was wanted of it, but we went on: a new term begins.
        if (!state.behind_since || (shown != nullptr && shown->work >= state.behind)) {
            state = {.behind_since = now, .behind = work, .is_asked = false, .is_protected = false};
            continue;
        }
        const auto time = now - *state.behind_since;
        if (!state.is_asked && time >= behind_time_max) {
            state.is_asked = true;
            blocks.ask_headers(context, peer);
        } else if (state.is_asked && time >= behind_time_max + behind_answer_time_max) {
            leaving_.push_back(link);
        }
    }
}

void OutboundWatch::drop_extra(const Context& context, const Addresses& addresses) {
    const std::size_t target = context.config.outbound_target;
    std::vector<const Peer*> full;
    for (const auto& [link, peer] : context.peers) {
        if (peer.direction == Direction::outbound && peer.kind == LinkKind::full &&
            !addresses.is_manual(peer.remote))
            full.push_back(&peer);
    }
    if (full.size() <= target || target == 0)
        return;
    // Who brought a block the longest ago, or never; of those the youngest.
    const auto worst =
        *std::min_element(full.begin(), full.end(), [](const Peer* left, const Peer* right) {
            return left->last_block != right->last_block ? left->last_block < right->last_block
                                                         : left->link > right->link;
        });
    if (context.now.steady - worst->connected_at >= extra_time_min)
        leaving_.push_back(worst->link);
}

void OutboundWatch::look_at_clocks(Context& context) {
    std::vector<std::int64_t> offsets;
    for (const auto& [link, peer] : context.peers) {
        if (peer.direction == Direction::outbound)
            offsets.push_back(peer.clock_offset_ms);
    }
    if (offsets.empty())
        return;
    const auto middle = offsets.begin() + static_cast<std::ptrdiff_t>(offsets.size() / 2);
    std::nth_element(offsets.begin(), middle, offsets.end());
    const auto limit = std::min<Duration>(
        context.chain.engine().block_interval() * clock_offset_intervals, clock_offset_max
    );
    const bool is_due = !warned_at_ || context.now.steady - *warned_at_ >= clock_warning_interval;
    if (milliseconds{std::abs(*middle)} <= limit || !is_due)
        return;
    warned_at_ = context.now.steady;
    context.outbox.log(
        LogEvent::Level::warning,
        "node",
        "the clocks of our peers differ from ours; is ours right?",
        {{"median_offset_ms", std::to_string(*middle)}, {"peers", std::to_string(offsets.size())}}
    );
}

}  // namespace cairn::node
