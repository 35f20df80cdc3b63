/// How many messages between nodes went one way since the start, by their type.
///
/// Rules:
/// 1. Counted are binary messages, of peers and of trackers; what text sessions ask and are
/// answered
///    is not, so that who looks at the counts does not move them.
/// 2. A message that came is counted before it is understood, one that goes when it is handed to
/// the
///    driver. Bytes are those of whole frames.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/wire/envelope.hpp"

#include <array>
#include <cstdint>

namespace cairn::node {

struct MessageCount {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;

    friend bool operator==(const MessageCount&, const MessageCount&) = default;
};

class MessageCounts {
  public:
    /// Counts a frame by its payload. Text, and what is too short to have a type, is left out.
    void add(ByteView payload);
    /// The same for each of the whole frames that `frames` holds, one after the other. They are
    /// ours, so what is no frame ends it.
    void add_frames(ByteView frames);

    /// Those of one type.
    [[nodiscard]] const MessageCount& of(wire::MessageType type) const {
        return by_number_[static_cast<std::uint8_t>(type)];
    }

    /// All, those of types that this version does not speak included.
    [[nodiscard]] MessageCount total() const;
    /// Those of types that this version does not speak.
    [[nodiscard]] MessageCount unknown() const;

  private:
    /// One for each number that a type byte can be: counting needs no search.
    std::array<MessageCount, 256> by_number_{};
};

}  // namespace cairn::node
