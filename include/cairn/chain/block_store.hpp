/// What the chain asks of durable storage. `storage` implements it on LMDB.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/result.hpp"
#include "cairn/chain/block_index.hpp"
#include "cairn/ledger/header.hpp"
#include "cairn/state/diff.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::chain {

enum class StoreError : std::uint8_t {
    io,           ///< the operating system refused a read or a write
    full,         ///< no space left
    corrupt,      ///< what was read is not what was written
    locked,       ///< another process uses the directory
    version,      ///< written by another format version
    other_chain,  ///< the directory holds another chain
};
[[nodiscard]] std::string_view to_string(StoreError error);

/// Everything that one commit changes, atomically and durably. Its pointers are never null; what
/// they point to is shared with the blocks themselves.
struct StoreBatch {
    struct Body {
        BlockHash hash;
        std::shared_ptr<const Bytes> block;
    };

    struct Undo {
        BlockHash hash;
        Bytes undo;
    };

    struct Connected {
        Height height;
        BlockHash hash;
        ledger::SealedHeader head;
        std::shared_ptr<const BlockIndex> index;
    };

    struct Disconnected {
        Height height;
        BlockHash hash;
        std::shared_ptr<const BlockIndex> index;
    };

    /// The whole cache of changed state entries, with the block whose state they complete.
    struct StateFlush {
        BlockHash block;
        /// Sorted by key; nothing as value erases.
        std::vector<std::pair<state::StateKey, std::optional<state::StateValue>>> entries;
    };

    std::vector<Body> bodies;
    std::vector<Undo> undos;
    /// In order: first all disconnections (from the tip down), then all connections (upwards).
    std::vector<Disconnected> disconnected;
    std::vector<Connected> connected;
    std::optional<StateFlush> state;
    /// Blocks found invalid; remembered so that a restart does not try them again.
    std::vector<BlockHash> invalid;

    [[nodiscard]] bool empty() const {
        return bodies.empty() && undos.empty() && disconnected.empty() && connected.empty() &&
               !state && invalid.empty();
    }
};

/// Durable storage of one chain. One thread uses it; only `commit` may run on another, once at a
/// time, and who reads meanwhile finds all of the batch or nothing.
class BlockStore {
  public:
    virtual ~BlockStore() = default;

    /// Applies `batch` in one transaction; on return it survives a crash and a power cut.
    [[nodiscard]] virtual Result<void, StoreError> commit(const StoreBatch& batch) = 0;

    /// A block's bytes, of any branch; nothing when unknown.
    [[nodiscard]] virtual Result<std::optional<Bytes>, StoreError> read_body(const BlockHash& hash
    ) = 0;
    [[nodiscard]] virtual Result<std::optional<Bytes>, StoreError> read_undo(const BlockHash& hash
    ) = 0;
    [[nodiscard]] virtual Result<std::optional<TransactionPlace>, StoreError> find_transaction(
        const TxId& id
    ) = 0;
    /// Where the transactions stand that concern `subject`, within `range`.
    [[nodiscard]] virtual Result<std::vector<TransactionPlace>, StoreError> find_places(
        const Subject& subject, const PlaceRange& range
    ) = 0;

    /// Calls `visit` for each block of the active chain from genesis up, with its header.
    [[nodiscard]] virtual Result<void, StoreError> load_headers(
        const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
    ) = 0;
    /// Calls `visit` for each stored body that is not on the active chain, parents before children
    /// where both are stored.
    [[nodiscard]] virtual Result<void, StoreError> load_side_headers(
        const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
    ) = 0;
    [[nodiscard]] virtual Result<std::vector<BlockHash>, StoreError> load_invalid() = 0;
    /// Calls `visit` for every flushed state entry and returns the block whose state they are;
    /// nothing when no state was flushed yet.
    [[nodiscard]] virtual Result<std::optional<BlockHash>, StoreError> load_state(
        const std::function<void(ByteView key, ByteView value)>& visit
    ) = 0;
};

}  // namespace cairn::chain
