/// The tracker: a list of live nodes, and nothing of any chain.
///
/// Rules (spec 10), each with its reason:
/// 1. A node is listed at the address that its connection comes from, never at one that it names,
///    and only after it has answered a dial there with the nonce of its own request. So nobody can
///    list, or have us dial, a third party.
/// 2. A host is dialled at most once a minute, and asks at most ten times a minute: what we can be
///    made to send is bounded by what is asked of us.
/// 3. A heartbeat is a `register` with the token; the entry of a silent node ends after its
///    lifetime. `unregister` ends it at once.
/// 4. Loopback on a local network counts by address *and* port: all nodes of a demo share one
///    host. Private addresses are listed on a local network alone.
/// 5. Whoever has no request under way may be dropped when connections are short: nodes dial again.
/// 6. People ask with text: `ping`, `help`, `status`, `nodes`.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/node/machine.hpp"
#include "cairn/node/outbox.hpp"
#include "cairn/node/rate_limit.hpp"
#include "cairn/tracker/limits.hpp"
#include "cairn/tracker/registry.hpp"
#include "cairn/wire/messages.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::tracker {

struct TrackerConfig {
    /// What `status` says; printable ASCII.
    std::string version;
    /// Nodes may be on loopback and private networks.
    bool local_network = true;
    /// Text requests from other hosts than loopback are answered.
    bool open_probe = false;
    /// How long an entry lives without a heartbeat.
    Duration lifetime = entry_lifetime;
};

class Tracker final : public node::Machine {
  public:
    Tracker(TrackerConfig config, Random random);

    void handle(Time now, node::Input input) override;

    [[nodiscard]] std::vector<node::Output> take_outputs() override {
        return outbox_.take_outputs();
    }

    [[nodiscard]] std::optional<Instant> next_wakeup() const override;

    [[nodiscard]] const Registry& registry() const { return registry_; }

    [[nodiscard]] std::size_t links() const { return links_.size(); }

  private:
    enum class Form : std::uint8_t { unknown, text, binary };

    struct Link {
        node::Direction direction = node::Direction::inbound;
        /// For an outbound link what was dialled.
        node::Endpoint remote;
        bool is_loopback = false;
        Form form = Form::unknown;
        Instant last_received;
        std::optional<Instant> frame_since;
        wire::FrameDecoder decoder;
    };

    /// A dial that proves a registration.
    struct DialBack {
        node::LinkId asker;
        std::uint32_t request = 0;
        wire::RegisterNode asked;
        Instant until;
        std::optional<node::LinkId> link;
    };

    /// @name Links (tracker.cpp)
    /// @{
    void on_opened(const node::LinkOpened& input);
    void on_gone(node::LinkId id);
    void on_bytes(const node::BytesReceived& input);
    void on_payload(node::LinkId id, Link& link, ByteView payload);
    void on_command(const node::CommandReceived& input);
    void on_time();
    void sweep_links();
    [[nodiscard]] bool make_room(const node::LinkOpened& input);
    [[nodiscard]] static Instant deadline(const Link& link);

    [[nodiscard]] bool is_exempt(const Link& link) const {
        return config_.local_network && link.is_loopback;
    }

    [[nodiscard]] std::string counted_as(const Link& link) const;
    void send(node::LinkId id, const wire::Message& message, std::uint32_t request);
    void refuse(
        node::LinkId id,
        const wire::Envelope& asked,
        wire::ErrorCode code,
        std::string message,
        Duration retry = {}
    );
    void drop(node::LinkId id);
    /// @}

    /// @name Requests (requests.cpp)
    /// @{
    void on_message(node::LinkId id, const Link& link, const wire::Decoded& decoded);
    /// How often a node is to show that it lives.
    [[nodiscard]] Duration heartbeat() const;
    /// A heartbeat that does not come much too early.
    [[nodiscard]] bool is_due_heartbeat(const Link& link, const wire::Message& message) const;
    void on_register(
        node::LinkId id,
        const Link& link,
        const wire::Envelope& asked,
        const wire::RegisterNode& message
    );
    void on_unregister(
        node::LinkId id,
        const Link& link,
        const wire::Envelope& asked,
        const wire::UnregisterNode& message
    );
    void on_get_nodes(node::LinkId id, const wire::Envelope& asked, const wire::GetNodes& message);
    void start_dial_back(
        node::LinkId id,
        const node::Endpoint& endpoint,
        const wire::Envelope& asked,
        const wire::RegisterNode& message
    );
    void on_proof(node::LinkId id, const Link& link, const wire::Registration& proof);
    void fail_dial_back(const node::Endpoint& endpoint, bool may_close);
    void confirm(node::LinkId id, std::uint32_t request, const wire::TrackerToken& token);
    /// @}

    /// The reply to a text request (text.cpp).
    [[nodiscard]] std::string answer(const Link& link, std::string_view text);

    TrackerConfig config_;
    Random random_;
    Registry registry_;
    node::RateLimit requests_{
        {.events_max = requests_per_minute_max,
         .window = minutes{1},
         .keys_max = counted_hosts_max}};
    node::RateLimit dials_{
        {.events_max = dial_backs_per_minute_max,
         .window = minutes{1},
         .keys_max = counted_hosts_max}};
    node::Outbox outbox_;
    Time now_;
    std::optional<Instant> started_;
    bool is_stopping_ = false;
    Instant next_sweep_;
    std::map<node::LinkId, Link> links_;
    std::map<node::Endpoint, DialBack> dial_backs_;
};

}  // namespace cairn::tracker
