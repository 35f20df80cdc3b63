/// What waits to be sent on one link: shared messages as they are, small ones copied together, so
/// that one system call takes many.
#pragma once

#include "cairn/base/bytes.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

namespace cairn::net {

/// Messages below this size are copied behind each other: a copy is cheaper than a slot in the
/// gather list.
inline constexpr std::size_t small_message_bytes = 4096;
/// A buffer of small messages takes no more once it is this long.
inline constexpr std::size_t joined_bytes_max = 64U * 1024;
/// Buffers that one write gathers; Asio passes no more to the system.
inline constexpr std::size_t gather_buffers_max = 64;

class WriteQueue {
  public:
    /// Appends a message; an empty one changes nothing.
    void push(std::shared_ptr<const Bytes> message);
    /// The first bytes of the queue as up to `gather_buffers_max` buffers, in order. Valid until
    /// they are consumed; `push` leaves them alone.
    [[nodiscard]] std::vector<ByteView> gather();
    /// Removes the first `count` bytes, at most `queued_bytes()`.
    void consume(std::size_t count);

    [[nodiscard]] std::size_t queued_bytes() const { return queued_; }

    [[nodiscard]] bool empty() const { return queued_ == 0; }

  private:
    struct Chunk {
        /// Null for small messages, which stand in `joined`.
        std::shared_ptr<const Bytes> shared;
        Bytes joined;
        /// False once a write may be looking at it.
        bool is_open = false;

        [[nodiscard]] ByteView view() const { return shared ? ByteView{*shared} : joined; }
    };

    std::deque<Chunk> chunks_;
    /// Bytes of the first chunk that have left.
    std::size_t consumed_ = 0;
    std::size_t queued_ = 0;
};

}  // namespace cairn::net
