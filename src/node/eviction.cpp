#include "cairn/node/eviction.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/crypto/sha256.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace cairn::node {
namespace {

using Candidates = std::vector<EvictionCandidate>;

Hash256 hash_of(const std::string& group, std::uint64_t key) {
    codec::BinaryWriter writer;
    writer.write_fixed(key);
    writer.write(as_bytes(group));
    return crypto::sha256(writer.bytes());
}

/// Takes the `count` best by `is_better` out of the candidates.
template <class IsBetter>
void keep(Candidates& candidates, std::size_t count, IsBetter is_better) {
    std::stable_sort(candidates.begin(), candidates.end(), is_better);
    const auto kept = static_cast<std::ptrdiff_t>(std::min(count, candidates.size()));
    candidates.erase(candidates.begin(), candidates.begin() + kept);
}

/// The same, for those alone that `may_be_kept`.
template <class IsBetter, class MayBeKept>
void keep_of(Candidates& candidates, std::size_t count, IsBetter is_better, MayBeKept may_be_kept) {
    const auto others = std::stable_partition(candidates.begin(), candidates.end(), may_be_kept);
    Candidates keepable{candidates.begin(), others};
    candidates.erase(candidates.begin(), others);
    keep(keepable, count, is_better);
    candidates.insert(candidates.end(), keepable.begin(), keepable.end());
}

bool is_older(const EvictionCandidate& left, const EvictionCandidate& right) {
    return std::tie(left.connected_at, left.link) < std::tie(right.connected_at, right.link);
}

bool has_newer_block(const EvictionCandidate& left, const EvictionCandidate& right) {
    return left.last_block != right.last_block ? left.last_block > right.last_block
                                               : is_older(left, right);
}

}  // namespace

std::optional<LinkId> choose_leaving(Candidates candidates, std::uint64_t key) {
    const auto discouraged =
        std::stable_partition(candidates.begin(), candidates.end(), [](const auto& candidate) {
            return candidate.is_discouraged;
        });
    if (discouraged != candidates.begin())
        return std::max_element(candidates.begin(), discouraged, is_older)->link;
    keep(candidates, kept_by_group, [key](const auto& left, const auto& right) {
        return hash_of(left.group, key) < hash_of(right.group, key);
    });
    keep_of(
        candidates,
        kept_by_latency,
        [](const auto& left, const auto& right) { return *left.latency < *right.latency; },
        [](const auto& candidate) { return candidate.latency.has_value(); }
    );
    keep_of(
        candidates,
        kept_by_transaction,
        [](const auto& left, const auto& right) {
            return *left.last_transaction > *right.last_transaction;
        },
        [](const auto& candidate) { return candidate.last_transaction.has_value(); }
    );
    keep_of(candidates, kept_block_only, has_newer_block, [](const auto& candidate) {
        return !candidate.relays_transactions && candidate.last_block;
    });
    keep_of(candidates, kept_by_block, has_newer_block, [](const auto& candidate) {
        return candidate.last_block.has_value();
    });
    keep(candidates, candidates.size() / 2, is_older);
    if (candidates.empty())
        return std::nullopt;
    std::map<std::string, Candidates> groups;
    for (const auto& candidate : candidates)
        groups[candidate.group].push_back(candidate);
    // Of groups of one size the one with the youngest link goes.
    const auto youngest = [](const Candidates& group) {
        return *std::max_element(group.begin(), group.end(), is_older);
    };
    const auto worst =
        std::max_element(groups.begin(), groups.end(), [&](const auto& left, const auto& right) {
            return left.second.size() != right.second.size()
                       ? left.second.size() < right.second.size()
                       : is_older(youngest(left.second), youngest(right.second));
        });
    return youngest(worst->second).link;
}

}  // namespace cairn::node
