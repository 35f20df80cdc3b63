/// One HTTP request that needs the command table: which questions it asks, one after the other, and
/// what its reply becomes. Whoever drives it gets the answers from wherever it likes.
#pragma once

#include "cairn/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::http {

/// A request of the text protocol (spec 02).
struct Question {
    std::string text;
    /// The port of the node that is asked; 0: the one whose door this is.
    std::uint16_t node = 0;
};

/// Ask `next` until there is no more, giving each answer to `take` before the next; then `reply`.
class Exchange {
  public:
    virtual ~Exchange() = default;

    [[nodiscard]] virtual std::optional<Question> next() = 0;
    /// The JSON reply to the last question.
    virtual void take(std::string answer) = 0;
    /// Call it once, when `next` has given nothing.
    [[nodiscard]] virtual HttpReply reply() = 0;
};

}  // namespace cairn::http
