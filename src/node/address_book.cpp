#include "cairn/node/address_book.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/node/addresses.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

constexpr std::uint64_t day_ms = 24ULL * 3600 * 1000;
constexpr std::uint64_t told_time_max = 30 * day_ms;
constexpr std::uint64_t failing_time_max = 7 * day_ms;
constexpr std::uint32_t failures_unproven_max = 3;
constexpr std::uint32_t failures_proven_max = 10;
/// Who worked or failed within this time counts as tested.
constexpr std::uint64_t test_time = 4ULL * 3600 * 1000;
/// A dial that did not work by then has failed.
constexpr std::uint64_t dial_time = 60'000;
constexpr std::uint64_t contest_time_max = 40ULL * 60 * 1000;

std::uint64_t passed(UnixMillis since, UnixMillis now) {
    return now.value > since.value ? now.value - since.value : 0;
}

}  // namespace

std::string group_of(const Endpoint& endpoint, bool local_network, const AsMap* systems) {
    const std::string& host = endpoint.host;
    if (local_network || !is_public_address(host))
        return to_string(endpoint);
    if (const auto system = systems == nullptr ? 0 : systems->system_of(host); system != 0)
        return "AS" + std::to_string(system);
    if (host.find(':') == std::string::npos)
        return host.substr(0, host.find('.', host.find('.') + 1));
    // Public IPv6 literals have a full first group; the second may be empty.
    const auto end = host.find(':', 5);
    auto second = host.substr(5, end == std::string::npos ? end : end - 5);
    second.erase(0, std::min(second.find_first_not_of('0'), second.size()));
    auto group = host.substr(0, 5) + second;
    for (char& letter : group) {
        if (letter >= 'A' && letter <= 'F')
            letter = static_cast<char>(letter - 'A' + 'a');
    }
    return group;
}

AddressBook::AddressBook(
    bool local_network, std::uint64_t key, std::shared_ptr<const AsMap> systems
)
    : local_network_{local_network},
      systems_{std::move(systems)},
      key_{key},
      new_(new_buckets * bucket_places),
      tried_(tried_buckets * bucket_places) {}

std::string AddressBook::group_of(const Endpoint& endpoint) const {
    return node::group_of(endpoint, local_network_, systems_.get());
}

std::uint64_t AddressBook::hash(
    std::string_view purpose, std::string_view text, std::uint64_t number
) const {
    codec::BinaryWriter writer;
    writer.write_fixed(key_);
    writer.write(as_bytes(purpose));
    writer.write_fixed(number);
    writer.write(as_bytes(text));
    const auto digest = crypto::sha256(writer.bytes());
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < sizeof(result); ++i)
        result |= std::uint64_t{digest.bytes[i]} << (8 * i);
    return result;
}

std::size_t AddressBook::position(bool is_tried, std::size_t bucket, const Endpoint& endpoint)
    const {
    return hash(is_tried ? "tried place" : "new place", to_string(endpoint), bucket) %
           bucket_places;
}

AddressBook::Place AddressBook::place_in_new(const Endpoint& endpoint, const std::string& source)
    const {
    const auto lane =
        hash("new lane", group_of(endpoint) + " " + source, 0) % new_buckets_per_source;
    const std::size_t bucket = hash("new bucket", source, lane) % new_buckets;
    return {.is_tried = false, .bucket = bucket, .position = position(false, bucket, endpoint)};
}

AddressBook::Place AddressBook::place_in_tried(const Endpoint& endpoint) const {
    const auto lane = hash("tried lane", to_string(endpoint), 0) % tried_buckets_per_group;
    const std::size_t bucket = hash("tried bucket", group_of(endpoint), lane) % tried_buckets;
    return {.is_tried = true, .bucket = bucket, .position = position(true, bucket, endpoint)};
}

AddressBook::Entry*& AddressBook::slot(const Place& place) {
    return (place.is_tried ? tried_ : new_)[place.bucket * bucket_places + place.position];
}

