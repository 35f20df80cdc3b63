/// Sets of relay ids that peers fill: bounded, and hashed so that nobody can choose collisions.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/wire/relay_messages.hpp"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace cairn::node {

/// A salted hash of relay ids. Peers may announce any 16 bytes, so the ids themselves are no hash.
struct RelayIdHash {
    std::uint64_t salt = 0;

    template <std::size_t Size, class Tag>
    [[nodiscard]] std::size_t operator()(const FixedBytes<Size, Tag>& id) const {
        static_assert(Size >= 16);
        constexpr std::uint64_t odd = 0x9e37'79b9'7f4a'7c15;
        std::uint64_t low = salt;
        std::uint64_t high = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            low ^= std::uint64_t{id.bytes[i]} << (8 * i);
            high |= std::uint64_t{id.bytes[8 + i]} << (8 * i);
        }
        low *= odd;
        low ^= low >> 32U;
        low = (low ^ high ^ (salt >> 7U)) * odd;
        return static_cast<std::size_t>(low ^ (low >> 29U));
    }
};

/// The relay ids inserted last, at most a maximum and at least half of it.
///
/// Two generations: when the young one holds half of the maximum it becomes the old one, and what
/// the old one held is forgotten. That costs no order list beside the ids themselves.
class RollingSet {
  public:
    /// Remembers at most `ids_max` ids, at least 2.
    RollingSet(std::uint64_t salt, std::size_t ids_max)
        : generation_max_{ids_max / 2}, young_{0, RelayIdHash{salt}}, old_{0, RelayIdHash{salt}} {}

    void insert(const wire::RelayId& id) {
        if (contains(id))
            return;
        if (young_.size() >= generation_max_) {
            std::swap(young_, old_);
            young_.clear();
        }
        young_.insert(id);
    }

    [[nodiscard]] bool contains(const wire::RelayId& id) const {
        return young_.contains(id) || old_.contains(id);
    }

    void clear() {
        young_.clear();
        old_.clear();
    }

    [[nodiscard]] std::size_t size() const { return young_.size() + old_.size(); }

  private:
    std::size_t generation_max_;
    absl::flat_hash_set<wire::RelayId, RelayIdHash> young_;
    absl::flat_hash_set<wire::RelayId, RelayIdHash> old_;
};

}  // namespace cairn::node
