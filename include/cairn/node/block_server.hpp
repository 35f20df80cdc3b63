/// Answers `get_headers` and `get_block`.
///
/// Rules:
/// 1. Requests wait in a queue a peer and are answered at the end of an input, so that many small
///    blocks leave as one write. The queue is bounded; more than it holds is `too_many_requests`.
/// 2. Nothing is served to a peer with `send_queue_pause_bytes` on their way: who does not read
///    does not make us hold what it asked for.
/// 3. Another machine is served while the upload budget has room, for old blocks that of their
/// share.
///    Who got the last of it goes last when there is some again.
/// 4. Headers come from the active chain alone. Bodies off it are served for a month (fingerprints
///    of old forks tell nodes apart).
#pragma once

#include "cairn/node/context.hpp"

#include <deque>
#include <map>
#include <optional>

namespace cairn::node {

class BlockServer {
  public:
    void on_peer_gone(LinkId link);
    void on_get_headers(
        Context& context, const Peer& peer, const wire::GetHeaders& message, std::uint32_t request
    );
    void on_get_block(
        Context& context, const Peer& peer, const wire::GetBlock& message, std::uint32_t request
    );
    /// Answers what waits, as far as send queues allow. Called once after each input.
    void serve(Context& context);
    /// The height of the highest block of ours that a peer has asked for.
    [[nodiscard]] Height asked_height(LinkId link) const;

    /// When the upload budget has room for what waits for it.
    [[nodiscard]] std::optional<Instant> next_wakeup() const { return wakeup_; }

  private:
    struct HeadersRequest {
        wire::GetHeaders message;
        std::uint32_t request = 0;
    };

    struct BlockRequest {
        BlockHash hash;
        std::uint32_t request = 0;
    };

    struct PeerState {
        std::optional<HeadersRequest> headers;
        std::deque<BlockRequest> blocks;
    };

    static void serve_headers(Context& context, const Peer& peer, const HeadersRequest& request);
    void serve_peer(Context& context, const Peer& peer, PeerState& state);
    void serve_blocks(Context& context, const Peer& peer, std::deque<BlockRequest>& blocks);
    /// Whether the upload budget has room; else `wakeup_` is set.
    [[nodiscard]] bool has_room(const Context& context, bool is_history);

    /// Only peers with something waiting.
    std::map<LinkId, PeerState> waiting_;
    /// Of peers that have asked for a block.
    std::map<LinkId, Height> asked_;
    std::optional<Instant> wakeup_;
    /// Who used up the budget.
    LinkId served_last_;
};

}  // namespace cairn::node
