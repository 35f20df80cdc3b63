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

Addresses::Addresses(const NodeConfig& config, const Discouraged& discouraged, std::uint64_t key)
    : discouraged_{discouraged},
      local_network_{config.local_network},
      book_{
          config.local_network,
          config.saved_peers.key == 0 ? key : config.saved_peers.key,
          config.as_map},
      saved_{config.saved_peers.addresses},
      anchors_{config.saved_peers.anchors} {
    if (anchors_.size() > peers_block_only_max)
        anchors_.resize(peers_block_only_max);
    for (const auto& endpoint : config.bootstrap) {
        if (known_.size() < known_addresses_max)
            known_[endpoint].is_wanted = true;
    }
}

void Addresses::start(Context& context) {
    book_.restore(std::exchange(saved_, {}), context.now.wall);
    is_started_ = true;
    next_feeler_ = context.now.steady + feeler_interval;
    next_save_ = context.now.steady + save_peers_interval;
    if (context.config.outbound_target == 0)
        return;
    for (const auto& endpoint : anchors_) {
        if (known_[endpoint].state == State::idle)
            start_dial(context, endpoint, LinkKind::block_only);
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
        if (is_gossipable(context, peer.remote))
            book_.add(peer.remote, book_.group_of(peer.remote), context.now.wall, context.random);
        book_.on_worked(peer.remote, context.now.wall);
        if (peer.kind == LinkKind::feeler)
            leaving_.push_back(peer.link);
        if (peer.kind == LinkKind::block_only)
            note_anchors(context);
        if (peer.kind != LinkKind::full)
            return;
        state.is_asked = true;
        state.tokens = wire::addresses_max;
        context.outbox.send(peer, wire::GetAddresses{});
    }
    if (!peer.listening || !is_gossipable(context, *peer.listening))
        return;
    const bool is_news = book_.add(
        *peer.listening, book_.group_of(*peer.listening), context.now.wall, context.random
    );
    if (is_news)
        relay(context, peer.link, {make_address(context, *peer.listening)});
    if (Known* known = remember(context, *peer.listening)) {
        known->nonce = peer.node_nonce;
        known->reached_at = context.now.steady;
    }
}

Addresses::Known* Addresses::remember(Context& context, const Endpoint& endpoint) {
    if (known_.size() >= known_addresses_max && !known_.contains(endpoint)) {
        std::erase_if(known_, [&](const auto& entry) {
            const Known& known = entry.second;
            const bool is_fresh =
                known.reached_at && context.now.steady - *known.reached_at < reached_time_max;
            return known.state == State::idle && !known.is_wanted && !known.is_self && !is_fresh &&
                   known.next_dial <= context.now.steady;
        });
        if (known_.size() >= known_addresses_max)
            return nullptr;
    }
    return &known_[endpoint];
}

void Addresses::on_peer_gone(Context&, LinkId link) {
    peers_.erase(link);
    must_look_ = true;
}

std::vector<wire::NodeAddress> Addresses::local_answer(const Context& context, const Peer& peer)
    const {
    std::vector<wire::NodeAddress> told;
    for (const auto& endpoint : reached(context.now.steady)) {
        if (endpoint != peer.listening && is_gossipable(context, endpoint))
            told.push_back(make_address(context, endpoint));
    }
    return told;
}

const std::vector<wire::NodeAddress>& Addresses::public_answer(Context& context) {
    if (!told_.empty() && context.now.steady < told_until_)
        return told_;
    told_.clear();
    for (const auto& [endpoint, entry] : book_.entries()) {
        if (entry.worked.value == 0 || AddressBook::is_useless(entry, context.now.wall) ||
            !is_gossipable(context, endpoint))
            continue;
        told_.push_back(make_address(context, endpoint));
        told_.back().time = entry.worked;
    }
    shuffle(told_, context.random);
    told_.resize(std::min(told_.size() * addresses_told_percent / 100, wire::addresses_max));
    const auto spread =
        static_cast<std::uint64_t>((told_addresses_time_max - told_addresses_time_min).count());
    told_until_ = context.now.steady + told_addresses_time_min +
                  Duration{static_cast<Duration::rep>(context.random.below(spread + 1))};
    return told_;
}

void Addresses::on_message(
    Context& context, const Peer& peer, const wire::GetAddresses&, std::uint32_t request
) {
    auto& state = peers_[peer.link];
    if (peer.direction != Direction::inbound || std::exchange(state.has_asked, true))
        return;
    wire::Addresses answer;
    if (!local_network_) {
        answer.addresses = public_answer(context);
    } else {
        answer.addresses = local_answer(context, peer);
        shuffle(answer.addresses, context.random);
        std::size_t count = std::min<std::size_t>(answer.addresses.size(), wire::addresses_max);
        if (answer.addresses.size() > addresses_told_freely)
            count = std::min(count, answer.addresses.size() * addresses_told_percent / 100);
        answer.addresses.resize(count);
    }
    context.outbox.send(peer, answer, request);
}

