/// The list of a tracker: which nodes live where.
///
/// Rules (spec 10 §3):
/// 1. A node is known by its endpoint. Registering an endpoint again replaces its entry and its
///    token; the caller has proof that somebody there asked for it.
/// 2. An entry dies `lifetime` after its last sign of life, or when it is taken off.
/// 3. There are at most `entries_max` entries, and `entries_per_host_max` of one host. A full list
///    refuses; it drops nobody who lives.
/// 4. An answer is drawn at random, so that no place on the list is worth fighting for.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/node/events.hpp"
#include "cairn/wire/tracker_messages.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::tracker {

/// Why a node is not listed.
enum class RegistryError : std::uint8_t {
    full,                 ///< `entries_max` nodes live
    too_many_at_address,  ///< `entries_per_host_max` nodes live at this address
};
[[nodiscard]] std::string_view to_string(RegistryError error);

struct Entry {
    node::Endpoint endpoint;
    std::vector<ChainId> chains;
    wire::TrackerToken token;
    /// The last sign of life.
    UnixMillis seen;
    Instant expires;
};

class Registry {
  public:
    /// Tokens are hashes under `key`, so that nobody who has seen some can guess another.
    Registry(Duration lifetime, std::uint64_t key) : lifetime_{lifetime}, key_{key} {}

    /// Whether an entry for `endpoint` would be taken; `is_limited` counts those of its host.
    /// Errors: `full`, `too_many_at_address`.
    [[nodiscard]] Result<void, RegistryError> check(const node::Endpoint& endpoint, bool is_limited)
        const;
    /// Lists `endpoint`, for which `check` was passed, or lists it anew. Returns its token.
    wire::TrackerToken add(const node::Endpoint& endpoint, std::vector<ChainId> chains, Time now);
    /// How long the entry with `token` has given no sign of life; nothing when it is not that of
    /// `endpoint`.
    [[nodiscard]] std::optional<Duration> silence(
        const wire::TrackerToken& token, const node::Endpoint& endpoint, Instant now
    ) const;
    /// Lets the entry with `token` live on. False when it is not that of `endpoint`.
    [[nodiscard]] bool renew(
        const wire::TrackerToken& token, const node::Endpoint& endpoint, Time now
    );
    /// Takes the entry with `token` off the list. False when there is none, or when it belongs to
    /// another host.
    [[nodiscard]] bool remove(const wire::TrackerToken& token, const std::string& host);
    /// Takes off whose time has come.
    void expire(Instant now);

    /// Up to `count` different entries at random; with `chain`, only those that have it. Valid
    /// until the next change.
    [[nodiscard]] std::vector<const Entry*> draw(
        const std::optional<ChainId>& chain, std::size_t count, Random& random
    ) const;
    /// When the next entry dies.
    [[nodiscard]] std::optional<Instant> next_expiry() const;

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

  private:
    [[nodiscard]] wire::TrackerToken next_token();
    void erase(std::size_t place);
    void set_expiry(Entry& entry, Time now);

    Duration lifetime_;
    std::uint64_t key_;
    std::uint64_t tokens_ = 0;
    /// Dense, so that drawing is fast; the maps tell places in it.
    std::vector<Entry> entries_;
    std::map<node::Endpoint, std::size_t> by_endpoint_;
    std::map<wire::TrackerToken, std::size_t> by_token_;
    std::map<std::string, std::size_t> at_host_;
    std::set<std::pair<Instant, node::Endpoint>> expiries_;
};

}  // namespace cairn::tracker
