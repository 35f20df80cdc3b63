/// Which bodies are asked of whom, and in which order they are handed on.
///
/// Rules (spec 04 §11.2):
/// 1. What is missing is the part of the best header's branch whose bodies we lack: always its
///    upper end, because bodies are handed on from the lowest. The window is its first
///    `download_window` blocks.
/// 2. A block is asked of one peer, whose proven headers include it. The peer with the least in
///    flight is asked; it is asked again when half of its share has come, in one write.
/// 3. Bytes in flight (as expected from the blocks before) and bytes that wait for an earlier block
///    stay below `download_buffer_bytes_max`; a body beyond it is dropped and asked for again,
///    unless it is the first.
/// 4. While another peer that could give the window's first block has nothing to do, the peer that
///    holds it up gets two seconds, doubling to 64 with each time this happens and shrinking by
///    15 % with each block handed on. Then another is asked. In the initial sync the slow one is
///    dropped; at the tip it may just be far away.
/// 5. A peer that has blocks in flight and delivers none for 30 s, plus 15 s for each other peer
///    that delivers, is dropped.
/// 6. A peer that for `download_rate_time` has a second's worth in flight, and delivers less than
///    `download_bytes_per_second_min` then, is dropped if another peer can take its place. The
///    block that is on its way counts as come.
#pragma once

#include "cairn/node/context.hpp"
#include "cairn/node/header_sync.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace cairn::node {

using CheckedBlockPointer = std::shared_ptr<const chain::CheckedBlock>;

/// A checked body in its turn, with who sent it.
struct OrderedBlock {
    CheckedBlockPointer block;
    LinkId from;
};

class BlockDownload {
  public:
    /// Blocks are expected to have `block_bytes` until some have come.
    explicit BlockDownload(std::size_t block_bytes) : expected_bytes_{block_bytes} {}

    void on_peer_gone(LinkId link);
    /// Follows the best header of `chain`; bodies off its branch are let go.
    void follow(const chain::Blockchain& chain);

    enum class Receipt : std::uint8_t {
        unrequested,  ///< nobody asked this peer for it
        unneeded,     ///< asked for, but there is one already, or no room
        wanted,       ///< to be checked, then reported by `on_checked` or `on_refused`
    };
    /// `peer` sent the block `hash` of `bytes` bytes.
    [[nodiscard]] Receipt on_block(
        const Time& now, LinkId link, const BlockHash& hash, std::size_t bytes
    );
    void on_checked(CheckedBlockPointer block, LinkId from);
    /// The body was not this block's, or the block is no good: `follow` tells which.
    void on_refused(const BlockHash& hash);
    /// `link` does not have the block. True when it was asked for it.
    bool on_not_found(const Time& now, LinkId link, const BlockHash& hash);

    /// The lowest missing block, when its body is checked; it leaves the window.
    [[nodiscard]] std::optional<OrderedBlock> take_next(const Time& now);
    /// Asks for what may be asked for.
    void request(Context& context, const HeaderSync& headers);
    enum class Phase : std::uint8_t { syncing, following };
    /// Rules 4 to 6. Sets the next wakeup.
    void check_progress(Context& context, HeaderSync& headers, Phase phase);

    [[nodiscard]] std::optional<Instant> next_wakeup() const { return wakeup_; }

    /// Bodies that are missing.
    [[nodiscard]] std::size_t missing() const { return branch_.size(); }

    /// Bodies that are asked for, being checked, or waiting for one below them.
    [[nodiscard]] std::size_t window_size() const { return window_.size(); }

    /// Bytes of bodies that wait.
    [[nodiscard]] std::size_t buffered_bytes() const { return buffered_bytes_; }

    /// True when nothing is in flight.
    [[nodiscard]] bool is_idle() const { return in_flight_ == 0; }

  private:
    enum class SlotState : std::uint8_t { missing, requested, checking, ready };

    struct Slot {
        SlotState state = SlotState::missing;
        /// Who was asked, or who sent it.
        LinkId link;
        /// Who was asked in vain.
        std::optional<LinkId> avoid;
        Instant asked_at;
        std::size_t bytes = 0;
        CheckedBlockPointer block;
    };

    struct PeerState {
        std::set<BlockHash> in_flight;
        /// When the peer last delivered, or was first asked.
        Instant progress_at;
        /// Since when rule 6 measures it, and what it has delivered since.
        std::optional<Instant> measured_since;
        std::size_t measured_bytes = 0;
    };

    struct Server {
        const Peer* peer;
        PeerState* state;
        Height until;
        std::size_t room;
        Bytes requests;
    };

    [[nodiscard]] Slot* find_slot(const BlockHash& hash);
    [[nodiscard]] std::optional<Height> serves_until(
        const chain::Blockchain& chain, const ProvenTip* tip
    ) const;
    [[nodiscard]] std::vector<Server> servers_with_room(
        Context& context, const HeaderSync& headers
    );
    [[nodiscard]] std::size_t in_flight_per_peer() const;
    void ask(Context& context, Server& server, const BlockHash& hash, Slot& slot);
    void release(LinkId link);
    void clear(Slot& slot);
    void pop_front();
    void truncate(std::size_t size);
    /// Rule 6. True when the peer is too slow.
    [[nodiscard]] bool is_too_slow(Instant now, PeerState& state);
    [[nodiscard]] bool has_other_server(
        const Context& context, const HeaderSync& headers, LinkId link
    ) const;
    void give_up(Context& context, HeaderSync& headers, LinkId link, Fault fault);
    void check_front(Context& context, HeaderSync& headers, Phase phase);
    void wake_at(Instant at);

    /// Missing blocks from the lowest; `base_` is the first one's height.
    std::deque<BlockHash> branch_;
    Height base_;
    /// For the first blocks of `branch_`.
    std::deque<Slot> window_;
    /// Where each block of the window stands: its height.
    std::map<BlockHash, Height> heights_;
    std::map<LinkId, PeerState> peers_;
    std::size_t in_flight_ = 0;
    std::size_t buffered_bytes_ = 0;
    std::size_t expected_bytes_;
    Duration stall_time_ = stall_time_default;
    Instant front_since_;
    std::optional<Instant> wakeup_;

    static constexpr Duration stall_time_default = std::chrono::seconds{2};
};

}  // namespace cairn::node
