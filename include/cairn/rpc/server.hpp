/// The server of text requests: turns a request into a reply, over a const view of a node.
///
/// Rules (spec 02 §3):
/// 1. Requests of one link are served one after the other, so replies come in order and a request
///    sees what the one before it did. A `wait` holds up its own link, nobody else's.
/// 2. Nothing here changes the node. What does is handed to the driver as `RunCommand`, and its
///    reply is written when `on_reply` tells the result.
/// 3. Long work goes in steps: `next_wakeup` asks to be called again at once while there is some.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/events.hpp"
#include "cairn/node/view.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::rpc {

struct ServerConfig {
    /// The content of the control cookie, in hexadecimal; empty: control commands are refused
    /// unless `open_control` lifts that.
    std::string cookie;
    /// Control needs no cookie from loopback, on development chains only.
    bool open_control = false;
    /// What `status` says; printable ASCII.
    std::string version;
};

/// Send `text` as the next reply on `link`: the driver gives it to the node as `TextReply`.
struct SendText {
    node::LinkId link;
    std::string text;
};

/// Give the node a command; its `Reply` comes back through `on_reply`.
struct RunCommand {
    node::CommandId id;
    node::CommandRequest request;
};

using Action = std::variant<SendText, RunCommand>;

class Server {
  public:
    /// `view` must outlive it. `salt` seeds the hash maps of `validate`.
    Server(ServerConfig config, const node::NodeView& view, std::uint64_t salt);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Serves a request, now or after the earlier ones of its link.
    void on_text(Time now, const node::TextRequest& request);
    /// The result of a `RunCommand`. An id whose link has closed meanwhile is no error.
    void on_reply(Time now, node::CommandId id, const node::CommandReply& reply);
    /// The chain has moved: `wait` looks again.
    void on_chain_event(Time now);
    /// Forgets everything of a link.
    void on_link_closed(node::LinkId link);
    /// Ends waits whose time is up, and does a step of long work.
    void on_time(Time now);
    /// When to call `on_time`; nothing when there is nothing to wait for.
    [[nodiscard]] std::optional<Instant> next_wakeup() const;

    /// The node is behind its peers: its thread has more urgent work than answers.
    [[nodiscard]] bool is_catching_up() const { return view_->is_catching_up(); }

    /// What to do since the last call, in order.
    [[nodiscard]] std::vector<Action> take_actions();

  private:
    struct Parts;
    const node::NodeView* view_;
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::rpc
