/// How much a node sends to other machines, and how much of that may be old blocks.
///
/// Rules (spec 04 R4.61), each with its reason:
/// 1. Everything that leaves for another machine counts; loopback costs no line.
/// 2. What nobody asked for (announcements, pings) is always sent, into debt if need be. Requests
///    wait while nothing is left: they are what others can make us send.
/// 3. Old blocks count a second time, against their share. So the line has room for a new block
///    however many catch up, or ask for one block over and over.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/token_bucket.hpp"

#include <cstdint>
#include <optional>

namespace cairn::node {

class UploadBudget {
  public:
    /// 0: no bound.
    explicit UploadBudget(std::uint64_t bytes_per_second);

    void refill(Instant now);
    /// So many bytes leave.
    void spend(std::uint64_t bytes);
    /// So many of what leaves, or is about to, are old blocks.
    void spend_history(std::uint64_t bytes);

    /// @name As of the last refill
    /// @{
    /// Whether a request may be answered.
    [[nodiscard]] bool has_room() const;
    /// The same for a request for an old block.
    [[nodiscard]] bool has_history_room() const;
    /// When requests that wait go on.
    [[nodiscard]] Instant room_at() const;
    [[nodiscard]] Instant history_room_at() const;
    /// @}

  private:
    struct Buckets {
        TokenBucket all;
        TokenBucket history;
    };

    [[nodiscard]] static std::optional<Buckets> make_buckets(std::uint64_t bytes_per_second);

    std::optional<Buckets> buckets_;
};

}  // namespace cairn::node
