#include "cairn/node/addresses.hpp"

#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

template <class Value>
void shuffle(std::vector<Value>& values, Random& random) {
    for (std::size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[random.below(i)]);
}

wire::NodeAddress make_address(const Context& context, const Endpoint& endpoint) {
    return {
        .time = context.now.wall,
        .services = wire::service_full_blocks,
        .host = endpoint.host,
        .port = endpoint.port};
}

}  // namespace

Addresses::Addresses(const std::vector<Endpoint>& bootstrap, const Discouraged& discouraged)
    : discouraged_{discouraged} {
    for (const auto& endpoint : bootstrap) {
        if (known_.size() < known_addresses_max)
            known_[endpoint].is_wanted = true;
    }
}

void Addresses::on_peer_ready(Context& context, const Peer& peer) {
    auto& state = peers_[peer.link];
    state.tokens_at = context.now.steady;
    must_look_ = true;
    if (peer.direction == Direction::outbound) {
        auto& known = known_[peer.remote];
        known.reached_at = context.now.steady;
        known.failures = 0;
        known.nonce = peer.node_nonce;
        state.is_asked = true;
        state.tokens = wire::addresses_max;
        context.outbox.send(peer, wire::GetAddresses{});
    }
    if (!peer.listening || !is_gossipable(context, *peer.listening))
        return;
    if (learn(context, *peer.listening))
        relay(context, peer.link, {make_address(context, *peer.listening)});
    if (const auto found = known_.find(*peer.listening); found != known_.end()) {
        found->second.nonce = peer.node_nonce;
        found->second.reached_at = context.now.steady;
    }
}

void Addresses::on_peer_gone(Context&, LinkId link) {
    peers_.erase(link);
    must_look_ = true;
}

void Addresses::on_message(
    Context& context, const Peer& peer, const wire::GetAddresses&, std::uint32_t request
) {
    auto& state = peers_[peer.link];
    if (peer.direction != Direction::inbound || std::exchange(state.has_asked, true))
        return;
    std::vector<wire::NodeAddress> told;
    for (const auto& [endpoint, known] : known_) {
        const bool is_alive =
            known.reached_at && context.now.steady - *known.reached_at < reached_time_max;
        if (is_alive && !known.is_self && endpoint != peer.listening &&
            is_gossipable(context, endpoint))
            told.push_back(make_address(context, endpoint));
    }
    shuffle(told, context.random);
    std::size_t count = std::min<std::size_t>(told.size(), wire::addresses_max);
    if (told.size() > addresses_told_freely)
        count = std::min(count, told.size() * addresses_told_percent / 100);
    told.resize(count);
    context.outbox.send(peer, wire::Addresses{std::move(told)}, request);
}

void Addresses::on_message(
    Context& context, const Peer& peer, const wire::Addresses& message, std::uint32_t
) {
    auto& state = peers_[peer.link];
    const bool is_answer = std::exchange(state.is_asked, false);
    const auto earned = static_cast<std::uint64_t>(
        std::max<Duration::rep>(0, (context.now.steady - state.tokens_at) / address_interval)
    );
    state.tokens_at = state.tokens_at + address_interval * static_cast<Duration::rep>(earned);
    if (state.tokens < address_burst)
        state.tokens = std::min(address_burst, state.tokens + earned);
    std::vector<wire::NodeAddress> news;
    for (const auto& address : message.addresses) {
        if (state.tokens == 0)
            break;
        --state.tokens;
        const Endpoint endpoint{address.host, address.port};
        if (is_gossipable(context, endpoint) && learn(context, endpoint))
            news.push_back(make_address(context, endpoint));
    }
    if (!is_answer && !news.empty() && message.addresses.size() <= address_news_max)
        relay(context, peer.link, news);
}

void Addresses::on_tracker_list(Context& context, const TrackerList& list) {
    for (const auto& address : list.addresses) {
        const Endpoint endpoint{address.host, address.port};
        if (is_gossipable(context, endpoint) && learn(context, endpoint))
            known_.at(endpoint).tracker = list.tracker;
    }
}

void Addresses::on_identified(const Identified& identified) {
    const auto found = known_.find(identified.endpoint);
    if (found == known_.end())
        return;
    found->second.nonce = identified.node_nonce;
    found->second.is_self = identified.is_self;
}

void Addresses::on_link_gone(Context& context, const GoneLink& gone) {
    must_look_ = true;
    if (!gone.dialled)
        return;
    if (const auto found = known_.find(*gone.dialled); found != known_.end() && gone.was_ready) {
        // A link that lasted is no failure: its end is followed by a short rest only.
        const auto& reached_at = found->second.reached_at;
        if (reached_at && context.now.steady - *reached_at >= handshake_time_max)
            found->second.rest = Duration{0};
        found->second.reached_at = context.now.steady;
    }
    rest(context, *gone.dialled);
}

void Addresses::on_dial_failed(Context& context, const Endpoint& endpoint) {
    must_look_ = true;
    rest(context, endpoint);
}

void Addresses::on_time(Context& context) {
    must_look_ = true;
    dial(context);
}

void Addresses::add_peer(Context& context, const Endpoint& endpoint) {
    auto& known = known_[endpoint];
    known.is_wanted = true;
    known.is_manual = true;
    known.next_dial = context.now.steady;
    must_look_ = true;
}

bool Addresses::drop_peer(const Endpoint& endpoint) {
    const auto found = known_.find(endpoint);
    if (found == known_.end())
        return false;
    // Rests for good: what gossip tells of it again finds it known.
    found->second.is_wanted = false;
    found->second.is_manual = false;
    found->second.next_dial = Instant{Duration::max()};
    must_look_ = true;
    return true;
}

