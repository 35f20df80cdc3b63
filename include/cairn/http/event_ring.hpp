/// The events of late, numbered, for those that listen and those that come back (server-sent events
/// of the HTML standard, spec 12 §7).
///
/// Rules:
/// 1. Numbers count up from 1 without gaps for as long as the process runs. An id is a number with
///    something of the process before it, so that no process takes another's ids for its own.
/// 2. What is kept is bounded; who asks for what is gone gets an event `reset` first, and then what
///    is there: it must look at the chain again.
#pragma once

#include "cairn/rpc/events.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace cairn::http {

class EventRing {
  public:
    /// `process` is drawn at random by each process.
    explicit EventRing(std::uint32_t process);

    /// Keeps `event` and returns its number.
    std::uint64_t push(const rpc::Event& event);

    /// The number of the newest event; 0 when there was none.
    [[nodiscard]] std::uint64_t last() const { return next_ - 1; }

    /// The id of the event `number`: `<8 hexadecimal digits>-<number>`.
    [[nodiscard]] std::string id_of(std::uint64_t number) const;
    /// The number of the event `id`; one that is never reached for what is no id of this process.
    [[nodiscard]] std::uint64_t number_of(std::string_view id) const;

    /// The events after `number` in the form in which they are sent, up to about
    /// `events_write_bytes_max`, and the number of the last of them. A number that is not known
    /// begins with `reset`. Empty when there is nothing new.
    struct Portion {
        std::string text;
        std::uint64_t last = 0;
    };

    [[nodiscard]] Portion after(std::uint64_t number) const;

  private:
    /// What stands before the number in each id.
    std::string prefix_;
    std::deque<std::string> texts_;
    std::size_t bytes_ = 0;
    std::uint64_t next_ = 1;
};

}  // namespace cairn::http