void Addresses::on_message(
    Context& context, const Peer& peer, const wire::Addresses& message, std::uint32_t
) {
    // Who relays blocks alone must not be found by the addresses that it passes on.
    if (peer.kind != LinkKind::full)
        return;
    auto& state = peers_[peer.link];
    const bool is_answer = std::exchange(state.is_asked, false);
    const auto earned = static_cast<std::uint64_t>(
        std::max<Duration::rep>(0, (context.now.steady - state.tokens_at) / address_interval)
    );
    state.tokens_at = state.tokens_at + address_interval * static_cast<Duration::rep>(earned);
    if (state.tokens < address_burst)
        state.tokens = std::min(address_burst, state.tokens + earned);
    const auto source = book_.group_of(peer.remote);
    std::vector<wire::NodeAddress> news;
    for (const auto& address : message.addresses) {
        if (state.tokens == 0)
            break;
        --state.tokens;
        const Endpoint endpoint{address.host, address.port};
        if (is_gossipable(context, endpoint) &&
            book_.add(endpoint, source, context.now.wall, context.random))
            news.push_back(make_address(context, endpoint));
    }
    must_look_ = must_look_ || !news.empty();
    if (!is_answer && !news.empty() && message.addresses.size() <= address_news_max)
        relay(context, peer.link, news);
}

void Addresses::on_list(Context& context, const AddressList& list) {
    for (const auto& endpoint : list.addresses) {
        if (is_gossipable(context, endpoint) &&
            book_.add(endpoint, list.source, context.now.wall, context.random))
            must_look_ = true;
    }
}

void Addresses::on_identified(const Identified& identified) {
    const auto found = known_.find(identified.endpoint);
    if (found == known_.end())
        return;
    found->second.nonce = identified.node_nonce;
    found->second.is_self = identified.is_self;
    if (identified.is_self)
        book_.remove(identified.endpoint);
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
        if (found->second.kind != LinkKind::feeler)
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
    if (context.now.steady >= next_save_)
        save(context);
}

std::optional<Instant> Addresses::next_wakeup() const {
    if (is_stopped_ || !is_started_)
        return std::nullopt;
    return wakeup_ ? std::min(*wakeup_, next_save_) : next_save_;
}

void Addresses::note_anchors(const Context& context) {
    std::vector<Endpoint> anchors;
    for (const auto& [link, peer] : context.peers) {
        if (peer.direction == Direction::outbound && peer.kind == LinkKind::block_only)
            anchors.push_back(peer.remote);
    }
    std::sort(anchors.begin(), anchors.end());
    if (anchors == anchors_)
        return;
    anchors_ = std::move(anchors);
    next_save_ = std::min(next_save_, context.now.steady + save_anchors_delay);
}

void Addresses::save(Context& context) {
    next_save_ = context.now.steady + save_peers_interval;
    auto peers = std::make_shared<SavedPeers>();
    peers->key = book_.key();
    peers->addresses = book_.save();
    peers->anchors = anchors_;
    context.outbox.push(SavePeers{std::move(peers)});
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
    if (found == known_.end() && book_.find(endpoint) == nullptr)
        return false;
    // Rests for good: what gossip tells of it again finds it known.
    auto& known = known_[endpoint];
    known.is_wanted = false;
    known.is_manual = false;
    known.next_dial = Instant{Duration::max()};
    book_.remove(endpoint);
    must_look_ = true;
    return true;
}

void Addresses::set_extra(bool is_wanted) {
    must_look_ = must_look_ || wants_extra_ != is_wanted;
    wants_extra_ = is_wanted;
}

void Addresses::stop(Context& context) {
    if (is_started_ && !is_stopped_)
        save(context);
    is_stopped_ = true;
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
    const auto& trackers = context.config.trackers;
    return is_dialable_port(endpoint.port) && is_address_literal(endpoint.host) &&
           (local_network_ || is_public_address(endpoint.host)) &&
           std::find(trackers.begin(), trackers.end(), endpoint) == trackers.end() &&
           !discouraged_.contains(endpoint.host, context.now.steady);
}

void Addresses::rest(Context& context, const Endpoint& endpoint) {
    const auto found = known_.find(endpoint);
    if (found == known_.end())
        return;
    auto& known = found->second;
    known.state = State::idle;
    ++known.failures;
    if (!known.is_wanted && !known.reached_at && known.failures >= dial_failures_max) {
        const auto* entry = book_.find(endpoint);
        if (entry != nullptr && !entry->is_tried)
            book_.remove(endpoint);
        known_.erase(found);
        return;
    }
    const auto rest_max = known.is_wanted ? redial_time_max : redial_gossiped_time_max;
    known.rest = std::clamp<Duration>(known.rest * 2, redial_time_min, rest_max);
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
        if (link != from && peer.relays_transactions)
            others.push_back(&peer);
    }
    shuffle(others, context.random);
    for (std::size_t i = 0; i < std::min(address_relay_peers, others.size()); ++i)
        context.outbox.send(*others[i], wire::Addresses{addresses});
}

}  // namespace cairn::node
