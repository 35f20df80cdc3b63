/// What the simulated network does to what nodes send.
#pragma once

#include "cairn/base/time.hpp"

#include <cstdint>

namespace cairn::sim {

/// Every number is a parameter of an experiment. One `SendBytes` is the unit that is lost or
/// doubled; on one link the order of what arrives is the order of what was sent.
struct NetworkModel {
    Duration latency_min = std::chrono::milliseconds{5};
    Duration latency_max = std::chrono::milliseconds{50};
    /// Of a thousand sendings, how many never arrive.
    std::uint32_t loss_per_mille = 0;
    /// Of a thousand sendings, how many arrive twice.
    std::uint32_t duplicates_per_mille = 0;
    /// A signature check or block check takes a random time up to this.
    Duration job_time_max = std::chrono::milliseconds{20};
    /// So does a commit that a sync has started.
    Duration commit_time_max = std::chrono::milliseconds{50};
    /// What each mining thread tries in a second of virtual time.
    std::uint64_t hashes_per_second = 1'000;
};

}  // namespace cairn::sim
