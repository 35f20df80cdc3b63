/// What the kernel knows of this process, under `/proc`.
#pragma once

#include <cstdint>

namespace cairn::metrics {

struct ProcessFacts {
    /// Of all threads, in user and kernel mode.
    double processor_seconds = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t open_descriptors = 0;
    std::uint64_t descriptors_max = 0;
};

/// As it is now. What cannot be read is 0.
[[nodiscard]] ProcessFacts read_process();

/// When this process was started, in seconds since 1970; 0 when that cannot be read.
[[nodiscard]] double process_start_seconds();

}  // namespace cairn::metrics
