/// Where other nodes are: whom to dial and when, and what peers tell each other of addresses.
///
/// Rules (spec 04 §4.3, §11.4), each with its reason:
/// 1. Configured nodes and those of `add_peer` are dialled first and never forgotten. Those that
///    peers told of fill up what is missing to `outbound_target`.
/// 2. After a failure an address rests, from `redial_time_min` doubling to `redial_time_max`, a
///    random half of it added, so that two nodes that refuse each other do not meet again in step.
/// 3. An address that leads to a node which is linked already, or to ourselves, is not dialled:
///    nodes are recognised by the nonce of their `hello`, because one node has many names.
/// 4. Addresses that peers tell are IP literals with ports from 1024, so that gossip cannot point
///    us at other services of third parties; private ones count on a local network alone.
/// 5. Each inbound link may ask once, and what a peer tells unasked is limited by time, so that
///    nobody can make us spread or store a flood.
#pragma once

#include "cairn/node/context.hpp"
#include "cairn/node/discouraged.hpp"
#include "cairn/node/links.hpp"
#include "cairn/node/tracker_client.hpp"
#include "cairn/wire/relay_messages.hpp"

#include <map>
#include <optional>
#include <vector>

namespace cairn::node {

/// True for `host` that is an IPv4 or IPv6 literal.
[[nodiscard]] bool is_address_literal(std::string_view host);
/// True for an address literal outside loopback, private, link-local and unspecified ranges.
[[nodiscard]] bool is_public_address(std::string_view host);
/// True for a port that a node may be dialled at on a stranger's word: not one of another service,
/// so that gossip cannot turn us against third parties.
[[nodiscard]] bool is_dialable_port(std::uint16_t port);

class Addresses {
  public:
    /// `discouraged` must outlive it.
    Addresses(const std::vector<Endpoint>& bootstrap, const Discouraged& discouraged);

    /// @name Events
    /// @{
    void on_peer_ready(Context& context, const Peer& peer);
    void on_peer_gone(Context& context, LinkId link);
    void on_message(
        Context& context, const Peer& peer, const wire::GetAddresses& message, std::uint32_t request
    );
    void on_message(
        Context& context, const Peer& peer, const wire::Addresses& message, std::uint32_t request
    );
    void on_tracker_list(Context& context, const TrackerList& list);
    void on_identified(const Identified& identified);
    /// Any link is gone, READY or not.
    void on_link_gone(Context& context, const GoneLink& gone);
    void on_dial_failed(Context& context, const Endpoint& endpoint);
    void on_time(Context& context);

    [[nodiscard]] std::optional<Instant> next_wakeup() const { return wakeup_; }

    /// @}

    /// @name Commands
    /// @{
    /// Keeps a link to `endpoint` from now on.
    void add_peer(Context& context, const Endpoint& endpoint);
    /// Keeps none. False when the endpoint was not known.
    bool drop_peer(const Endpoint& endpoint);
    /// Dials whatever is due. Cheap when nothing changed; to be called after each input.
    void dial(Context& context);
    /// Dials no more.
    void stop();
    /// @}

    /// Nodes that we were linked to lately, in order.
    [[nodiscard]] std::vector<Endpoint> reached(Instant now) const;

    [[nodiscard]] std::size_t size() const { return known_.size(); }

  private:
    /// `dialling` lasts until the link is gone.
    enum class State : std::uint8_t { idle, dialling };

    struct Known {
        State state = State::idle;
        /// By configuration or command.
        bool is_wanted = false;
        /// Kept even beyond the outbound target.
        bool is_manual = false;
        bool is_self = false;
        /// Which tracker told of it first.
        std::optional<std::size_t> tracker;
        /// Who answered there last.
        std::optional<std::uint64_t> nonce;
        Instant next_dial;
        Duration rest{};
        std::uint32_t failures = 0;
        /// When we were linked to it last.
        std::optional<Instant> reached_at;
    };

    struct PeerState {
        bool has_asked = false;
        bool is_asked = false;
        /// What it may still tell us.
        std::uint64_t tokens = address_burst;
        Instant tokens_at;
    };

    [[nodiscard]] bool is_gossipable(const Context& context, const Endpoint& endpoint) const;
    /// True when the address was new and there was room for it.
    bool learn(Context& context, const Endpoint& endpoint);
    void rest(Context& context, const Endpoint& endpoint);
    static void relay(
        Context& context, LinkId from, const std::vector<wire::NodeAddress>& addresses
    );
    [[nodiscard]] static bool is_linked_otherwise(
        const Context& context, const Endpoint& endpoint, const Known& known
    );
    static void start_dial(Context& context, const Endpoint& endpoint, Known& known);

    const Discouraged& discouraged_;
    std::map<Endpoint, Known> known_;
    std::map<LinkId, PeerState> peers_;
    std::optional<Instant> wakeup_;
    bool must_look_ = true;
    bool is_stopped_ = false;
};

}  // namespace cairn::node
