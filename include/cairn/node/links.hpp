/// All links of a node: from bytes to messages of READY peers, and to text requests.
///
/// Rules (spec 01, 04 §2, §3, §8, §11.1), each with its reason:
/// 1. The first payload decides what a link is: text makes it a text session for good, a binary
///    envelope a peer. Mixing both on one link is a fault, because no program of ours does it.
/// 2. A peer is READY when both sides have sent `hello` and `hello_ack`. Before that only those,
///    `feature`, `ping`, `pong`, `error` and `bye` are legal, and nothing of the chain is told but
///    the tip that stands in `hello`, to those who name the same chain.
/// 3. There is one link to a node. Who meets its own nonce talks to itself. A READY link is never
///    closed for a newer one with the same nonce; when two links to one node are both in their
///    handshake (A and B dial each other at once), the one that the lower nonce dialled stays.
///    The listener chooses at `hello`, the dialler at the listener's `hello_ack`, before it sends
///    its own: neither can be READY on a link that the other gave up.
/// 4. Links from others pass the door (`inbound_door.hpp`). When there are too many incomplete
/// links, the oldest of them is closed: an honest handshake
///    takes milliseconds, so slow strangers cannot keep others out.
/// 5. When all inbound places are taken by peers, one of them makes room (`eviction.hpp`); so does
/// one
///    of those that want transactions, which may have half of the places, for another such.
/// 6. Requests of a peer wait while more than `send_queue_pause_bytes` are on their way to it, so
///    that it gets no more than it reads, and while the upload budget is spent; answers and
///    announcements are handled at once.
/// 7. Loopback is disconnected but never discouraged: all nodes of a demo share it.
/// 8. When all links together hold more than `links_bytes_max`, the one that holds the most goes,
/// and
///    with it what waits to be sent to it.
/// 9. Whatever a link costs has a bound in `limits.hpp`, and each state of it has a deadline.
#pragma once

#include "cairn/node/context.hpp"
#include "cairn/node/discouraged.hpp"
#include "cairn/node/handshake.hpp"
#include "cairn/node/inbound_door.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/liveness.hpp"
#include "cairn/node/text_session.hpp"
#include "cairn/node/view.hpp"
#include "cairn/wire/messages.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::node {

/// A peer has become READY.
struct PeerReady {
    LinkId link;
};

/// A message of a READY peer that is not about the link itself.
struct PeerMessage {
    LinkId link;
    wire::Decoded decoded;
};

using Delivery = std::variant<PeerReady, PeerMessage>;

/// A link that is gone.
struct GoneLink {
    LinkId link;
    bool was_ready = false;
    /// What was dialled, for an outbound link.
    std::optional<Endpoint> dialled;
};

/// Who answered where we dialled.
struct Identified {
    Endpoint endpoint;
    std::uint64_t node_nonce = 0;
    bool is_self = false;
};

class Links {
  public:
    /// `nonce` names this node to others for as long as it runs.
    /// `key` orders groups of addresses in a way that nobody else knows.
    Links(const NodeConfig& config, std::uint64_t nonce, std::uint64_t key);

    /// @name Events
    /// @{
    /// `kind` says what an outbound link was dialled for.
    void on_opened(Context& context, const LinkOpened& input, LinkKind kind = LinkKind::full);
    void on_closed(Context& context, LinkId id);
    /// Takes bytes in; `next` gives what they say.
    void on_bytes(Context& context, const BytesReceived& input);
    void on_sent(Context& context, const BytesSent& input);
    void on_text_reply(Context& context, const TextReply& input);
    void on_time(Context& context);
    [[nodiscard]] std::optional<Instant> next_wakeup() const;
    /// @}

    /// The next thing that a link says to other sub-machines; all else is handled on the way.
    /// Nothing when more bytes are needed, when the link waits, or when it is gone.
    [[nodiscard]] std::optional<Delivery> next(Context& context, LinkId id);
    /// Links whose requests go on because the upload budget has room again, for `next`.
    [[nodiscard]] std::vector<LinkId> resume(Context& context);
    /// Executes the verdicts on all faults that sub-machines have recorded, and drops links while
    /// all of them hold too much.
    void judge_faults(Context& context);
    /// Says `bye` and closes. Does nothing when the link is gone.
    void close(Context& context, LinkId id, wire::ByeCode code);
    /// Says `bye` to all peers, and lets no link in any more.
    void stop(Context& context);

    /// What to answer to `get_registration`; nothing when no tracker knows of us.
    void set_registration(std::optional<std::uint64_t> nonce) { registration_ = nonce; }

    [[nodiscard]] std::vector<GoneLink> take_gone() { return std::exchange(gone_, {}); }

    [[nodiscard]] std::vector<Identified> take_identified() {
        return std::exchange(identified_, {});
    }

    /// @name Queries
    /// @{
    [[nodiscard]] const PeerTable& peers() const { return peers_; }