void Addresses::stop() {
    is_stopped_ = true;
    wakeup_.reset();
}

std::vector<Endpoint> Addresses::reached(Instant now) const {
    std::vector<Endpoint> result;
    for (const auto& [endpoint, known] : known_) {
        if (known.reached_at && !known.is_self && now - *known.reached_at < reached_time_max)
            result.push_back(endpoint);
    }
    return result;
}

bool Addresses::is_gossipable(const Context& context, const Endpoint& endpoint) const {
    return is_dialable_port(endpoint.port) && is_address_literal(endpoint.host) &&
           (context.config.local_network || is_public_address(endpoint.host)) &&
           std::find(context.config.trackers.begin(), context.config.trackers.end(), endpoint) ==
               context.config.trackers.end() &&
           !discouraged_.contains(endpoint.host, context.now.steady);
}

bool Addresses::learn(Context& context, const Endpoint& endpoint) {
    if (known_.contains(endpoint))
        return false;
    if (known_.size() >= known_addresses_max) {
        // Room is made by an address at random that never proved to be of use.
        const auto start = context.random.below(known_.size());
        auto victim = std::next(known_.begin(), static_cast<std::ptrdiff_t>(start));
        for (std::size_t i = 0; i < known_.size(); ++i) {
            const auto& known = victim->second;
            if (!known.is_wanted && !known.reached_at && known.state == State::idle)
                break;
            if (++victim == known_.end())
                victim = known_.begin();
        }
        if (victim->second.is_wanted || victim->second.reached_at ||
            victim->second.state != State::idle)
            return false;
        known_.erase(victim);
    }
    known_[endpoint].next_dial = context.now.steady;
    must_look_ = true;
    return true;
}

void Addresses::rest(Context& context, const Endpoint& endpoint) {
    const auto found = known_.find(endpoint);
    if (found == known_.end())
        return;
    auto& known = found->second;
    known.state = State::idle;
    ++known.failures;
    if (!known.is_wanted && !known.reached_at && known.failures >= dial_failures_max) {
        known_.erase(found);
        return;
    }
    known.rest = std::clamp<Duration>(known.rest * 2, redial_time_min, redial_time_max);
    const auto half = static_cast<std::uint64_t>(known.rest.count() / 2 + 1);
    // A dropped peer's rest has no end.
    if (known.next_dial.since_start != Duration::max())
        known.next_dial = context.now.steady + known.rest +
                          Duration{static_cast<Duration::rep>(context.random.below(half))};
}

void Addresses::relay(
    Context& context, LinkId from, const std::vector<wire::NodeAddress>& addresses
) {
    std::vector<const Peer*> others;
    for (const auto& [link, peer] : context.peers) {
        if (link != from)
            others.push_back(&peer);
    }
    shuffle(others, context.random);
    for (std::size_t i = 0; i < std::min(address_relay_peers, others.size()); ++i)
        context.outbox.send(*others[i], wire::Addresses{addresses});
}

bool Addresses::is_linked_otherwise(
    const Context& context, const Endpoint& endpoint, const Known& known
) {
    return std::any_of(context.peers.begin(), context.peers.end(), [&](const auto& entry) {
        const Peer& peer = entry.second;
        return peer.listening == endpoint || (known.nonce && peer.node_nonce == *known.nonce);
    });
}

void Addresses::start_dial(Context& context, const Endpoint& endpoint, Known& known) {
    known.state = State::dialling;
    context.outbox.push(Dial{endpoint});
}

void Addresses::dial(Context& context) {
    if (is_stopped_ || !std::exchange(must_look_, false))
        return;
    wakeup_.reset();
    std::size_t outbound = 0;
    std::map<std::size_t, std::size_t> of_tracker;
    std::vector<std::pair<const Endpoint, Known>*> wanted;
    std::vector<std::pair<const Endpoint, Known>*> others;
    for (auto& entry : known_) {
        const auto& [endpoint, known] = entry;
        if (known.state != State::idle) {
            ++outbound;
            if (known.tracker)
                ++of_tracker[*known.tracker];
            continue;
        }
        if (known.is_self || known.next_dial.since_start == Duration::max() ||
            discouraged_.contains(endpoint.host, context.now.steady) ||
            is_linked_otherwise(context, endpoint, known))
            continue;
        (known.is_wanted ? wanted : others).push_back(&entry);
    }
    shuffle(others, context.random);
    // Manual ones first: they do not compete for the free places.
    std::stable_partition(wanted.begin(), wanted.end(), [](const auto* entry) {
        return entry->second.is_manual;
    });
    wanted.insert(wanted.end(), others.begin(), others.end());
    const std::size_t target = std::min(context.config.outbound_target, peers_outbound_max);
    for (auto* entry : wanted) {
        auto& [endpoint, known] = *entry;
        if (!known.is_manual && outbound >= target)
            break;
        const std::size_t share = std::max<std::size_t>(target / tracker_share, 1);
        if (known.tracker && of_tracker[*known.tracker] >= share)
            continue;
        if (known.next_dial > context.now.steady) {
            wakeup_ = wakeup_ ? std::min(*wakeup_, known.next_dial) : known.next_dial;
            continue;
        }
        start_dial(context, endpoint, known);
        ++outbound;
        if (known.tracker)
            ++of_tracker[*known.tracker];
    }
}

}  // namespace cairn::node
