/// Where the wallet's secrets come from: a function that the program passes in.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace cairn::wallet {

/// Fills the bytes with randomness of the operating system, or returns false where it gives none.
/// The seeded `Random` of the core is never one.
using RandomSource = std::function<bool(std::span<std::uint8_t>)>;

}  // namespace cairn::wallet
