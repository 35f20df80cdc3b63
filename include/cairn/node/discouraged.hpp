/// What a node remembers of misbehaviour: points of one link, and hosts that showed bad will.
#pragma once

#include "cairn/base/time.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace cairn::node {

/// The annoyance points of one link. They halve every `annoyance_half_life`, so that rare mishaps
/// of a long-lived peer never sum up to a disconnection.
class Annoyance {
  public:
    /// Adds points and returns the sum that stands now.
    std::uint32_t add(std::uint32_t points, Instant now);
    /// The points that are left at `now`.
    [[nodiscard]] std::uint32_t at(Instant now) const;

  private:
    std::uint32_t points_ = 0;
    /// When `points_` were last brought up to date, in whole half-lives.
    Instant since_;
};

/// Hosts that sent what no honest node can send: for `discourage_time` they are not dialled, not
/// gossiped, and served last. Bounded: the oldest entry makes room.
class Discouraged {
  public:
    void add(const std::string& host, Instant now);
    [[nodiscard]] bool contains(const std::string& host, Instant now) const;

    [[nodiscard]] std::size_t size() const { return until_.size(); }

  private:
    std::map<std::string, Instant> until_;
    std::deque<std::string> order_;
};

}  // namespace cairn::node
