/// Whom to ask for an announced transaction, and when to ask the next one.
///
/// Rules (spec 04 §11.3):
/// 1. A transaction is asked for from one peer at a time. What one peer withholds, the next
///    announcer is asked for after `transaction_time_max`.
/// 2. An announcement becomes due at a time that its maker sets, so that peers whom we chose
///    ourselves can be preferred over those who came to us.
/// 3. Among the announcers that are due, the one with the fewest recent timeouts is asked, then the
///    least loaded, then the first who announced: being fast to announce buys an attacker one
///    timeout, not a place in front of all honest peers (CVE-2024-52913).
/// 4. At most `transactions_in_flight_per_peer_max` are in flight to one peer. More wait for it in
///    the order in which they were first announced, which keeps each sender's nonces in order.
/// 5. When a request times out, everything that waits for the same peer and that another one has
///    too moves there.
/// 6. All memory belongs to the peer that caused it: `announcements_per_peer_max` each, and nobody
///    can push out the announcements of another.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/events.hpp"
#include "cairn/wire/relay_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace cairn::node {

class RequestTracker {
  public:
    /// What to ask of whom.
    using Requests = std::map<LinkId, std::vector<wire::RelayId>>;

    /// `link` has announced `id` and may be asked for it from `due` on. Ignored when it has
    /// announced it before or when its announcements are at their maximum.
    void announce(LinkId link, const wire::RelayId& id, Instant due);
    /// `link` has given what it was asked for.
    void on_answer(LinkId link, const wire::RelayId& id);
    /// `link` does not have `id` after all.
    void on_missing(LinkId link, const wire::RelayId& id);
    /// `id` is not wanted from anybody any more.
    void forget(const wire::RelayId& id);
    /// Forgets what every announcer has failed to give.
    void forget_exhausted();
    void on_peer_gone(LinkId link);

    /// The requests to send now; they count as sent.
    [[nodiscard]] Requests take_requests(Instant now);

    /// True when `id` was asked of `link`, be it too long ago, and nobody has given it since.
    [[nodiscard]] bool is_asked(LinkId link, const wire::RelayId& id) const;
    /// When `take_requests` may have something that it does not have now.
    [[nodiscard]] std::optional<Instant> next_wakeup() const;

    /// Number of transactions with at least one announcement.
    [[nodiscard]] std::size_t size() const { return wanted_.size(); }

    /// Number of announcements that are held of `link`.
    [[nodiscard]] std::size_t announcements(LinkId link) const;
    /// Number of requests to `link` that wait for an answer.
    [[nodiscard]] std::size_t in_flight(LinkId link) const;

  private:
    struct Announcement {
        LinkId link;
        Instant due;
        /// It was asked and did not answer in time.
        bool has_failed = false;
    };

    struct Wanted {
        /// The order of first announcements.
        std::uint64_t sequence = 0;
        std::vector<Announcement> announcements;
        /// Who is asked, or will be as soon as it has room.
        std::optional<LinkId> assigned;
        /// When the request that was sent times out.
        std::optional<Instant> deadline;
        /// Where this stands in the schedule.
        std::optional<Instant> scheduled;
    };

    struct Announcer {
        std::set<wire::RelayId> announced;
        /// Assigned but not sent, by sequence.
        std::map<std::uint64_t, wire::RelayId> waiting;
        std::size_t in_flight = 0;
        /// Requests that timed out lately; halved by each answer.
        std::uint32_t timeouts = 0;
    };

    void schedule(const wire::RelayId& id, Wanted& wanted, std::optional<Instant> at);
    void schedule_next_announcer(const wire::RelayId& id, Wanted& wanted);
    void release(Wanted& wanted);
    void assign(const wire::RelayId& id, Wanted& wanted, Instant now);
    void move_waiting(LinkId link, Instant now);
    void remove_announcement(const wire::RelayId& id, LinkId link);

    std::map<wire::RelayId, Wanted> wanted_;
    std::map<LinkId, Announcer> announcers_;
    /// Unassigned transactions by when their next announcer is due, and sent requests by their
    /// deadline.
    std::set<std::tuple<Instant, std::uint64_t, wire::RelayId>> schedule_;
    std::uint64_t announced_ = 0;
};

}  // namespace cairn::node
