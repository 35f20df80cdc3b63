/// One door as the driver sees it: its links among those of all doors.
#pragma once

#include "cairn/net/door.hpp"
#include "cairn/rpc/server.hpp"

#include <utility>

namespace cairn::net {

/// Links of connections are numbered from 1, those of doors from here: the two never meet.
inline constexpr std::uint64_t door_link_first = std::uint64_t{1} << 52U;

/// What a port does with what its door wants.
class DoorOwner {
  public:
    virtual ~DoorOwner() = default;

    virtual void ask(const node::TextRequest& request) = 0;
    virtual void forget(node::LinkId link) = 0;
    [[nodiscard]] virtual bool is_busy() = 0;
    virtual void on_door_idle() = 0;
};

class DoorPort final : public TextPort {
  public:
    /// The door's links become `first` and those that follow.
    DoorPort(DoorOwner& owner, Door& door, std::uint64_t first)
        : owner_{owner}, door_{door}, first_{first} {}

    void ask(node::LinkId link, std::string text, bool is_loopback) override {
        owner_.ask({.link = outer(link), .text = std::move(text), .is_loopback = is_loopback});
    }

    void forget(node::LinkId link) override { owner_.forget(outer(link)); }

    [[nodiscard]] bool is_busy() override { return owner_.is_busy(); }

    void on_idle() override { owner_.on_door_idle(); }

    /// Hands `reply` on if it belongs to a link of this door.
    void take_reply(rpc::SendText& reply) {
        if (reply.link.value >= first_ && reply.link.value - first_ < door_links_max)
            door_.on_reply(node::LinkId{reply.link.value - first_}, std::move(reply.text));
    }

    [[nodiscard]] Door& door() const { return door_; }

  private:
    [[nodiscard]] node::LinkId outer(node::LinkId link) const {
        return node::LinkId{first_ + link.value};
    }

    DoorOwner& owner_;
    Door& door_;
    std::uint64_t first_;
};

}  // namespace cairn::net
