/// Whether the peers that we chose lead us to the best chain, and what to do when they do not.
///
/// Rules (spec 10 §6, after Bitcoin Core), each with its reason:
/// 1. A tip that stands still for `stale_tip_time`, with nothing on its way, may be all that our
///    peers want us to see: one outbound link more is made. Afterwards the one goes that brought a
///    new block the longest ago, so that a wrong suspicion costs a link for a while, and a right
///    one frees us of a liar.
/// 2. An outbound peer that shows less work than our tip has for 20 minutes is asked once more, and
///    replaced two minutes later: it is slow, or follows another chain.
/// 3. Four that have shown our work are spared by rule 2, so that a miner with a lucky branch
/// cannot
///    have all our good links replaced.
/// 4. The clocks that peers tell change no rule. When their median is far from ours, the operator
///    is warned.
#pragma once

#include "cairn/node/addresses.hpp"
#include "cairn/node/block_sync.hpp"
#include "cairn/node/context.hpp"

#include <map>
#include <optional>
#include <vector>

namespace cairn::node {

class OutboundWatch {
  public:
    void on_peer_gone(LinkId link) { peers_.erase(link); }

    void on_time(Context& context, BlockSync& blocks, const Addresses& addresses);

    [[nodiscard]] std::optional<Instant> next_wakeup() const { return next_; }

    /// True while one outbound link more than usual is wanted.
    [[nodiscard]] bool wants_extra() const { return wants_extra_; }

    /// Links to close because a better one may take their place.
    [[nodiscard]] std::vector<LinkId> take_leaving() { return std::exchange(leaving_, {}); }

  private:
    struct PeerState {
        /// Since when it has shown less than it should, and how much that is.
        std::optional<Instant> behind_since;
        consensus::Work behind;
        bool is_asked = false;
        bool is_protected = false;
    };

    void look_at_tip(Context& context, const BlockSync& blocks);
    void look_at_peers(Context& context, BlockSync& blocks, const Addresses& addresses);
    void drop_extra(const Context& context, const Addresses& addresses);
    void look_at_clocks(Context& context);

    std::map<LinkId, PeerState> peers_;
    std::optional<BlockHash> tip_;
    Instant tip_since_;
    bool wants_extra_ = false;
    std::vector<LinkId> leaving_;
    std::optional<Instant> next_;
    std::optional<Instant> warned_at_;
};

}  // namespace cairn::node