const AddressBook::Entry* AddressBook::at(const Place& place) const {
    return (place.is_tried ? tried_ : new_)[place.bucket * bucket_places + place.position];
}

const AddressBook::Entry* AddressBook::find(const Endpoint& endpoint) const {
    const auto found = entries_.find(endpoint);
    return found == entries_.end() ? nullptr : &found->second;
}

bool AddressBook::is_useless(const Entry& entry, UnixMillis now) {
    if (passed(entry.attempted, now) < dial_time)
        return false;
    if (passed(entry.told, now) > told_time_max)
        return true;
    if (entry.worked.value == 0)
        return entry.failures >= failures_unproven_max;
    return entry.failures >= failures_proven_max && passed(entry.worked, now) > failing_time_max;
}

bool AddressBook::add(
    const Endpoint& endpoint, const std::string& source, UnixMillis now, Random& random
) {
    const auto known = entries_.find(endpoint);
    if (known != entries_.end()) {
        Entry& entry = known->second;
        entry.told = std::max(entry.told, now);
        if (entry.is_tried || entry.references >= references_max)
            return false;
        if (!random.chance(1, std::uint64_t{1} << entry.references))
            return false;
    }
    Entry*& holder = slot(place_in_new(endpoint, source));
    if (holder != nullptr) {
        if (holder->endpoint == endpoint)
            return false;
        const bool stands_elsewhere = holder->references > 1 && known == entries_.end();
        if (!is_useless(*holder, now) && !stands_elsewhere)
            return false;
        clear_new(holder);
    }
    auto& entry = entries_[endpoint];
    const bool is_news = known == entries_.end();
    if (is_news) {
        entry.endpoint = endpoint;
        entry.source = source;
        entry.told = now;
    }
    holder = &entry;
    ++entry.references;
    return is_news;
}

void AddressBook::clear_new(Entry*& slot) {
    Entry& holder = *slot;
    slot = nullptr;
    if (--holder.references == 0 && !holder.is_tried) {
        contests_.erase(holder.endpoint);
        // A copy: the key lives in the entry that goes.
        entries_.erase(Endpoint{holder.endpoint});
    }
}

void AddressBook::leave_new(Entry& entry) {
    // Its places hang on who told it, which is not kept: all have to be looked at, but moves to
    // `tried` are as rare as handshakes.
    for (auto& holder : new_) {
        if (entry.references == 0)
            return;
        if (holder == &entry) {
            holder = nullptr;
            --entry.references;
        }
    }
}

void AddressBook::put_in_new(Entry& entry) {
    Entry*& place = slot(place_in_new(entry.endpoint, entry.source));
    if (place == &entry)
        return;
    if (place != nullptr)
        clear_new(place);
    place = &entry;
    ++entry.references;
}

void AddressBook::move_to_tried(Entry& entry) {
    leave_new(entry);
    Entry*& place = slot(place_in_tried(entry.endpoint));
    Entry* const holder = place;
    place = &entry;
    entry.is_tried = true;
    ++tried_count_;
    if (holder != nullptr) {
        holder->is_tried = false;
        --tried_count_;
        put_in_new(*holder);
    }
}

void AddressBook::on_attempt(const Endpoint& endpoint, UnixMillis now) {
    const auto found = entries_.find(endpoint);
    if (found == entries_.end())
        return;
    found->second.attempted = now;
    ++found->second.failures;
}

void AddressBook::on_worked(const Endpoint& endpoint, UnixMillis now) {
    const auto found = entries_.find(endpoint);
    if (found == entries_.end())
        return;
    Entry& entry = found->second;
    entry.worked = now;
    entry.attempted = now;
    entry.told = std::max(entry.told, now);
    entry.failures = 0;
    if (entry.is_tried)
        return;
    if (at(place_in_tried(endpoint)) == nullptr) {
        contests_.erase(endpoint);
        move_to_tried(entry);
    } else if (contests_.size() < contests_max)
        contests_.emplace(endpoint, now);
}

