#include "src/storage/environment.hpp"

#include "cairn/storage/lmdb_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace cairn::storage {

chain::StoreError error_of(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
        case MDB_MAP_FULL:
            return chain::StoreError::full;
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
        case MDB_INVALID:
            return chain::StoreError::corrupt;
        case MDB_VERSION_MISMATCH:
            return chain::StoreError::version;
        default:
            return chain::StoreError::io;
    }
}

namespace {

struct CloseCursor {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

using Cursor = std::unique_ptr<MDB_cursor, CloseCursor>;

StoreResult<Cursor> open_cursor(MDB_txn* transaction, MDB_dbi table) {
    MDB_cursor* cursor = nullptr;
    if (const int code = mdb_cursor_open(transaction, table, &cursor); code != MDB_SUCCESS)
        return tl::unexpected{error_of(code)};
    return Cursor{cursor};
}

}  // namespace

Transaction::~Transaction() {
    if (handle_ != nullptr)
        mdb_txn_abort(handle_);
}

Transaction::Transaction(Transaction&& other) noexcept
    : handle_{std::exchange(other.handle_, nullptr)},
      tables_{other.tables_},
      cursors_{std::exchange(other.cursors_, {})} {}

Transaction& Transaction::operator=(Transaction&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(tables_, other.tables_);
    std::swap(cursors_, other.cursors_);
    return *this;
}

StoreResult<std::optional<ByteView>> Transaction::get(Table table, ByteView key) const {
    auto wanted = value_of(key);
    MDB_val found{};
    const int code = mdb_get(handle_, dbi(table), &wanted, &found);
    if (code == MDB_NOTFOUND)
        return std::optional<ByteView>{};
    if (code != MDB_SUCCESS)
        return tl::unexpected{error_of(code)};
    return std::optional{view_of(found)};
}

int Transaction::put(Table table, ByteView key, ByteView value, unsigned flags) {
    auto*& cursor = cursors_[static_cast<std::size_t>(table)];
    if (cursor == nullptr)
        if (const int code = mdb_cursor_open(handle_, dbi(table), &cursor); code != MDB_SUCCESS)
            return code;
    auto target = value_of(key);
    auto content = value_of(value);
    return mdb_cursor_put(cursor, &target, &content, flags);
}

StoreResult<void> Transaction::put(Table table, ByteView key, ByteView value) {
    const int code = put(table, key, value, 0);
    if (code != MDB_SUCCESS)
        return tl::unexpected{error_of(code)};
    return {};
}

void Transaction::close_cursor(Table table) {
    auto*& cursor = cursors_[static_cast<std::size_t>(table)];
    if (cursor != nullptr)
        mdb_cursor_close(std::exchange(cursor, nullptr));
}

StoreResult<void> Transaction::erase(Table table, ByteView key) {
    close_cursor(table);
    auto target = value_of(key);
    const int code = mdb_del(handle_, dbi(table), &target, nullptr);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return tl::unexpected{error_of(code)};
    return {};
}

StoreResult<void> Transaction::for_each(
    Table table, const std::function<bool(ByteView key, ByteView value)>& visit
) const {
    const auto opened = open_cursor(handle_, dbi(table));
    if (!opened)
        return tl::unexpected{opened.error()};
    auto* cursor = opened->get();
    MDB_val key{};
    MDB_val value{};
    int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    while (code == MDB_SUCCESS && visit(view_of(key), view_of(value)))
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return tl::unexpected{error_of(code)};
    return {};
}

StoreResult<void> Transaction::append(Table table, ByteView key, ByteView value) {
    const int code = put(table, key, value, MDB_APPENDDUP);
    if (code == MDB_KEYEXIST)
        return tl::unexpected{chain::StoreError::corrupt};
    if (code != MDB_SUCCESS)
        return tl::unexpected{error_of(code)};
    return {};
}

StoreResult<void> Transaction::erase(Table table, ByteView key, ByteView value) {
    close_cursor(table);
    auto target = value_of(key);
    auto content = value_of(value);
    const int code = mdb_del(handle_, dbi(table), &target, &content);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return tl::unexpected{error_of(code)};
    return {};
}

StoreResult<void> Transaction::visit_upwards(
    Table table, ByteView key, ByteView from, const std::function<bool(ByteView value)>& visit
) const {
    const auto opened = open_cursor(handle_, dbi(table));
    if (!opened)
        return tl::unexpected{opened.error()};
    auto* cursor = opened->get();
    auto target = value_of(key);
    auto value = value_of(from);
    int code = mdb_cursor_get(cursor, &target, &value, MDB_GET_BOTH_RANGE);
    while (code == MDB_SUCCESS && visit(view_of(value)))
        code = mdb_cursor_get(cursor, &target, &value, MDB_NEXT_DUP);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return tl::unexpected{error_of(code)};
    return {};
}

StoreResult<void> Transaction::visit_downwards(
    Table table, ByteView key, ByteView from, const std::function<bool(ByteView value)>& visit
) const {
    const auto opened = open_cursor(handle_, dbi(table));
    if (!opened)
        return tl::unexpected{opened.error()};
    auto* cursor = opened->get();
    auto target = value_of(key);
    auto value = value_of(from);
    int code = mdb_cursor_get(cursor, &target, &value, MDB_GET_BOTH_RANGE);
    if (code == MDB_NOTFOUND) {
        // All values are below `from`, or the key has none.
        target = value_of(key);
        code = mdb_cursor_get(cursor, &target, &value, MDB_SET_KEY);
        if (code == MDB_SUCCESS)
            code = mdb_cursor_get(cursor, &target, &value, MDB_LAST_DUP);
    } else if (code == MDB_SUCCESS && !std::ranges::equal(view_of(value), from)) {
        code = mdb_cursor_get(cursor, &target, &value, MDB_PREV_DUP);
    }
    while (code == MDB_SUCCESS && visit(view_of(value)))
        code = mdb_cursor_get(cursor, &target, &value, MDB_PREV_DUP);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return tl::unexpected{error_of(code)};
    return {};
}

StoreResult<void> Transaction::clear(Table table) {
    if (const int code = mdb_drop(handle_, dbi(table), 0); code != MDB_SUCCESS)
        return tl::unexpected{error_of(code)};
    return {};
}

StoreResult<void> Transaction::commit() {
    cursors_ = {};
    const int code = mdb_txn_commit(std::exchange(handle_, nullptr));
    if (code != MDB_SUCCESS)
        return tl::unexpected{error_of(code)};
    return {};
}

Database::~Database() {
    if (environment_ != nullptr)
        mdb_env_close(environment_);
    if (lock_file_ >= 0)
        ::close(lock_file_);
}

std::string Database::detail() const {
    const std::lock_guard guard{detail_mutex_};
    return detail_;
}

void Database::explain(std::string text) {
    const std::lock_guard guard{detail_mutex_};
    detail_ = std::move(text);
}

tl::unexpected<chain::StoreError> Database::fail(int code, const char* doing) {
    explain(std::string{doing} + ": " + mdb_strerror(code));
    return tl::unexpected{error_of(code)};
}

StoreResult<void> Database::lock(const std::filesystem::path& directory) {
    const auto path = directory / "store.lock";
    lock_file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock_file_ < 0)
        return fail(errno, "cannot open the lock file");
    if (::flock(lock_file_, LOCK_EX | LOCK_NB) != 0) {
        explain("another process uses " + directory.string());
        return tl::unexpected{chain::StoreError::locked};
    }
    return {};
}

