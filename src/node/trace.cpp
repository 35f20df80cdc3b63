#include "cairn/node/trace.hpp"

#include "cairn/node/node.hpp"

#include <string>
#include <utility>

namespace cairn::node {

namespace {

using LogFields = std::vector<std::pair<std::string_view, std::string>>;

constexpr std::string_view transaction_area = "transaction";
constexpr std::string_view block_area = "block";

void trace(Context& context, std::string_view area, std::string_view step, LogFields fields) {
    context.outbox.log(LogEvent::Level::debug, area, std::string{step}, std::move(fields));
}

/// One line for each transaction of `block`, whose steps those of the block are.
void trace_each(Context& context, std::string_view step, const chain::CheckedBlock& block) {
    const auto height = std::to_string(block.head().header.height.value);
    const auto hash = to_hex(block.hash());
    trace(context, block_area, step, {{"block", hash}, {"height", height}});
    for (const auto& id : block.ids())
        trace(
            context,
            transaction_area,
            step,
            {{"transaction", to_hex(id)}, {"block", hash}, {"height", height}}
        );
}

}  // namespace

void trace_relay(
    Context& context, std::string_view step, const wire::RelayId& relay, const Peer& peer
) {
    if (context.config.traces)
        trace(
            context,
            transaction_area,
            step,
            {{"relay", to_hex(relay)}, {"peer", to_string(peer.remote)}}
        );
}

void trace_transaction(Context& context, std::string_view step, const TxId& id, const Peer& peer) {
    if (context.config.traces)
        trace(
            context,
            transaction_area,
            step,
            {{"transaction", to_hex(id)}, {"peer", to_string(peer.remote)}}
        );
}

void trace_received(
    Context& context, const TxId& id, const wire::RelayId& relay, std::optional<LinkId> link
) {
    if (!context.config.traces)
        return;
    LogFields fields{{"transaction", to_hex(id)}, {"relay", to_hex(relay)}};
    const auto peer = link ? context.peers.find(*link) : context.peers.end();
    if (peer != context.peers.end())
        fields.emplace_back("peer", to_string(peer->second.remote));
    trace(context, transaction_area, "received", std::move(fields));
}

void trace_accepted(Context& context, const TxId& id, const mempool::Mempool::Added& added) {
    if (context.config.traces)
        trace(
            context,
            transaction_area,
            "accepted",
            {{"transaction", to_hex(id)},
             {"waits_for", added.pending ? "a block" : "an earlier nonce"}}
        );
}

void trace_refused(Context& context, const TxId& id, std::string_view rule) {
    if (context.config.traces)
        trace(
            context,
            transaction_area,
            "refused",
            {{"transaction", to_hex(id)}, {"rule", std::string{rule}}}
        );
}

void trace_dropped(Context& context, const std::vector<mempool::Dropped>& dropped) {
    if (!context.config.traces)
        return;
    for (const auto& one : dropped)
        trace(
            context,
            transaction_area,
            "dropped",
            {{"transaction", to_hex(one.id)}, {"reason", std::string{to_string(one.reason)}}}
        );
}

void trace_block(Context& context, std::string_view step, const BlockHash& hash, const Peer& peer) {
    if (context.config.traces)
        trace(
            context, block_area, step, {{"block", to_hex(hash)}, {"peer", to_string(peer.remote)}}
        );
}

void trace_refused(Context& context, const BlockHash& hash, const chain::BlockError& error) {
    if (context.config.traces)
        trace(
            context,
            block_area,
            "refused",
            {{"block", to_hex(hash)}, {"rule", chain::rule_name(error)}}
        );
}

void trace_stored(Context& context, const chain::CheckedBlock& block) {
    if (context.config.traces)
        trace(context, block_area, "stored", {{"block", to_hex(block.hash())}});
}

void trace_change(Context& context, const chain::ChainChange& change) {
    if (!context.config.traces)
        return;
    for (const auto& block : change.disconnected)
        trace_each(context, "disconnected", *block);
    for (const auto& block : change.connected)
        trace_each(context, "connected", *block);
}

}  // namespace cairn::node