void AddressBook::settle_contests(UnixMillis now) {
    for (auto contest = contests_.begin(); contest != contests_.end();) {
        const auto [endpoint, since] = *contest;
        Entry& waiting = entries_.at(endpoint);
        const Entry* holder = at(place_in_tried(endpoint));
        // `worked` and `attempted` are one when the last dial succeeded.
        const bool is_alive = holder != nullptr && passed(holder->worked, now) < test_time &&
                              holder->worked >= holder->attempted;
        const bool has_failed = holder != nullptr && holder->worked < holder->attempted &&
                                passed(holder->attempted, now) < test_time &&
                                passed(holder->attempted, now) >= dial_time;
        const bool is_over =
            holder == nullptr || has_failed || passed(since, now) >= contest_time_max;
        if (!is_alive && !is_over) {
            ++contest;
            continue;
        }
        contest = contests_.erase(contest);
        if (!is_alive) {
            move_to_tried(waiting);
            // The holder that went back may have pushed another waiting one out.
            contest = contests_.lower_bound(endpoint);
        }
    }
}

void AddressBook::remove(const Endpoint& endpoint) {
    const auto found = entries_.find(endpoint);
    if (found == entries_.end())
        return;
    Entry& entry = found->second;
    leave_new(entry);
    if (entry.is_tried) {
        slot(place_in_tried(endpoint)) = nullptr;
        --tried_count_;
    }
    contests_.erase(endpoint);
    entries_.erase(found);
}

const AddressBook::Entry* AddressBook::draw_from(const std::vector<Entry*>& table, Random& random) {
    const std::size_t buckets = table.size() / bucket_places;
    const std::size_t first = random.below(buckets);
    const std::size_t start = random.below(bucket_places);
    // The first bucket that is not empty: most are not, where it matters.
    for (std::size_t i = 0; i < buckets; ++i) {
        const std::size_t bucket = (first + i) % buckets * bucket_places;
        for (std::size_t j = 0; j < bucket_places; ++j) {
            if (const Entry* entry = table[bucket + (start + j) % bucket_places])
                return entry;
        }
    }
    return nullptr;
}

const AddressBook::Entry* AddressBook::draw(Random& random, std::optional<bool> is_new) const {
    const bool from_new = is_new.value_or(
        tried_count_ == 0 || (tried_count_ < entries_.size() && random.chance(1, 2))
    );
    return draw_from(from_new ? new_ : tried_, random);
}

std::optional<Endpoint> AddressBook::contested() const {
    for (const auto& [endpoint, since] : contests_) {
        if (const Entry* holder = at(place_in_tried(endpoint)))
            return holder->endpoint;
    }
    return std::nullopt;
}

void AddressBook::restore(const std::vector<SavedAddress>& saved, UnixMillis now) {
    for (const auto& address : saved) {
        if (entries_.contains(address.endpoint))
            continue;
        const auto place = address.is_tried ? place_in_tried(address.endpoint)
                                            : place_in_new(address.endpoint, address.source);
        if (at(place) != nullptr)
            continue;
        Entry& entry = entries_[address.endpoint];
        entry.endpoint = address.endpoint;
        entry.source = address.source;
        // A clock that ran ahead must not keep them for ever.
        entry.told = std::min(address.told, now);
        entry.worked = std::min(address.worked, now);
        entry.failures = address.failures;
        entry.is_tried = address.is_tried;
        entry.references = address.is_tried ? 0 : 1;
        tried_count_ += address.is_tried ? 1 : 0;
        slot(place) = &entry;
    }
}

std::vector<SavedAddress> AddressBook::save() const {
    std::vector<SavedAddress> saved;
    saved.reserve(entries_.size());
    for (const auto& [endpoint, entry] : entries_)
        saved.push_back(
            {.endpoint = endpoint,
             .source = entry.source,
             .told = entry.told,
             .worked = entry.worked,
             .failures = entry.failures,
             .is_tried = entry.is_tried}
        );
    return saved;
}

}  // namespace cairn::node