StoreResult<void> Database::open(const std::filesystem::path& directory) {
    if (const auto locked = lock(directory); !locked)
        return locked;
    if (const int code = mdb_env_create(&environment_); code != MDB_SUCCESS)
        return fail(code, "cannot create an LMDB environment");
    mdb_env_set_maxdbs(environment_, table_layouts.size());
    mdb_env_set_mapsize(environment_, map_bytes_max);
    // Random reads gain nothing from read-ahead.
    const unsigned flags = MDB_NORDAHEAD | MDB_NOTLS;
    if (const int code = mdb_env_open(environment_, directory.c_str(), flags, 0600);
        code != MDB_SUCCESS)
        return fail(code, "cannot open the store");
    return open_tables();
}

StoreResult<void> Database::open_tables() {
    MDB_txn* handle = nullptr;
    if (const int code = mdb_txn_begin(environment_, nullptr, 0, &handle); code != MDB_SUCCESS)
        return fail(code, "cannot begin a transaction");
    for (std::size_t i = 0; i < table_layouts.size(); ++i) {
        const auto& [name, flags] = table_layouts[i];
        const int code = mdb_dbi_open(handle, name, MDB_CREATE | flags, &tables_[i]);
        if (code != MDB_SUCCESS) {
            mdb_txn_abort(handle);
            return fail(code, "cannot open a table");
        }
    }
    if (const int code = mdb_txn_commit(handle); code != MDB_SUCCESS)
        return fail(code, "cannot create the tables");
    return {};
}

StoreResult<Transaction> Database::begin_read() {
    MDB_txn* handle = nullptr;
    const int code = mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &handle);
    if (code != MDB_SUCCESS)
        return fail(code, "cannot begin to read");
    return Transaction{handle, tables_};
}

StoreResult<Transaction> Database::begin_write() {
    MDB_txn* handle = nullptr;
    const int code = mdb_txn_begin(environment_, nullptr, 0, &handle);
    if (code != MDB_SUCCESS)
        return fail(code, "cannot begin to write");
    return Transaction{handle, tables_};
}

}  // namespace cairn::storage
