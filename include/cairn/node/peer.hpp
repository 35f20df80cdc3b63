/// The peers of a node: links whose handshake is complete, with what every sub-machine may need to
/// know of them. Each sub-machine keeps its own state of a peer in a map of its own.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/events.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace cairn::node {

/// What a link is for.
enum class LinkKind : std::uint8_t {
    full,        ///< everything
    block_only,  ///< no transactions and no addresses: who watches those cannot see this link
    feeler,      ///< only to see who answers; it ends when that is known
};

struct Peer {
    LinkId link;
    Direction direction = Direction::inbound;
    /// Where the link comes from; for inbound links the port is the ephemeral one.
    Endpoint remote;
    /// Where the peer says it can be dialled: its address with the port of its `hello`.
    std::optional<Endpoint> listening;
    bool is_loopback = false;
    std::uint16_t version = 0;
    std::uint64_t node_nonce = 0;
    std::string user_agent;
    /// The alias by which the peer names our chain in its envelopes, and ours for it.
    std::uint8_t their_alias = 1;
    std::uint8_t our_alias = 1;
    bool relays_transactions = true;
    LinkKind kind = LinkKind::full;
    /// What its `hello` said of its clock: how far it is ahead of ours, in milliseconds.
    std::int64_t clock_offset_ms = 0;
    /// What its `hello` claimed: a hint for whom to ask first, never a reason to believe.
    BlockHash claimed_tip;
    Instant connected_at;
    /// When it last brought a block, or a transaction, that we did not have.
    std::optional<Instant> last_block;
    std::optional<Instant> last_transaction;
};

/// All peers in order of their links, so that iteration has one order everywhere.
using PeerTable = std::map<LinkId, Peer>;

}  // namespace cairn::node
