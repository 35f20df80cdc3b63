/// Who leaves when a newcomer finds all inbound places taken (spec 10 §6, after Bitcoin Core).
///
/// Rules: some peers are kept for what an attacker cannot have much of, each by another measure, so
/// that one who surrounds us would have to lead in all of them; among the rest the youngest link of
/// the largest group goes. A newcomer always finds a place, and honest peers with a history keep
/// theirs.
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/events.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::node {

/// An inbound link, by what protects it.
struct EvictionCandidate {
    LinkId link;
    Instant connected_at;
    /// Of its network: see `group_of`.
    std::string group;
    std::optional<Duration> latency;
    /// When it last brought a block, or a transaction, that we did not have.
    std::optional<Instant> last_block;
    std::optional<Instant> last_transaction;
    bool relays_transactions = true;
    /// Its host sent what no honest node sends.
    bool is_discouraged = false;
};

/// @name How many are kept for what
/// @{
inline constexpr std::size_t kept_by_group = 4;
inline constexpr std::size_t kept_by_latency = 8;
inline constexpr std::size_t kept_by_transaction = 4;
inline constexpr std::size_t kept_block_only = 8;
inline constexpr std::size_t kept_by_block = 4;
/// @}

/// The link that makes room; nothing when all are kept. `key` orders groups in a way that nobody
/// else knows.
[[nodiscard]] std::optional<LinkId> choose_leaving(
    std::vector<EvictionCandidate> candidates, std::uint64_t key
);

}  // namespace cairn::node
