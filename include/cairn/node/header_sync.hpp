/// Headers from peers: who is asked, what is believed.
///
/// Rules:
/// 1. Each peer is asked once when it is ready, and again while its answers are full
///    (`headers_max`). One request a peer is outstanding, for at most two minutes.
/// 2. A list must be linked within itself, or nothing of it is stored and the sender is blamed; so
///    is one whose header breaks a rule. Blame never falls on what an honest peer can send: a list
///    that does not connect, or a header from the future.
/// 3. What a peer is believed to have is the heaviest header that it has sent and that our own
///    checks let into the tree, never what it claims in `hello`.
/// 4. A list that does not connect leads to one question, at most one a second and peer: an
///    announcement may overtake another, but a flood must not make us flood.
#pragma once

#include "cairn/node/block_refusal.hpp"
#include "cairn/node/context.hpp"
#include "cairn/node/parked_blocks.hpp"

#include <map>
#include <optional>
#include <vector>

namespace cairn::node {

/// The heaviest block whose header a peer has sent.
struct ProvenTip {
    BlockHash hash;
    Height height;
    consensus::Work work;
};

class HeaderSync {
  public:
    void on_peer_ready(Context& context, const Peer& peer);
    void on_peer_gone(LinkId link);
    /// Takes headers; those whose time has not come go to `parked`, why others are refused to
    /// `refusals`.
    void on_headers(
        Context& context,
        const Peer& peer,
        const wire::Headers& message,
        std::uint32_t request,
        ParkedBlocks& parked,
        BlockRefusals& refusals
    );
    /// Blocks that `peer` has.
    void on_inventory(Context& context, const Peer& peer, const std::vector<BlockHash>& blocks);
    /// Asks `peer` for what follows our best header, now or when rule 4 allows.
    void want_headers(Context& context, const Peer& peer);
    /// The peer does not have what it has proven to know of: believe nothing until it sends more.
    void forget_tip(LinkId link);
    void on_time(Context& context);

    [[nodiscard]] std::optional<Instant> next_wakeup() const;
    /// Null when the peer has proven nothing. Valid until the next command.
    [[nodiscard]] const ProvenTip* proven_tip(LinkId link) const;
    /// True while there are peers and none has answered yet.
    [[nodiscard]] bool is_first_answer_awaited() const;

  private:
    struct PeerState {
        /// The number of the outstanding request, or 0.
        std::uint32_t outstanding = 0;
        Instant asked_at;
        Instant may_ask_at;
        bool wants_more = false;
        std::optional<ProvenTip> tip;
    };

    void ask(Context& context, const Peer& peer, PeerState& state, const BlockHash* last);
    /// Stores the headers up to the first that fails; the number stored or known.
    std::size_t take(
        Context& context,
        const Peer& peer,
        const wire::Headers& message,
        ParkedBlocks& parked,
        BlockRefusals& refusals
    );
    static void prove(const chain::BlockEntry& entry, PeerState& state);

    std::map<LinkId, PeerState> peers_;
    std::uint32_t requests_ = 0;
    bool has_heard_ = false;
};

}  // namespace cairn::node
