#include "src/app/data_directory.hpp"

#include "src/app/exit.hpp"
#include "src/app/file.hpp"

#include "cairn/base/bytes.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace cairn::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cookie_bytes = 32;
constexpr mode_t private_file = 0600;

[[noreturn]] void cannot_write(const fs::path& path, const std::string& reason) {
    throw StartError{ExitCode::io, "cannot write " + path.string() + ": " + reason};
}

void create_private_folder(const fs::path& path) {
    std::error_code error;
    const bool is_new = fs::create_directories(path, error);
    if (error)
        cannot_write(path, error.message());
    if (is_new)
        fs::permissions(path, fs::perms::owner_all, error);
    if (error)
        cannot_write(path, error.message());
}

/// Cairn's folder below the user's data directory. `option` names another place.
fs::path user_directory(const std::string& option) {
    const char* data = std::getenv("XDG_DATA_HOME");
    // The XDG rules ask to ignore relative paths.
    if (data != nullptr && fs::path{data}.is_absolute())
        return fs::path{data} / "cairn";
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0')
        throw StartError{ExitCode::config, "there is no home directory; give " + option + " DIR"};
    return fs::path{home} / ".local" / "share" / "cairn";
}

bool write_all(int file, std::string_view text) {
    return ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

fs::path default_data_directory(std::string_view chain, std::uint16_t port) {
    return user_directory("--datadir") / (std::string{chain} + "-" + std::to_string(port));
}

fs::path default_wallet_directory() {
    return user_directory("--wallet-dir") / "wallets";
}

DataDirectory::DataDirectory(fs::path path) : path_{std::move(path)} {
    create_private_folder(path_);
    lock();
}

void DataDirectory::lock() {
    const fs::path file = path_ / "LOCK";
    lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_file);
    if (lock_ < 0)
        cannot_write(file, last_error());
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        const std::string reason = last_error();
        const bool is_held = errno == EWOULDBLOCK;
        ::close(lock_);
        if (!is_held)
            cannot_write(file, reason);
        throw StartError{
            ExitCode::config,
            "another process uses the data directory " + path_.string() +
                "; stop it or give another --datadir"};
    }
    const std::string process = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock_, 0) != 0 || !write_all(lock_, process)) {
        const std::string reason = last_error();
        ::close(lock_);
        cannot_write(file, reason);
    }
}

DataDirectory::~DataDirectory() {
    std::error_code ignored;
    if (has_cookie_)
        fs::remove(cookie_file(), ignored);
    // The file stays: removing it would let two processes lock two files of one name.
    ::close(lock_);
}

std::string DataDirectory::create_cookie() {
    std::array<std::uint8_t, cookie_bytes> secret{};
    if (::getentropy(secret.data(), secret.size()) != 0)
        throw StartError{ExitCode::io, "the system gives no random bytes: " + last_error()};
    std::string cookie = to_hex(secret);
    // One may be left of a crash; the lock says that nobody else uses it.
    std::error_code ignored;
    fs::remove(cookie_file(), ignored);
    const int file = ::open(
        cookie_file().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, private_file
    );
    if (file < 0)
        cannot_write(cookie_file(), last_error());
    has_cookie_ = true;
    const bool is_written = write_all(file, cookie);
    const std::string reason = last_error();
    ::close(file);
    if (!is_written)
        cannot_write(cookie_file(), reason);
    return cookie;
}

fs::path DataDirectory::chain_folder(std::string_view chain) const {
    fs::path folder = path_ / chain;
    create_private_folder(folder);
    return folder;
}

}  // namespace cairn::app
