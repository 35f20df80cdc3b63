/// The events of late, numbered, for those that listen and those that come back (server-sent events
/// of the HTML standard, spec 12 §7).
///
/// Rules:
/// 1. Ids count up from 1 without gaps for as long as the process runs.
/// 2. What is kept is bounded; who asks for what is gone gets an event `reset` first, and then what
///    is there: it must look at the chain again.
#pragma once

#include "cairn/rpc/events.hpp"

#include <cstdint>
#include <deque>
#include <string>

namespace cairn::http {

class EventRing {
  public:
    /// Keeps `event` and returns its id.
    std::uint64_t push(const rpc::Event& event);

    /// The id of the newest event; 0 when there was none.
    [[nodiscard]] std::uint64_t last_id() const { return next_ - 1; }

    /// The events after `id` in the form in which they are sent, up to about
    /// `events_write_bytes_max`, and the id of the last of them. An `id` that is not known begins
    /// with `reset`. Empty when there is nothing new.
    struct Portion {
        std::string text;
        std::uint64_t last_id = 0;
    };

    [[nodiscard]] Portion after(std::uint64_t id) const;

  private:
    std::deque<std::string> texts_;
    std::size_t bytes_ = 0;
    std::uint64_t next_ = 1;
};

}  // namespace cairn::http
