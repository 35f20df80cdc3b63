/// The state at the tip: the whole map in memory with its authenticated tree (spec 07).
///
/// Root: a compact sparse Merkle tree over SHA-256(key). A leaf is H(0x00 || keyhash || H(value)),
/// an inner node H(0x01 || left || right), an empty subtree 32 zeros, and a subtree with one leaf
/// is that leaf. The tree's shape depends on the set of keys alone, never on the order of changes.
#pragma once

#include "cairn/ledger/header.hpp"
#include "cairn/state/diff.hpp"
#include "cairn/state/view.hpp"

#include <functional>
#include <memory>

namespace cairn::state {

class Overlay;

class State final : public StateView {
  public:
    /// An empty state. `salt` seeds the hash of the map, so that nobody can choose colliding keys;
    /// it has no effect on any result.
    explicit State(std::uint64_t salt);
    ~State() override;
    State(State&&) noexcept;
    State& operator=(State&&) noexcept;

    [[nodiscard]] std::optional<ByteView> find(ByteView key) const override;

    /// Sets every key of `diff` to its value after. O(changes * log keys).
    void apply(const StateDiff& diff);
    /// Sets every key of `diff` to its value before.
    void revert(const StateDiff& diff);

    /// The root of the present contents; brings changed nodes up to date, then it is remembered.
    [[nodiscard]] ledger::StateRoot root();

    /// @{
    /// The root that the contents would have after `apply(diff)`. An overlay, which
    /// must lie over this state itself, need not make one.
    [[nodiscard]] ledger::StateRoot root_after(const StateDiff& diff);
    [[nodiscard]] ledger::StateRoot root_after(const Overlay& overlay);
    /// @}

    /// The number of keys.
    [[nodiscard]] std::size_t size() const;
    /// Calls `visit` for every key and value, in an order that means nothing.
    void for_each(const std::function<void(ByteView key, ByteView value)>& visit) const;

  private:
    struct Storage;
    std::unique_ptr<Storage> storage_;
};

}  // namespace cairn::state
