// Whom `Addresses` dials, and for what.
#include "cairn/node/addresses.hpp"
#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {

LinkKind Addresses::kind_of(const Endpoint& endpoint) const {
    const auto found = known_.find(endpoint);
    return found == known_.end() ? LinkKind::full : found->second.kind;
}

bool Addresses::is_manual(const Endpoint& endpoint) const {
    const auto found = known_.find(endpoint);
    return found != known_.end() && found->second.is_manual;
}

void Addresses::wake_at(Instant at) {
    wakeup_ = wakeup_ ? std::min(*wakeup_, at) : at;
}

bool Addresses::is_linked_otherwise(
    const Context& context, const Endpoint& endpoint, const Known* known
) {
    return std::any_of(context.peers.begin(), context.peers.end(), [&](const auto& entry) {
        const Peer& peer = entry.second;
        return peer.listening == endpoint ||
               (known != nullptr && known->nonce && peer.node_nonce == *known->nonce);
    });
}

void Addresses::start_dial(
    Context& context, const Endpoint& endpoint, LinkKind kind, std::optional<std::string> source
) {
    Known& known = known_[endpoint];
    known.state = State::dialling;
    known.kind = kind;
    known.source = std::move(source);
    book_.on_attempt(endpoint, context.now.wall);
    context.outbox.push(Dial{endpoint});
}

Addresses::Slots Addresses::count_slots(const Context& context) const {
    Slots slots;
    for (const auto& [endpoint, known] : known_) {
        if (known.state != State::dialling)
            continue;
        slots.full += known.kind == LinkKind::full ? 1 : 0;
        slots.block_only += known.kind == LinkKind::block_only ? 1 : 0;
        slots.feelers += known.kind == LinkKind::feeler ? 1 : 0;
        slots.groups.insert(book_.group_of(endpoint));
        if (!known.source)
            continue;
        slots.full_of_book += known.kind == LinkKind::full ? 1 : 0;
        ++slots.of_source[*known.source];
    }
    for (const auto& [link, peer] : context.peers) {
        if (peer.direction == Direction::outbound && peer.kind == LinkKind::full)
            ++slots.ready;
    }
    return slots;
}

const Endpoint* Addresses::due_configured(const Context& context, bool is_manual) {
    for (const auto& [endpoint, known] : known_) {
        if (!known.is_wanted || known.is_manual != is_manual || known.state != State::idle ||
            known.is_self || known.next_dial.since_start == Duration::max() ||
            discouraged_.contains(endpoint.host, context.now.steady) ||
            is_linked_otherwise(context, endpoint, &known))
            continue;
        if (known.next_dial <= context.now.steady)
            return &endpoint;
        wake_at(known.next_dial);
    }
    return nullptr;
}

bool Addresses::may_dial(
    const Context& context, const Slots& slots, const AddressBook::Entry& entry
) {
    const auto found = known_.find(entry.endpoint);
    const Known* known = found == known_.end() ? nullptr : &found->second;
    const auto of_source = slots.of_source.find(entry.source);
    const std::size_t target = context.config.outbound_target;
    const std::size_t share = std::max<std::size_t>(target / list_share, 1);
    const bool is_out_of_share = is_list_source(entry.source) &&
                                 of_source != slots.of_source.end() && of_source->second >= share;
    const bool is_taken =
        known != nullptr && (known->state != State::idle || known->is_self || known->is_wanted ||
                             known->next_dial.since_start == Duration::max());
    if (is_taken || is_out_of_share ||
        discouraged_.contains(entry.endpoint.host, context.now.steady) ||
        slots.groups.contains(book_.group_of(entry.endpoint)) ||
        is_linked_otherwise(context, entry.endpoint, known))
        return false;
    if (known != nullptr && known->next_dial > context.now.steady) {
        wake_at(known->next_dial);
        return false;
    }
    return true;
}

