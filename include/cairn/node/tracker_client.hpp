/// A node's dealings with trackers: to be listed while it lives, and to learn of others.
///
/// Rules (spec 10 §5), each with its reason:
/// 1. One link to each tracker stays open: heartbeats are cheap on it, and at the end `unregister`
///    leaves at once, without a dial that the end would not wait for.
/// 2. A tracker is dialled again after a rest that doubles, for ever: it may be down for hours, and
///    the node works without it.
/// 3. A tracker is believed nothing but addresses, and of those one list for each question. What
///    share of our links they may fill is up to `Addresses`.
/// 4. Whoever dials us and asks is told the nonce of our registrations. It proves only that we
///    want to be listed where we are.
#pragma once

#include "cairn/node/address_list.hpp"
#include "cairn/node/context.hpp"
#include "cairn/wire/messages.hpp"

#include <optional>
#include <vector>

namespace cairn::node {

class TrackerClient {
  public:
    /// The first `trackers_max` of `trackers` count. `nonce` is the secret of our registrations.
    TrackerClient(const std::vector<Endpoint>& trackers, std::uint64_t nonce);

    /// @name Events
    /// @{
    /// True when the link was dialled for a tracker: all its events belong here then.
    [[nodiscard]] bool on_opened(Context& context, const LinkOpened& input);
    void on_closed(Context& context, LinkId link);
    void on_bytes(Context& context, const BytesReceived& input);
    /// False when the dial was not ours.
    [[nodiscard]] bool on_dial_failed(Context& context, const Endpoint& endpoint);
    void on_time(Context& context);
    [[nodiscard]] std::optional<Instant> next_wakeup() const;
    /// Takes our entries off the lists, and dials no more.
    void stop(Context& context);
    /// @}

    [[nodiscard]] bool owns(LinkId link) const;

    [[nodiscard]] std::vector<AddressList> take_lists() { return std::exchange(lists_, {}); }

    /// What to answer to `get_registration`; nothing without trackers.
    [[nodiscard]] std::optional<std::uint64_t> nonce() const;

  private:
    enum class State : std::uint8_t { idle, dialling, linked };

    struct Tracker {
        Endpoint endpoint;
        State state = State::idle;
        LinkId link;
        wire::FrameDecoder decoder;
        /// Our entry; zeros while there is none.
        wire::TrackerToken token;
        /// When to dial, or to ask again; or when an answer is overdue.
        Instant next;
        Duration rest{};
        /// From one question to the next: what the tracker tells.
        Duration interval{};
        /// When to ask for nodes again.
        Instant list_due;
        bool is_registering = false;
        bool awaits_list = false;
    };

    [[nodiscard]] Tracker* find(LinkId link);
    void ask(Context& context, Tracker& tracker) const;
    /// Waits for the next question once everything is answered.
    static void settle(Context& context, Tracker& tracker);
    /// False when the message ends the link.
    [[nodiscard]] bool on_message(Context& context, Tracker& tracker, const wire::Message& message);
    static void drop(Context& context, Tracker& tracker);
    static void rest(Context& context, Tracker& tracker);

    std::vector<Tracker> trackers_;
    std::uint64_t nonce_;
    std::vector<AddressList> lists_;
    bool is_stopped_ = false;
};

}  // namespace cairn::node
