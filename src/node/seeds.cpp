#include "cairn/node/seeds.hpp"

#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

bool has_peers(const Context& context) {
    const auto count =
        std::count_if(context.peers.begin(), context.peers.end(), [](const auto& entry) {
            const Peer& peer = entry.second;
            return peer.direction == Direction::outbound && peer.kind == LinkKind::full;
        });
    const auto wanted = std::min(seed_peers_min, context.config.outbound_target);
    return static_cast<std::size_t>(count) >= wanted;
}

}  // namespace

Seeds::Seeds(const std::vector<Endpoint>& names) {
    for (const auto& name : names) {
        if (seeds_.size() < seeds_max)
            seeds_.push_back({.name = name, .rests_until = {}});
    }
}

void Seeds::on_peers_changed(const Context& context) {
    if (seeds_.empty() || has_peers(context))
        next_.reset();
    else if (!next_)
        next_ = context.now.steady + seed_patience;
}

void Seeds::on_time(Context& context) {
    const Instant now = context.now.steady;
    if (!next_ || now < *next_)
        return;
    std::vector<Seed*> due;
    Instant first_due = now + seed_rest;
    for (auto& seed : seeds_) {
        if (seed.rests_until <= now)
            due.push_back(&seed);
        else
            first_due = std::min(first_due, seed.rests_until);
    }
    if (due.empty()) {
        next_ = first_due;
        return;
    }
    Seed& chosen = *due[context.random.below(due.size())];
    chosen.rests_until = now + seed_rest;
    next_ = now + seed_patience;
    context.outbox.log(LogEvent::Level::info, "seed", "asked", {{"name", to_string(chosen.name)}});
    context.outbox.push(ResolveName{chosen.name});
}

void Seeds::on_resolved(const Context& context, const NameResolved& input) {
    const auto found = std::find_if(seeds_.begin(), seeds_.end(), [&input](const Seed& seed) {
        return seed.name == input.name;
    });
    if (found == seeds_.end())
        return;
    auto& list = lists_.emplace_back();
    list.source = seed_source(found->name);
    for (const auto& host : input.hosts) {
        if (list.addresses.size() < seed_addresses_max)
            list.addresses.push_back({host, input.name.port});
    }
    context.outbox.log(
        LogEvent::Level::info,
        "seed",
        "answered",
        {{"name", to_string(input.name)}, {"addresses", std::to_string(list.addresses.size())}}
    );
}

}  // namespace cairn::node