    [[nodiscard]] const Discouraged& discouraged() const { return discouraged_; }

    [[nodiscard]] std::size_t size() const { return links_.size(); }

    /// What the links know of their peers; heights are left out.
    [[nodiscard]] std::vector<PeerSummary> summaries(const Outbox& outbox, Instant now) const;
    [[nodiscard]] std::vector<QueueSummary> queues(const Outbox& outbox) const;
    /// @}

  private:
    enum class Stage : std::uint8_t { unknown, text, handshake, ready };

    struct Request {
        wire::Decoded message;
        /// Of its payload.
        std::size_t bytes = 0;
    };

    struct Link {
        explicit Link(const LinkOpened& opened, Instant now);

        LinkId id;
        Direction direction;
        Endpoint remote;
        bool is_loopback;
        LinkKind kind = LinkKind::full;
        Instant opened_at;
        Stage stage;
        Instant stage_since;
        wire::FrameDecoder decoder;
        /// Since when the frame is incomplete that has begun.
        std::optional<Instant> frame_since;
        Liveness liveness;
        Annoyance annoyance;
        std::uint64_t bytes_received = 0;

        /// What the other side's `hello` said.
        std::optional<Peer> offered;
        bool is_acknowledged = false;
        /// Requests that wait until the send queue has drained.
        std::deque<Request> requests;
        std::size_t request_bytes = 0;
        TextSession text;
        /// What `count_bytes` found: all that the link makes us hold but what is to be sent to it.
        std::size_t bytes_held = 0;

        [[nodiscard]] bool is_incomplete() const {
            return stage == Stage::unknown || stage == Stage::handshake;
        }
    };

    /// Which inbound places a newcomer needs one of.
    enum class Places : std::uint8_t { all, relaying };

    /// @name Room (links_room.cpp)
    /// @{
    [[nodiscard]] static bool is_relaying_inbound(const Peer& peer);
    [[nodiscard]] bool make_room(Context& context, const LinkOpened& input);
    /// True when `link` may become READY; else it is closed.
    [[nodiscard]] bool make_relaying_room(Context& context, const Link& link);
    /// The READY inbound link that makes room for another; nothing when all are kept.
    [[nodiscard]] std::optional<LinkId> choose_leaving(const Context& context, Places places) const;
    /// Brings `bytes_held_` up to date with `link`.
    void count_bytes(Link& link);
    void shed(Context& context);
    /// Whether requests of the link wait now.
    [[nodiscard]] bool must_wait(const Context& context, const Link& link);
    /// @}

    [[nodiscard]] Link* find(LinkId id);
    static void set_limits(const Context& context, Link& link);

    [[nodiscard]] std::optional<Delivery> on_payload(
        Context& context, Link& link, ByteView payload
    );
    void on_text(Context& context, Link& link, ByteView payload);
    void start_text(Context& context, Link& link);
    void refuse_text(Context& context, Link& link, const TextError& error);

    [[nodiscard]] std::optional<Delivery> on_binary(Context& context, Link& link, ByteView payload);
    /// True when the message was about the link itself.
    [[nodiscard]] bool on_link_message(Context& context, Link& link, const wire::Message& message);
    void on_hello(Context& context, Link& link, const wire::Hello& hello);
    /// True when `link` may go on though another link leads to the same node.
    [[nodiscard]] bool resolve_duplicate(Context& context, Link& link, std::uint64_t nonce);
    [[nodiscard]] std::optional<Delivery> on_hello_ack(
        Context& context, Link& link, const wire::HelloAck& ack
    );
    void on_error(Context& context, Link& link, const wire::ErrorMessage& error);

    void punish(Context& context, LinkId id, Fault fault);
    void refuse(Context& context, LinkId id, wire::ErrorMessage error);
    static void send(Context& context, const Link& link, const wire::Message& message);
    static void send_ping(Context& context, Link& link);
    /// Asks the driver to close, and forgets the link.
    void drop(Context& context, LinkId id, Ending ending = Ending::sent);
    void forget(Context& context, LinkId id);
    void log_refusal(Context& context, const Endpoint& remote, std::string_view reason);

    [[nodiscard]] static Instant deadline(const Link& link);
    void on_deadline(Context& context, LinkId id);

    Allowances allowances_;
    std::uint64_t nonce_;
    std::uint64_t key_;
    InboundDoor door_;
    std::size_t bytes_held_ = 0;
    /// When requests that wait for the upload budget go on, and who went first the last time.
    std::optional<Instant> resume_at_;
    LinkId resumed_first_;
    std::optional<std::uint64_t> registration_;
    bool is_stopping_ = false;
    std::map<LinkId, Link> links_;
    PeerTable peers_;
    Discouraged discouraged_;
    std::vector<GoneLink> gone_;
    std::vector<Identified> identified_;
    Instant log_minute_;
    std::uint32_t log_lines_ = 0;
};

}  // namespace cairn::node
