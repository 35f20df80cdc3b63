/// A journalled overlay: changes on top of a view, with checkpoints to fall back to.
#pragma once

#include "cairn/state/diff.hpp"
#include "cairn/state/view.hpp"

#include <absl/container/flat_hash_map.h>

#include <cstddef>
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
    void set(ByteView key, Bytes value);
    void erase(ByteView key);
    /// Writes an account; one of zeros is erased.
    void write_account(const ledger::AccountId& account, const AccountState& value);

    /// A mark to return to.
    [[nodiscard]] std::size_t checkpoint() const { return journal_.size(); }

    /// Undoes everything since `mark`. Marks taken later are void.
    void rollback(std::size_t mark);

    /// All changes against the base, sorted by key; keys set to what they were are left out.
    [[nodiscard]] StateDiff diff() const;

  private:
    /// A key that was written at least once, with its value in the base and its value now.
    struct Entry {
        Bytes key;
        std::optional<Bytes> before;
        std::optional<Bytes> now;
    };

    struct Undo {
        std::size_t entry = 0;
        std::optional<Bytes> previous;
    };

    void put(ByteView key, std::optional<Bytes> value);
    /// The place in `entries_` of `key`, which is added when it is new.
    [[nodiscard]] std::size_t entry_of(ByteView key);

    const StateView& base_;
    std::vector<Entry> entries_;
    /// Places in `entries_`. The texts view the entries' keys, whose memory stays where it is when
    /// the vector grows. Never iterated, so the order of a hash map reaches no output; Abseil seeds
    /// its hash per process, so peers cannot choose colliding keys.
    absl::flat_hash_map<std::string_view, std::size_t> index_;
    std::vector<Undo> journal_;
};

}  // namespace cairn::state
