#include "cairn/tracker/registry.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/tracker/limits.hpp"

#include <algorithm>
#include <numeric>

namespace cairn::tracker {

std::string_view to_string(RegistryError error) {
    switch (error) {
        case RegistryError::full:
            return "full";
        case RegistryError::too_many_at_address:
            return "too_many_at_address";
    }
    return "unknown";
}

Result<void, RegistryError> Registry::check(const node::Endpoint& endpoint, bool is_limited) const {
    if (by_endpoint_.contains(endpoint))
        return {};
    const auto here = at_host_.find(endpoint.host);
    if (is_limited && here != at_host_.end() && here->second >= entries_per_host_max)
        return tl::unexpected{RegistryError::too_many_at_address};
    if (entries_.size() >= entries_max)
        return tl::unexpected{RegistryError::full};
    return {};
}

void Registry::set_expiry(Entry& entry, Time now) {
    expiries_.erase({entry.expires, entry.endpoint});
    entry.seen = now.wall;
    entry.expires = now.steady + lifetime_;
    expiries_.emplace(entry.expires, entry.endpoint);
}

wire::TrackerToken Registry::next_token() {
    codec::BinaryWriter writer;
    writer.write_fixed(key_);
    writer.write_fixed(++tokens_);
    const auto hash = crypto::sha256(writer.bytes());
    return *wire::TrackerToken::from_view(hash.view().first(wire::TrackerToken::size));
}

wire::TrackerToken Registry::add(
    const node::Endpoint& endpoint, std::vector<ChainId> chains, Time now
) {
    const auto [place, is_new] = by_endpoint_.try_emplace(endpoint, entries_.size());
    if (is_new) {
        entries_.emplace_back().endpoint = endpoint;
        ++at_host_[endpoint.host];
    }
    auto& entry = entries_[place->second];
    by_token_.erase(entry.token);
    entry.token = next_token();
    by_token_[entry.token] = place->second;
    entry.chains = std::move(chains);
    set_expiry(entry, now);
    return entry.token;
}

std::optional<Duration> Registry::silence(
    const wire::TrackerToken& token, const node::Endpoint& endpoint, Instant now
) const {
    const auto found = by_token_.find(token);
    if (found == by_token_.end() || entries_[found->second].endpoint != endpoint)
        return std::nullopt;
    return now + lifetime_ - entries_[found->second].expires;
}

bool Registry::renew(const wire::TrackerToken& token, const node::Endpoint& endpoint, Time now) {
    const auto found = by_token_.find(token);
    if (found == by_token_.end() || entries_[found->second].endpoint != endpoint)
        return false;
    set_expiry(entries_[found->second], now);
    return true;
}

bool Registry::remove(const wire::TrackerToken& token, const std::string& host) {
    const auto found = by_token_.find(token);
    if (found == by_token_.end() || entries_[found->second].endpoint.host != host)
        return false;
    erase(found->second);
    return true;
}

void Registry::expire(Instant now) {
    while (!expiries_.empty() && expiries_.begin()->first <= now)
        erase(by_endpoint_.at(expiries_.begin()->second));
}

void Registry::erase(std::size_t place) {
    const Entry& gone = entries_[place];
    expiries_.erase({gone.expires, gone.endpoint});
    by_token_.erase(gone.token);
    by_endpoint_.erase(gone.endpoint);
    const auto here = at_host_.find(gone.endpoint.host);
    if (--here->second == 0)
        at_host_.erase(here);
    // The last one takes the free place.
    if (place + 1 != entries_.size()) {
        entries_[place] = std::move(entries_.back());
        by_endpoint_[entries_[place].endpoint] = place;
        by_token_[entries_[place].token] = place;
    }
    entries_.pop_back();
}

std::vector<const Entry*> Registry::draw(
    const std::optional<ChainId>& chain, std::size_t count, Random& random
) const {
    // A shuffle that stops as soon as enough was drawn.
    std::vector<std::uint32_t> order(entries_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::vector<const Entry*> drawn;
    for (std::size_t i = 0; i < order.size() && drawn.size() < count; ++i) {
        std::swap(order[i], order[i + random.below(order.size() - i)]);
        const Entry& entry = entries_[order[i]];
        const auto& chains = entry.chains;
        if (!chain || std::find(chains.begin(), chains.end(), *chain) != chains.end())
            drawn.push_back(&entry);
    }
    return drawn;
}

std::optional<Instant> Registry::next_expiry() const {
    if (expiries_.empty())
        return std::nullopt;
    return expiries_.begin()->first;
}

}  // namespace cairn::tracker
