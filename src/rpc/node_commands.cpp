// The node itself and those that it knows.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"
#include "src/rpc/listed_page.hpp"

#include "cairn/node/node.hpp"

#include <algorithm>
#include <vector>

namespace cairn::rpc {

namespace {

std::uint64_t milliseconds_of(Duration span) {
    const auto count = std::chrono::duration_cast<milliseconds>(span).count();
    return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

void write(codec::JsonWriter& writer, std::string_view name, std::string_view text) {
    writer.write_name(name);
    writer.write_text(text);
}

void write(codec::JsonWriter& writer, std::string_view name, std::uint64_t number) {
    writer.write_name(name);
    writer.write_number(number);
}

void write_flag(codec::JsonWriter& writer, std::string_view name, const bool& flag) {
    writer.write_name(name);
    writer.write_bool(flag);
}

/// The height of the best header, or the greatest that a peer has shown to know: its headers may
/// not all be here yet.
Height best_height(const chain::Blockchain& chain, const std::vector<node::PeerSummary>& peers) {
    auto best = chain.best_header().height();
    for (const auto& peer : peers)
        best = std::max(best, peer.height);
    return best;
}

}  // namespace

Outcome status(const Call& call, const NoArguments&) {
    const auto& chain = call.view.chain();
    const auto& tip = chain.tip();
    const auto peers = call.view.peers();
    const auto mining = call.view.mining();
    auto& reply = call.reply;
    write(reply, "version", call.version);
    write(reply, "chain", chain.spec().name);
    write(reply, "chain_id", to_hex(chain.id()));
    write(reply, "height", tip.height().value);
    write(reply, "tip", to_hex(tip.hash));
    write(reply, "work", consensus::to_decimal(tip.work));
    write(reply, "difficulty", difficulty_of(chain, tip));
    write(reply, "best_height", best_height(chain, peers).value);
    write(reply, "peers", peers.size());
    write(reply, "mempool", call.view.pool().size());
    write_flag(reply, "syncing", call.view.is_syncing());
    write_flag(reply, "mining", mining.is_mining);
    write(reply, "hashrate", mining.hashrate);
    write(reply, "port", std::uint64_t{call.view.config().listen_port});
    write(reply, "uptime_ms", milliseconds_of(call.now.steady - call.view.started_at()));
    const auto received = call.view.received().total();
    const auto sent = call.view.sent().total();
    write(reply, "messages_received", received.messages);
    write(reply, "messages_sent", sent.messages);
    write(reply, "bytes_received", received.bytes);
    write(reply, "bytes_sent", sent.bytes);
    return Done{};
}

namespace {

std::string peer_json(const node::PeerSummary& peer, Instant now) {
    codec::JsonWriter json;
    json.begin_object();
    write(json, "address", node::to_string(peer.address));
    write(
        json,
        "direction",
        std::string_view{peer.direction == node::Direction::inbound ? "inbound" : "outbound"}
    );
    write(json, "version", std::uint64_t{peer.version});
    write(json, "user_agent", peer.user_agent);
    write(json, "height", peer.height.value);
    if (peer.latency)
        write(json, "latency_ms", milliseconds_of(*peer.latency));
    write(json, "connected_ms", milliseconds_of(now - peer.connected_at));
    write(json, "bytes_received", peer.bytes_received);
    write(json, "bytes_sent", peer.bytes_sent);
    write(json, "annoyance", std::uint64_t{peer.annoyance});
    json.end_object();
    return json.take();
}

}  // namespace

Outcome peers(const Call& call, const NumberedPageRequest& request) {
    const auto peers = call.view.peers();
    List list{.places = {}, .json_of = [&](std::size_t index) {
                  return peer_json(peers[index], call.now.steady);
              }};
    for (const auto& peer : peers)
        list.places.push_back(peer.link.value);
    return write_listed(call, request, "peers", list);
}

Outcome nodes(const Call& call, const NumberedPageRequest& request) {
    const auto nodes = call.view.known_nodes();
    const auto list = counted_list(nodes.size(), [&nodes](std::size_t index) {
        std::string json;
        codec::append_quoted(json, node::to_string(nodes[index]));
        return json;
    });
    return write_listed(call, request, "nodes", list);
}

}  // namespace cairn::rpc
