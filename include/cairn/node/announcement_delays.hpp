/// Announcements that wait for random times, for nodes with `--tx-privacy`: who sees from which
/// node a transaction comes first learns little of where it entered the network.
///
/// Rules (spec 04 R4.63), as in Bitcoin Core:
/// 1. Each outbound link is a group with times of its own. All inbound links are one group: whoever
///    opens many links to us learns no more than from one.
/// 2. The gaps between times are exponential. Such gaps have no memory, so a time is drawn when the
///    first announcement begins to wait for it, and nothing is drawn while nothing waits.
/// 3. At its time a group gets all that waits for it. The caller orders it by what it pays, so that
///    it does not tell in which order transactions came.
/// 4. What waits stands in one list with a place in it for each group. When the list is full, it
///    is everybody's time: whoever wants to force that pays for a hundred thousand transactions.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/base/time.hpp"
#include "cairn/node/announcement_backlog.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/peer.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace cairn::node {

class AnnouncementDelays {
  public:
    /// An outbound link, or nothing: all inbound ones.
    using Group = std::optional<LinkId>;

    struct Delayed {
        AnnouncementBacklog::Waiting waiting;
        /// Also for peers that were told.
        bool is_repeated = false;

        friend bool operator==(const Delayed&, const Delayed&) = default;
    };

    [[nodiscard]] static Group group_of(const Peer& peer);

    /// What is added from now on waits for `group`, too. One that is there already stays as it is.
    void join(const Group& group);
    /// An outbound link that has gone.
    void leave(LinkId link);
    /// Draws a time for `group`, which must be there, unless it has one.
    void schedule(const Group& group, Instant now, Random& random);
    /// There must be room for `batch`. Without a group it is forgotten at once.
    void add(const std::vector<Delayed>& batch, Instant now, Random& random);

    /// How many may be added.
    [[nodiscard]] std::size_t room() const { return announcements_delayed_max - list_.size(); }

    [[nodiscard]] std::size_t size() const { return list_.size(); }

    /// Whose time has come.
    [[nodiscard]] std::vector<Group> due(Instant now) const;
    /// Removes all that waits for `group`, which must be there, and its time.
    std::vector<Delayed> take(const Group& group);
    [[nodiscard]] std::optional<Instant> next_wakeup() const;

  private:
    struct State {
        /// The number of the first announcement that it has not got.
        std::uint64_t next = 0;
        std::optional<Instant> due;
    };

    /// Forgets what everybody has got.
    void trim();

    std::map<Group, State> groups_;
    std::deque<Delayed> list_;
    /// The number of the first one in the list.
    std::uint64_t first_ = 0;
};

}  // namespace cairn::node
