/// `chain::BlockStore` on LMDB: one environment a chain, one LMDB transaction a batch.
///
/// Tables (internal: nothing outside reads these files):
/// | table      | key                         | value                                       |
/// | ---------- | --------------------------- | ------------------------------------------- |
/// | `meta`     | text                        | `format` u32, `state_block` hash            |
/// | `active`   | height u64, big-endian      | block hash, sealed header                   |
/// | `bodies`   | block hash                  | checksum, block bytes                       |
/// | `side`     | height u64 BE, block hash   | sealed header of a body off the active chain |
/// | `undo`     | block hash                  | checksum, undo bytes                        |
/// | `places`   | transaction id              | height, index                               |
/// | `state`    | state key                   | state value                                 |
/// | `invalid`  | block hash                  | nothing                                     |
/// | `history`  | account                     | set of places that concern it               |
/// | `streams`  | length of stream u8, stream | set of places of its records                |
/// | `records`  | the same, record's key      | set of places of the records there          |
///
/// A place in a set is one number of eight bytes, big-endian: the height in the upper 48 bits, the
/// transaction's number in the block in the lower 16.
///
/// Durability is LMDB's default: a commit is synced, and a crash at any instant leaves the last
/// one. LMDB's file `lock.mdb` keeps its readers and its writer apart; every start sets it up anew.
#pragma once

#include "cairn/chain/block_store.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace cairn::storage {

/// The version of the tables' layout. A directory of a later version is refused, never guessed at.
inline constexpr std::uint32_t format_version = 2;
/// The oldest version that is brought up to date when it is opened: version 1 had no tables
/// `history`, `streams` and `records`, which are made from the bodies.
inline constexpr std::uint32_t format_version_min = 1;
/// Address space that the environment may grow into; it costs nothing until it is used.
inline constexpr std::size_t map_bytes_max = std::size_t{256} * 1024 * 1024 * 1024;

class LmdbStore final : public chain::BlockStore {
  public:
    /// Opens or creates the store in `directory`, which must exist, and locks it for this process.
    /// A store of an earlier format is brought up to date; a crash meanwhile leaves it as it was.
    /// Errors: `locked`, `version`, `corrupt`, `io`, `full`; `detail` then says more in a sentence.
    [[nodiscard]] static Result<std::unique_ptr<LmdbStore>, chain::StoreError> open(
        const std::filesystem::path& directory, std::string* detail
    );
    ~LmdbStore() override;
    LmdbStore(const LmdbStore&) = delete;
    LmdbStore& operator=(const LmdbStore&) = delete;

    [[nodiscard]] Result<void, chain::StoreError> commit(const chain::StoreBatch& batch) override;
    [[nodiscard]] Result<std::optional<Bytes>, chain::StoreError> read_body(const BlockHash& hash
    ) override;
    [[nodiscard]] Result<std::optional<Bytes>, chain::StoreError> read_undo(const BlockHash& hash
    ) override;
    [[nodiscard]] Result<std::optional<chain::TransactionPlace>, chain::StoreError>
    find_transaction(const TxId& id) override;
    [[nodiscard]] Result<std::vector<chain::TransactionPlace>, chain::StoreError> find_places(
        const chain::Subject& subject, const chain::PlaceRange& range
    ) override;
    [[nodiscard]] Result<void, chain::StoreError> load_headers(
        const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
    ) override;
    [[nodiscard]] Result<void, chain::StoreError> load_side_headers(
        const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
    ) override;
    [[nodiscard]] Result<std::vector<BlockHash>, chain::StoreError> load_invalid() override;
    [[nodiscard]] Result<std::optional<BlockHash>, chain::StoreError> load_state(
        const std::function<void(ByteView key, ByteView value)>& visit
    ) override;

    /// What LMDB said of the last error, for the log.
    [[nodiscard]] std::string last_detail() const;

  private:
    struct Environment;
    explicit LmdbStore(std::unique_ptr<Environment> environment);
    std::unique_ptr<Environment> environment_;
};

}  // namespace cairn::storage
