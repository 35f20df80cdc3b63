/// A further way in to the commands of a machine, beside its TCP port: what a module needs to serve
/// them in another form (HTTP) on the shell's thread.
///
/// Rules:
/// 1. Everything happens on the thread that runs the shell. Nothing may block.
/// 2. A door names its conversations itself: a link is one conversation whose requests are answered
///    in order, and one that waits holds up no other. A door forgets its links.
/// 3. `on_reply` may come while `ask` still runs. A door may ask again from within it.
#pragma once

#include "cairn/node/events.hpp"
#include "cairn/rpc/events.hpp"

#include <cstdint>
#include <string>

namespace cairn::net {

/// Links of one door are below this number.
inline constexpr std::uint64_t door_links_max = std::uint64_t{1} << 48U;

/// What the shell gives a door.
class TextPort {
  public:
    virtual ~TextPort() = default;

    /// Asks the command table; the reply comes through `Door::on_reply`. `link` is a number of the
    /// door's own below `door_links_max`. `is_loopback` tells where the question comes from.
    virtual void ask(node::LinkId link, std::string text, bool is_loopback) = 0;
    /// Ends a conversation: its replies will not come any more.
    virtual void forget(node::LinkId link) = 0;
    /// Whether the machine has something more urgent to do than to answer: it is behind its peers,
    /// and has no time to spare. Ask after each answer: what waits meanwhile is looked for here.
    [[nodiscard]] virtual bool is_busy() = 0;
    /// The door has become idle after `Door::stop`.
    virtual void on_idle() = 0;
};

/// One such way in. It outlives `Shell::run`.
class Door {
  public:
    virtual ~Door() = default;

    /// The machine runs from now on; `port` is valid until `run` returns.
    virtual void start(TextPort& port) = 0;
    /// The answer to the oldest unanswered request of `link`.
    virtual void on_reply(node::LinkId link, std::string text) = 0;
    virtual void on_event(const rpc::Event& event) = 0;
    /// Take nothing new, send what is on its way, then call `TextPort::on_idle` if not idle yet.
    /// The shell waits for that no longer than `close_time_max`.
    virtual void stop() = 0;
    /// Nothing waits to be sent.
    [[nodiscard]] virtual bool is_idle() const = 0;
};

}  // namespace cairn::net
