/// A thin, safe face of LMDB: handles that close themselves, views instead of `MDB_val`, and one
/// place that turns its codes into ours.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"
#include "cairn/chain/block_store.hpp"

#include <lmdb.h>

#include <array>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace cairn::storage {

template <class T>
using StoreResult = Result<T, chain::StoreError>;

/// The tables, in the order in which they are opened.
enum class Table : std::uint8_t {
    meta,
    active,
    bodies,
    side,
    undo,
    places,
    state,
    invalid,
    history,
    streams,
    records,
};

struct TableLayout {
    const char* name;
    /// Flags of `mdb_dbi_open`.
    unsigned flags = 0;
};

/// A set of eight-byte values under each key, packed side by side in order.
inline constexpr unsigned sorted_sets = MDB_DUPSORT | MDB_DUPFIXED;
inline constexpr std::array<TableLayout, 11> table_layouts{{
    {"meta"},
    {"active"},
    {"bodies"},
    {"side"},
    {"undo"},
    {"places"},
    {"state"},
    {"invalid"},
    {"history", sorted_sets},
    {"streams", sorted_sets},
    {"records", sorted_sets},
}};

[[nodiscard]] chain::StoreError error_of(int code);

/// One LMDB transaction; abandoned unless committed.
class Transaction {
  public:
    Transaction(MDB_txn* handle, const std::array<MDB_dbi, table_layouts.size()>& tables)
        : handle_{handle}, tables_{&tables} {}

    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&& other) noexcept;

    /// The value under `key`, valid until the transaction ends or writes.
    [[nodiscard]] StoreResult<std::optional<ByteView>> get(Table table, ByteView key) const;
    [[nodiscard]] StoreResult<void> put(Table table, ByteView key, ByteView value);
    /// Removes `key`; one that is not there is no error.
    [[nodiscard]] StoreResult<void> erase(Table table, ByteView key);
    /// Calls `visit(key, value)` for each entry in order of keys until it returns false.
    [[nodiscard]] StoreResult<void> for_each(
        Table table, const std::function<bool(ByteView key, ByteView value)>& visit
    ) const;
    /// @name Tables of sorted sets
    /// @{
    /// Adds `value` to the set of `key`, of which it must be the last in order: that is fast, and
    /// an index into which places go out of order is damaged. Errors: `corrupt` when it is not.
    [[nodiscard]] StoreResult<void> append(Table table, ByteView key, ByteView value);
    /// Takes `value` out of the set of `key`; one that is not there is no error.
    [[nodiscard]] StoreResult<void> erase(Table table, ByteView key, ByteView value);
    /// Calls `visit(value)` for the values of the set of `key` upwards from the first that is not
    /// below `from`, until it returns false.
    [[nodiscard]] StoreResult<void> visit_upwards(
        Table table, ByteView key, ByteView from, const std::function<bool(ByteView value)>& visit
    ) const;
    /// The same downwards from the last that is not above `from`.
    [[nodiscard]] StoreResult<void> visit_downwards(
        Table table, ByteView key, ByteView from, const std::function<bool(ByteView value)>& visit
    ) const;
    /// @}

    /// Removes all entries of `table`.
    [[nodiscard]] StoreResult<void> clear(Table table);
    [[nodiscard]] StoreResult<void> commit();

  private:
    [[nodiscard]] MDB_dbi dbi(Table table) const {
        return (*tables_)[static_cast<std::size_t>(table)];
    }

    /// Puts through a cursor, which is left where it put: what is put in order of keys finds its
    /// page at once.
    [[nodiscard]] int put(Table table, ByteView key, ByteView value, unsigned flags);
    /// No cursor stays open where something is erased: LMDB 0.9.24 loses its place in a sorted set.
    void close_cursor(Table table);

    MDB_txn* handle_;
    const std::array<MDB_dbi, table_layouts.size()>* tables_;
    /// Those that `put` has opened. LMDB closes them together with the transaction.
    std::array<MDB_cursor*, table_layouts.size()> cursors_{};
};

/// An open LMDB environment with its tables, and the lock that keeps other processes out. One
/// thread may write while another reads.
class Database {
  public:
    Database() = default;
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] StoreResult<void> open(const std::filesystem::path& directory);
    [[nodiscard]] StoreResult<Transaction> begin_read();
    [[nodiscard]] StoreResult<Transaction> begin_write();

    [[nodiscard]] std::string detail() const;
    /// Keeps `text` as the story behind the last error.
    void explain(std::string text);

  private:
    [[nodiscard]] tl::unexpected<chain::StoreError> fail(int code, const char* doing);
    [[nodiscard]] StoreResult<void> lock(const std::filesystem::path& directory);
    [[nodiscard]] StoreResult<void> open_tables();

    MDB_env* environment_ = nullptr;
    std::array<MDB_dbi, table_layouts.size()> tables_{};
    int lock_file_ = -1;
    /// Who writes may fail while another reads.
    mutable std::mutex detail_mutex_;
    std::string detail_;
};

[[nodiscard]] inline MDB_val value_of(ByteView bytes) {
    // LMDB's C interface has one type for what it reads and what it fills in.
    return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}

[[nodiscard]] inline ByteView view_of(const MDB_val& value) {
    return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

}  // namespace cairn::storage
