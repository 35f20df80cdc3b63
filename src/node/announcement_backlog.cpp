#include "cairn/node/announcement_backlog.hpp"

#include "cairn/base/assert.hpp"

#include <iterator>

namespace cairn::node {

void AnnouncementBacklog::insert(const Waiting& waiting) {
    erase(waiting.account);
    const Place value{.fee_rate = waiting.fee_rate, .arrival = ++arrivals_, .id = waiting.id};
    const auto place = places_.emplace(waiting.account, value).first;
    if (!is_head(place))
        return;
    if (const auto next = std::next(place); is_of(next, waiting.account.first))
        heads_.erase(rank_of(*next));
    heads_.insert(rank_of(*place));
}

void AnnouncementBacklog::erase(const Account& account) {
    if (const auto place = places_.find(account); place != places_.end())
        erase(place);
}

std::optional<AnnouncementBacklog::Waiting> AnnouncementBacklog::take() {
    if (heads_.empty())
        return std::nullopt;
    const auto place = places_.lower_bound({heads_.begin()->sender, Nonce{}});
    CAIRN_ASSERT(is_of(place, heads_.begin()->sender));
    const Waiting taken{
        .account = place->first, .fee_rate = place->second.fee_rate, .id = place->second.id};
    erase(place);
    return taken;
}

AnnouncementBacklog::Rank AnnouncementBacklog::rank_of(const Places::value_type& entry) {
    return {
        .fee_rate = entry.second.fee_rate,
        .arrival = entry.second.arrival,
        .sender = entry.first.first};
}

bool AnnouncementBacklog::is_head(Places::const_iterator place) const {
    return place == places_.begin() || !is_of(std::prev(place), place->first.first);
}

bool AnnouncementBacklog::is_of(Places::const_iterator place, const ledger::AccountId& sender)
    const {
    return place != places_.end() && place->first.first == sender;
}

void AnnouncementBacklog::erase(Places::iterator place) {
    const bool was_head = is_head(place);
    const auto sender = place->first.first;
    if (was_head)
        heads_.erase(rank_of(*place));
    const auto next = places_.erase(place);
    if (was_head && is_of(next, sender))
        heads_.insert(rank_of(*next));
}

}  // namespace cairn::node
