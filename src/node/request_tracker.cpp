#include "cairn/node/request_tracker.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/node/limits.hpp"

#include <algorithm>

namespace cairn::node {

void RequestTracker::announce(LinkId link, const wire::RelayId& id, Instant due) {
    auto& announcer = announcers_[link];
    if (announcer.announced.size() >= announcements_per_peer_max)
        return;
    if (!announcer.announced.insert(id).second)
        return;
    const auto [place, is_new] = wanted_.try_emplace(id);
    auto& wanted = place->second;
    if (is_new)
        wanted.sequence = announced_++;
    wanted.announcements.push_back({.link = link, .due = due});
    if (!wanted.assigned)
        schedule_next_announcer(id, wanted);
}

void RequestTracker::on_answer(LinkId link, const wire::RelayId& id) {
    announcers_[link].timeouts /= 2;
    forget(id);
}

void RequestTracker::on_missing(LinkId link, const wire::RelayId& id) {
    const auto announcer = announcers_.find(link);
    if (announcer == announcers_.end() || announcer->second.announced.erase(id) == 0)
        return;
    remove_announcement(id, link);
}

void RequestTracker::forget(const wire::RelayId& id) {
    const auto place = wanted_.find(id);
    if (place == wanted_.end())
        return;
    release(place->second);
    schedule(id, place->second, std::nullopt);
    for (const auto& announcement : place->second.announcements)
        announcers_[announcement.link].announced.erase(id);
    wanted_.erase(place);
}

void RequestTracker::forget_exhausted() {
    std::vector<wire::RelayId> exhausted;
    for (const auto& [id, wanted] : wanted_)
        if (!wanted.assigned && !wanted.scheduled)
            exhausted.push_back(id);
    for (const auto& id : exhausted)
        forget(id);
}

void RequestTracker::on_peer_gone(LinkId link) {
    const auto announcer = announcers_.find(link);
    if (announcer == announcers_.end())
        return;
    const auto announced = announcer->second.announced;
    for (const auto& id : announced)
        remove_announcement(id, link);
    announcers_.erase(link);
}

RequestTracker::Requests RequestTracker::take_requests(Instant now) {
    std::set<LinkId> slow;
    while (!schedule_.empty() && std::get<Instant>(*schedule_.begin()) <= now) {
        const auto id = std::get<wire::RelayId>(*schedule_.begin());
        auto& wanted = wanted_.at(id);
        schedule(id, wanted, std::nullopt);
        if (wanted.deadline) {
            const auto link = *wanted.assigned;
            release(wanted);
            ++announcers_.at(link).timeouts;
            for (auto& announcement : wanted.announcements)
                announcement.has_failed |= announcement.link == link;
            slow.insert(link);
        }
        assign(id, wanted, now);
    }
    for (const auto link : slow)
        move_waiting(link, now);

    Requests requests;
    for (auto& [link, announcer] : announcers_) {
        while (!announcer.waiting.empty() &&
               announcer.in_flight < transactions_in_flight_per_peer_max) {
            const auto id = announcer.waiting.begin()->second;
            announcer.waiting.erase(announcer.waiting.begin());
            ++announcer.in_flight;
            auto& wanted = wanted_.at(id);
            wanted.deadline = now + transaction_time_max;
            schedule(id, wanted, wanted.deadline);
            requests[link].push_back(id);
        }
    }
    return requests;
}

bool RequestTracker::is_asked(LinkId link, const wire::RelayId& id) const {
    const auto place = wanted_.find(id);
    if (place == wanted_.end())
        return false;
    const auto& wanted = place->second;
    if (wanted.assigned == link && wanted.deadline)
        return true;
    return std::any_of(
        wanted.announcements.begin(),
        wanted.announcements.end(),
        [link](const Announcement& announcement) {
            return announcement.link == link && announcement.has_failed;
        }
    );
}

std::optional<Instant> RequestTracker::next_wakeup() const {
    if (schedule_.empty())
        return std::nullopt;
    return std::get<Instant>(*schedule_.begin());
}

std::size_t RequestTracker::announcements(LinkId link) const {
    const auto announcer = announcers_.find(link);
    return announcer == announcers_.end() ? 0 : announcer->second.announced.size();
}

std::size_t RequestTracker::in_flight(LinkId link) const {
    const auto announcer = announcers_.find(link);
    return announcer == announcers_.end() ? 0 : announcer->second.in_flight;
}

void RequestTracker::schedule(const wire::RelayId& id, Wanted& wanted, std::optional<Instant> at) {
    if (wanted.scheduled)
        schedule_.erase({*wanted.scheduled, wanted.sequence, id});
    wanted.scheduled = at;
    if (at)
        schedule_.insert({*at, wanted.sequence, id});
}

void RequestTracker::schedule_next_announcer(const wire::RelayId& id, Wanted& wanted) {
    std::optional<Instant> earliest;
    for (const auto& announcement : wanted.announcements)
        if (!announcement.has_failed && (!earliest || announcement.due < *earliest))
            earliest = announcement.due;
    schedule(id, wanted, earliest);
}

/// Takes `wanted` from the peer that it is assigned to, if any.
void RequestTracker::release(Wanted& wanted) {
    if (!wanted.assigned)
        return;
    auto& announcer = announcers_.at(*wanted.assigned);
    if (wanted.deadline)
        --announcer.in_flight;
    else
        announcer.waiting.erase(wanted.sequence);
    wanted.assigned.reset();
    wanted.deadline.reset();
}

/// Gives `wanted`, which nobody is asked for, to the best announcer that is due.
void RequestTracker::assign(const wire::RelayId& id, Wanted& wanted, Instant now) {
    CAIRN_ASSERT(!wanted.assigned);
    using Rank = std::tuple<std::uint32_t, std::size_t>;
    std::optional<Rank> best_rank;
    std::optional<LinkId> best;
    for (const auto& announcement : wanted.announcements) {
        if (announcement.has_failed || announcement.due > now)
            continue;
        const auto& announcer = announcers_.at(announcement.link);
        const auto load = announcer.in_flight + announcer.waiting.size();
        const Rank rank{announcer.timeouts, load / transactions_in_flight_per_peer_max};
        if (!best_rank || rank < *best_rank) {
            best_rank = rank;
            best = announcement.link;
        }
    }
    if (!best) {
        schedule_next_announcer(id, wanted);
        return;
    }
    wanted.assigned = best;
    announcers_.at(*best).waiting.emplace(wanted.sequence, id);
}

/// Assigns anew what waits for a peer that has just let a request time out.
void RequestTracker::move_waiting(LinkId link, Instant now) {
    const auto waiting = announcers_.at(link).waiting;
    for (const auto& [sequence, id] : waiting) {
        auto& wanted = wanted_.at(id);
        release(wanted);
        assign(id, wanted, now);
    }
}

/// Removes the announcement of `id` by `link`, whose own list the caller has seen to.
void RequestTracker::remove_announcement(const wire::RelayId& id, LinkId link) {
    const auto place = wanted_.find(id);
    CAIRN_ASSERT(place != wanted_.end());
    auto& wanted = place->second;
    std::erase_if(wanted.announcements, [link](const Announcement& announcement) {
        return announcement.link == link;
    });
    if (wanted.assigned == link)
        release(wanted);
    if (wanted.announcements.empty()) {
        schedule(id, wanted, std::nullopt);
        wanted_.erase(place);
    } else if (!wanted.assigned) {
        schedule_next_announcer(id, wanted);
    }
}

}  // namespace cairn::node
