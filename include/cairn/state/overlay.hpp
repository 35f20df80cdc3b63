/// A journalled overlay: changes on top of a view, with checkpoints to fall back to.
#pragma once

#include "cairn/state/diff.hpp"
#include "cairn/state/view.hpp"

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace cairn::state {

/// Collects changes without touching `base`, which must outlive it and not change meanwhile.
class Overlay final : public StateView {
  public:
    explicit Overlay(const StateView& base) : base_{base} {}

    // The index refers to the entries' keys, so copies would dangle. An overlay over another takes
    // it as a `const StateView&`.
    Overlay(const Overlay&) = delete;
    Overlay& operator=(const Overlay&) = delete;
    ~Overlay() override = default;

    [[nodiscard]] std::optional<ByteView> find(ByteView key) const override;

    /// Neither `key` nor `value` may be longer than `state_key_bytes_max` and
    /// `state_value_bytes_max`.
    void set(ByteView key, ByteView value);
    void erase(ByteView key);
    /// Writes an account; one of zeros is erased.
    void write_account(const ledger::AccountId& account, const AccountState& value);

    /// Makes room for `keys` more written keys at once.
    void reserve(std::size_t keys) { index_.reserve(index_.size() + keys); }

    /// A mark to return to.
    [[nodiscard]] std::size_t checkpoint() const { return journal_.size(); }

    /// Undoes everything since `mark`. Marks taken later are void.
    void rollback(std::size_t mark);

    /// All changes against the base, sorted by key; keys set to what they were are left out.
    [[nodiscard]] StateDiff diff() const;

  private:
    // An account's key and value fit, so executing transfers allocates next to nothing.
    using Key = absl::InlinedVector<std::uint8_t, 40>;
    using Value = absl::InlinedVector<std::uint8_t, 16>;

    /// A key that was written at least once, with its value in the base and its value now.
    struct Entry {
        Key key;
        std::optional<Value> before;
        std::optional<Value> now;
    };

    struct Undo {
        std::size_t entry = 0;
        std::optional<Value> previous;
    };

    void put(ByteView key, std::optional<Value> value);
    /// The place in `entries_` of `key`, which is added when it is new.
    [[nodiscard]] std::size_t entry_of(ByteView key);

    const StateView& base_;
    /// A deque, because the index views the keys inside: they must stay where they are.
    std::deque<Entry> entries_;

    /// Hashes under Abseil's seed of the process: peers choose keys, and `absl::Hash` of a
    /// `std::string_view` is the library's unseeded one where Abseil was built as C++14.
    struct KeyHash {
        std::size_t operator()(std::string_view key) const {
            return absl::Hash<absl::string_view>{}(absl::string_view{key.data(), key.size()});
        }
    };

    /// Places in `entries_`. Never iterated, so the order of a hash map reaches no output.
    absl::flat_hash_map<std::string_view, std::size_t, KeyHash> index_;
    std::vector<Undo> journal_;
    /// Encodes accounts; its memory is used again.
    codec::BinaryWriter writer_;
};

}  // namespace cairn::state
