/// The randomness of the operating system, for keys.
#pragma once

#include <cstdint>
#include <span>

namespace cairn::app {

/// Fills `bytes` by getrandom(2), which keeps no state in the process: a fork or a thread never
/// repeats another's bytes. False where the kernel gives none.
[[nodiscard]] bool fill_from_system(std::span<std::uint8_t> bytes);

}  // namespace cairn::app
