/// A journalled overlay: changes on top of a view, with checkpoints to fall back to.
#pragma once

#include "cairn/state/diff.hpp"
#include "cairn/state/view.hpp"

#include <map>
#include <vector>

namespace cairn::state {

/// Collects changes without touching `base`, which must outlive it and not change meanwhile.
class Overlay final : public StateView {
  public:
    explicit Overlay(const StateView& base) : base_{base} {}

    [[nodiscard]] std::optional<ByteView> find(ByteView key) const override;

    void set(ByteView key, Bytes value);
    void erase(ByteView key);
    /// Writes an account; one of zeros is erased.
    void write_account(const ledger::AccountId& account, const AccountState& value);

    /// A mark to return to.
    [[nodiscard]] std::size_t checkpoint() const;
    /// Undoes everything since `mark`. Marks taken later are void.
    void rollback(std::size_t mark);

    /// All changes against the base, sorted by key; keys set to what they were are left out.
    [[nodiscard]] StateDiff diff() const;

  private:
    struct Undo {
        Bytes key;
        /// What the overlay held before, if it held anything.
        std::optional<std::optional<Bytes>> previous;
    };

    void put(ByteView key, std::optional<Bytes> value);

    const StateView& base_;
    std::map<Bytes, std::optional<Bytes>, std::less<>> values_;
    std::vector<Undo> journal_;
};

}  // namespace cairn::state
