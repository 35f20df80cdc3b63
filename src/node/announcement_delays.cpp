#include "cairn/node/announcement_delays.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/node/exponential.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cairn::node {

AnnouncementDelays::Group AnnouncementDelays::group_of(const Peer& peer) {
    return peer.direction == Direction::outbound ? Group{peer.link} : std::nullopt;
}

void AnnouncementDelays::join(const Group& group) {
    groups_.try_emplace(group, State{.next = first_ + list_.size(), .due = std::nullopt});
}

void AnnouncementDelays::leave(LinkId link) {
    groups_.erase(link);
    trim();
}

void AnnouncementDelays::schedule(const Group& group, Instant now, Random& random) {
    auto& due = groups_.at(group).due;
    if (!due)
        due = now + exponential_gap(random, group ? outbound_delay_mean : inbound_delay_mean);
}

void AnnouncementDelays::add(const std::vector<Delayed>& batch, Instant now, Random& random) {
    CAIRN_ASSERT(batch.size() <= room());
    if (batch.empty())
        return;
    list_.insert(list_.end(), batch.begin(), batch.end());
    for (const auto& [group, state] : groups_)
        schedule(group, now, random);
    trim();
}

std::vector<AnnouncementDelays::Group> AnnouncementDelays::due(Instant now) const {
    std::vector<Group> found;
    for (const auto& [group, state] : groups_)
        if (state.due && (*state.due <= now || room() == 0))
            found.push_back(group);
    return found;
}

std::vector<AnnouncementDelays::Delayed> AnnouncementDelays::take(const Group& group) {
    auto& state = groups_.at(group);
    const auto got = static_cast<std::ptrdiff_t>(state.next - first_);
    std::vector<Delayed> taken{std::next(list_.begin(), got), list_.end()};
    state = {.next = first_ + list_.size(), .due = std::nullopt};
    trim();
    return taken;
}

std::optional<Instant> AnnouncementDelays::next_wakeup() const {
    std::optional<Instant> next;
    for (const auto& [group, state] : groups_)
        if (state.due && (!next || *state.due < *next))
            next = state.due;
    return next;
}

void AnnouncementDelays::trim() {
    std::uint64_t keep = first_ + list_.size();
    for (const auto& [group, state] : groups_)
        keep = std::min(keep, state.next);
    const auto passed = static_cast<std::ptrdiff_t>(keep - std::exchange(first_, keep));
    list_.erase(list_.begin(), std::next(list_.begin(), passed));
}

}  // namespace cairn::node
