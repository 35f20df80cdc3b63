/// A journalled overlay: changes on top of a view, with checkpoints to fall back to.
#pragma once

#include "cairn/state/diff.hpp"
#include "cairn/state/key_hash.hpp"
#include "cairn/state/view.hpp"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::state {

/// Collects changes without touching `base`, which must outlive it and not change meanwhile.
class Overlay final : public StateView {
  public:
    explicit Overlay(const StateView& base) : base_{base} {}

    // The index looks into the entries, so copies would dangle. An overlay over another takes it
    // as a `const StateView&`.
    Overlay(const Overlay&) = delete;
    Overlay& operator=(const Overlay&) = delete;
    ~Overlay() override = default;

    [[nodiscard]] std::optional<ByteView> find(ByteView key) const override;

    /// Neither `key` nor `value` may be longer than `state_key_bytes_max` and
    /// `state_value_bytes_max`.
    void set(ByteView key, ByteView value);
    void erase(ByteView key);

    /// An account that was looked up once, to be read and written.
    struct AccountPlace {
        AccountState state;
        /// Where the overlay has it.
        std::size_t entry = 0;
    };

    /// Changes nothing, but ends what `find` has given, as a change would.
    [[nodiscard]] AccountPlace find_account(const ledger::AccountId& account);
    /// Gives the account at `place` the contents `value`; one of zeros is erased.
    void write_account(const AccountPlace& place, const AccountState& value);

    void write_account(const ledger::AccountId& account, const AccountState& value) {
        write_account(find_account(account), value);
    }

    /// Makes room for `keys` more keys at once.
    void reserve(std::size_t keys);

    /// The number of keys that were asked for or set.
    [[nodiscard]] std::size_t keys() const { return entries_.size(); }

    /// A mark to return to.
    [[nodiscard]] std::size_t checkpoint() const { return journal_.size(); }

    /// Undoes everything since `mark`. Marks taken later are void.
    void rollback(std::size_t mark);

    /// Makes what was done so far final. All marks are void.
    void commit() { journal_.clear(); }

    /// All changes against the base, sorted by key; keys set to what they were are left out.
    [[nodiscard]] StateDiff diff() const;

    /// Calls `visit(key, now)` for each key of `diff`, in no order that means anything, with its
    /// value now.
    template <class Visit>
    void for_each_change(const Visit& visit) const {
        for (const auto& entry : entries_)
            if (entry.before != entry.now)
                visit(ByteView{entry.key}, entry.now);
    }

  private:
    /// A key that was asked for, with its value in the base and its value now.
    struct Entry {
        StateKey key;
        std::optional<StateValue> before;
        std::optional<StateValue> now;
    };

    struct Undo {
        std::size_t entry = 0;
        std::optional<StateValue> previous;
    };

    /// Where `entries_` has a key. Both are asked for a place and for the bytes of a key.
    struct PlaceHash {
        using is_transparent = void;
        const std::vector<Entry>* entries;
        KeyHash hash;

        std::size_t operator()(ByteView key) const { return hash(key); }

        std::size_t operator()(std::uint32_t place) const { return hash((*entries)[place].key); }
    };

    struct SamePlace {
        using is_transparent = void;
        const std::vector<Entry>* entries;

        bool operator()(std::uint32_t place, ByteView key) const {
            return SameKey{}((*entries)[place].key, key);
        }

        bool operator()(std::uint32_t place, std::uint32_t other) const { return place == other; }
    };

    /// Takes down the value of `entry` and returns where to write the new one.
    [[nodiscard]] std::optional<StateValue>& replace(std::size_t entry);
    /// The place in `entries_` of `key`, which is added when it is new.
    [[nodiscard]] std::size_t entry_of(ByteView key);

    const StateView& base_;
    std::vector<Entry> entries_;
    /// Places in `entries_`. Never iterated, so the order of a hash set reaches no output.
    absl::flat_hash_set<std::uint32_t, PlaceHash, SamePlace> index_{
        0, PlaceHash{&entries_, KeyHash::of_process()}, SamePlace{&entries_}};
    std::vector<Undo> journal_;
    /// Encodes accounts; its memory is used again.
    codec::BinaryWriter writer_;
};

}  // namespace cairn::state
