/// What a block changes, as a value that can be applied, reverted, stored and compared.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/codec/binary.hpp"

#include <absl/container/inlined_vector.h>

#include <optional>
#include <vector>

namespace cairn::state {

/// Bytes of the longest state key, and of the longest value.
inline constexpr std::size_t state_key_bytes_max = 256;
inline constexpr std::size_t state_value_bytes_max = 64 * 1024;
/// Changes of one block: every transaction touches few keys.
inline constexpr std::size_t state_changes_max = 1'000'000;

/// @{
/// A key and a value that a change owns. Those of an account lie inside, without an allocation:
/// there are thousands in a block.
using StateKey = absl::InlinedVector<std::uint8_t, 40>;
using StateValue = absl::InlinedVector<std::uint8_t, 16>;

/// @}

[[nodiscard]] inline StateKey to_key(ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

[[nodiscard]] inline StateValue to_value(ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

/// One key's value before and after; nothing stands for an absent key.
struct StateChange {
    StateKey key;
    std::optional<StateValue> before;
    std::optional<StateValue> after;

    friend bool operator==(const StateChange&, const StateChange&) = default;
};

/// Changes sorted by key, each key once, `before` different from `after`.
struct StateDiff {
    std::vector<StateChange> changes;

    friend bool operator==(const StateDiff&, const StateDiff&) = default;
};

/// What undoing a block needs: the keys with their values before. The stored form of a diff.
[[nodiscard]] Bytes encode_undo(const StateDiff& diff);

/// The diff that undoes: `after` holds the values before the block. `before` is left for the state
/// to fill in. Errors: any `DecodeError` (the stored bytes were damaged).
[[nodiscard]] Result<StateDiff, codec::DecodeError> decode_undo(ByteView bytes);

}  // namespace cairn::state