const AddressBook::Entry* Addresses::due_of_book(Context& context, const Slots& slots) {
    if (book_.size() == 0)
        return nullptr;
    if (book_.size() > book_draws_max) {
        for (std::size_t i = 0; i < book_draws_max; ++i) {
            const auto* entry = book_.draw(context.random);
            if (may_dial(context, slots, *entry))
                return entry;
        }
        wake_at(context.now.steady + book_redraw_interval);
        return nullptr;
    }
    std::vector<const AddressBook::Entry*> due;
    for (const auto& [endpoint, entry] : book_.entries()) {
        if (may_dial(context, slots, entry))
            due.push_back(&entry);
    }
    if (due.empty())
        return nullptr;
    // Who worked before comes first.
    const auto tried_end = std::stable_partition(due.begin(), due.end(), [](const auto* entry) {
        return entry->is_tried;
    });
    const auto end = tried_end == due.begin() ? due.end() : tried_end;
    return due[context.random.below(static_cast<std::uint64_t>(end - due.begin()))];
}

void Addresses::dial_full(Context& context, Slots& slots, std::size_t target) {
    while (slots.full < target) {
        const bool prefers_book = slots.full_of_book < (target + 1) / 2;
        const auto* of_book = prefers_book ? due_of_book(context, slots) : nullptr;
        const auto* configured = of_book == nullptr ? due_configured(context, false) : nullptr;
        if (of_book == nullptr && configured == nullptr && !prefers_book)
            of_book = due_of_book(context, slots);
        if (of_book == nullptr && configured == nullptr)
            return;
        ++slots.full;
        if (configured != nullptr) {
            slots.groups.insert(book_.group_of(*configured));
            start_dial(context, Endpoint{*configured}, LinkKind::full);
            continue;
        }
        ++slots.full_of_book;
        ++slots.of_source[of_book->source];
        slots.groups.insert(book_.group_of(of_book->endpoint));
        start_dial(context, of_book->endpoint, LinkKind::full, of_book->source);
    }
}

void Addresses::dial_block_only(Context& context, Slots& slots) {
    while (slots.block_only < peers_block_only_max) {
        const auto* entry = due_of_book(context, slots);
        if (entry == nullptr)
            return;
        ++slots.block_only;
        ++slots.of_source[entry->source];
        slots.groups.insert(book_.group_of(entry->endpoint));
        start_dial(context, entry->endpoint, LinkKind::block_only, entry->source);
    }
}

void Addresses::dial_feeler(Context& context, Slots& slots) {
    if (context.now.steady < next_feeler_) {
        wake_at(next_feeler_);
        return;
    }
    next_feeler_ = context.now.steady + feeler_interval;
    wake_at(next_feeler_);
    if (slots.feelers > 0 || book_.size() == 0)
        return;
    const auto contested = book_.contested();
    const auto* entry = contested ? book_.find(*contested) : book_.draw(context.random, true);
    // A test of a contested place may meet a link that stands: that is an answer.
    if (contested && entry != nullptr && is_linked_otherwise(context, *contested, nullptr)) {
        book_.on_worked(*contested, context.now.wall);
        return;
    }
    if (entry != nullptr && may_dial(context, slots, *entry))
        start_dial(context, entry->endpoint, LinkKind::feeler, entry->source);
}

void Addresses::give_back(Context& context, const Slots& slots, std::size_t target) {
    if (slots.full >= target)
        return;
    for (const auto& [link, peer] : context.peers) {
        if (peer.direction != Direction::outbound || peer.kind != LinkKind::block_only)
            continue;
        const Instant until = peer.connected_at + block_only_patience;
        if (until <= context.now.steady)
            leaving_.push_back(link);
        else
            wake_at(until);
    }
}

void Addresses::dial(Context& context) {
    if (is_stopped_ || !std::exchange(must_look_, false))
        return;
    wakeup_.reset();
    book_.settle_contests(context.now.wall);
    Slots slots = count_slots(context);
    // Manual ones do not compete for the free places.
    while (const Endpoint* manual = due_configured(context, true)) {
        ++slots.full;
        start_dial(context, Endpoint{*manual}, LinkKind::full);
    }
    std::size_t target = context.config.outbound_target;
    if (target == 0)
        return;
    const bool is_complete = slots.ready >= target;
    target += wants_extra_ ? 1 : 0;
    dial_full(context, slots, target);
    if (is_complete)
        dial_block_only(context, slots);
    else
        give_back(context, slots, target);
    dial_feeler(context, slots);
}

}  // namespace cairn::node
