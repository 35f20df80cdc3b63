/// Where other nodes are: whom to dial and when, and what peers tell each other of addresses.
///
/// Rules (spec 04 §4.3, 08 §6), each with its reason:
/// 1. Of its own accord a node keeps up to `outbound_target` full links. At the start the anchors
///    come first, then addresses of the book and configured ones, half of the places each as long
///    as both have some: a book full of lies cannot hide the configured nodes, nor a configured
///    list of one operator the rest of the network.
/// 2. When the full links stand, `peers_block_only_max` more relay blocks alone: nobody sees them
/// by
///    watching transactions or addresses. They are saved as anchors, and dialled first at the next
///    start, so that a restart is no chance to surround the node. On a network too small to fill
///    the full links they are given back for full ones.
/// 3. The links that the book gave lead to different groups, and at most one in `list_share` of
///    them to what any one tracker or seed told first.
/// 4. Every `feeler_interval` one address is dialled just to see who answers: a contested one of
///    `tried`, or a random one of `new`.
/// 5. After a failure an address rests, from `redial_time_min` doubling, a random half of it added,
///    so that two nodes that refuse each other do not meet again in step.
/// 6. An address that leads to a node which is linked already, or to ourselves, is not dialled:
///    nodes are recognised by the nonce of their `hello`, because one node has many names.
/// 7. Addresses that others tell are IP literals with ports of no other service, so that gossip
///    cannot point us at third parties; private ones count on a local network alone.
/// 8. Each inbound link may ask once, and what a peer tells unasked is limited by time, so that
///    nobody can make us spread or store a flood. All who ask in a day get one answer, so that
///    asking often does not copy the book. On a local network all live addresses are told.
#pragma once

#include "cairn/node/address_book.hpp"
#include "cairn/node/address_list.hpp"
#include "cairn/node/context.hpp"
#include "cairn/node/discouraged.hpp"
#include "cairn/node/links.hpp"
#include "cairn/wire/relay_messages.hpp"

