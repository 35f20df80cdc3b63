/// Amounts in sentences for people.
#pragma once

#include <cstdint>
#include <string>

namespace cairn::ledger {

/// `1 pebble`, `2 pebbles`.
[[nodiscard]] inline std::string pebbles_text(std::uint64_t amount) {
    return std::to_string(amount) + (amount == 1 ? " pebble" : " pebbles");
}

}  // namespace cairn::ledger