#include <map>
#include <optional>
#include <set>
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
    /// `config` is read at once; `discouraged` must outlive it. `key` seeds a new book.
    Addresses(const NodeConfig& config, const Discouraged& discouraged, std::uint64_t key);

    /// @name Events
    /// @{
    /// The first input has come: takes in what was saved, and dials the anchors.
    void start(Context& context);
    void on_peer_ready(Context& context, const Peer& peer);
    void on_peer_gone(Context& context, LinkId link);
    void on_message(
        Context& context, const Peer& peer, const wire::GetAddresses& message, std::uint32_t request
    );
    void on_message(
        Context& context, const Peer& peer, const wire::Addresses& message, std::uint32_t request
    );
    void on_list(Context& context, const AddressList& list);
    void on_identified(const Identified& identified);
    /// Any link is gone, READY or not.
    void on_link_gone(Context& context, const GoneLink& gone);
    void on_dial_failed(Context& context, const Endpoint& endpoint);
    void on_time(Context& context);

    [[nodiscard]] std::optional<Instant> next_wakeup() const;

    /// @}

    /// @name Commands
    /// @{
    /// Keeps a link to `endpoint` from now on.
    void add_peer(Context& context, const Endpoint& endpoint);
    /// Keeps none. False when the endpoint was not known.
    bool drop_peer(const Endpoint& endpoint);
    /// Wants one full link more than usual, or no longer.
    void set_extra(bool is_wanted);
    /// Dials whatever is due. Cheap when nothing changed; to be called after each input.
    void dial(Context& context);
    /// Saves the book, and dials no more.
    void stop(Context& context);
    /// @}

    /// What the link that was dialled to `endpoint` is for.
    [[nodiscard]] LinkKind kind_of(const Endpoint& endpoint) const;

    /// True for what `add_peer` asked for: it is never closed for a better one.
    [[nodiscard]] bool is_manual(const Endpoint& endpoint) const;

    /// Links that have served their purpose and should be closed.
    [[nodiscard]] std::vector<LinkId> take_leaving() { return std::exchange(leaving_, {}); }

    /// Nodes that we were linked to lately, in order.
    [[nodiscard]] std::vector<Endpoint> reached(Instant now) const;

    [[nodiscard]] std::size_t size() const { return book_.size(); }

    [[nodiscard]] const AddressBook& book() const { return book_; }

  private:
    /// `dialling` lasts until the link is gone.
    enum class State : std::uint8_t { idle, dialling };

    struct Known {
        State state = State::idle;
        LinkKind kind = LinkKind::full;
        /// By configuration or command.
        bool is_wanted = false;
        /// Kept even beyond the outbound target.
        bool is_manual = false;
        bool is_self = false;
        /// Dialled on the word of the book, whose source this was.
        std::optional<std::string> source;
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

    /// What is linked or dialled, while more is looked for.
    struct Slots {
        std::size_t full = 0;
        std::size_t full_of_book = 0;
        std::size_t block_only = 0;
        std::size_t feelers = 0;
        std::set<std::string> groups;
        std::map<std::string, std::size_t> of_source;
        /// Full links that stand.
        std::size_t ready = 0;
    };

    /// @name Gossip (addresses.cpp)
    /// @{
    [[nodiscard]] bool is_gossipable(const Context& context, const Endpoint& endpoint) const;
    void rest(Context& context, const Endpoint& endpoint);
    /// The entry for `endpoint`, made if there is room for one; null otherwise.
    [[nodiscard]] Known* remember(Context& context, const Endpoint& endpoint);
    [[nodiscard]] std::vector<wire::NodeAddress> local_answer(
        const Context& context, const Peer& peer
    ) const;
    [[nodiscard]] const std::vector<wire::NodeAddress>& public_answer(Context& context);
    static void relay(
        Context& context, LinkId from, const std::vector<wire::NodeAddress>& addresses
    );
    void save(Context& context);
    void note_anchors(const Context& context);
    /// @}

    /// @name Dialling (addresses_dial.cpp)
    /// @{
    [[nodiscard]] Slots count_slots(const Context& context) const;
    void dial_full(Context& context, Slots& slots, std::size_t target);
    void dial_block_only(Context& context, Slots& slots);
    void dial_feeler(Context& context, Slots& slots);
    /// Ends links for blocks alone where full ones are missed.
    void give_back(Context& context, const Slots& slots, std::size_t target);
    /// A configured endpoint that is due; null when there is none.
    [[nodiscard]] const Endpoint* due_configured(const Context& context, bool is_manual);
    /// An address of the book that may be dialled now.
    [[nodiscard]] const AddressBook::Entry* due_of_book(Context& context, const Slots& slots);
    [[nodiscard]] bool may_dial(
        const Context& context, const Slots& slots, const AddressBook::Entry& entry
    );
    [[nodiscard]] static bool is_linked_otherwise(
        const Context& context, const Endpoint& endpoint, const Known* known
    );
    void start_dial(
        Context& context,
        const Endpoint& endpoint,
        LinkKind kind,
        std::optional<std::string> source = {}
    );
    void wake_at(Instant at);
    /// @}

    const Discouraged& discouraged_;
    bool local_network_;
    AddressBook book_;
    std::vector<SavedAddress> saved_;
    std::vector<Endpoint> anchors_;
    std::map<Endpoint, Known> known_;
    std::map<LinkId, PeerState> peers_;
    std::vector<wire::NodeAddress> told_;
    Instant told_until_;
    std::vector<LinkId> leaving_;
    std::optional<Instant> wakeup_;
    Instant next_feeler_;
    Instant next_save_;
    bool must_look_ = true;
    bool wants_extra_ = false;
    bool is_started_ = false;
    bool is_stopped_ = false;
};

}  // namespace cairn::node
