/// The folder where a node keeps everything, held by one process at a time.
///
/// | file             | content                                                        |
/// | ---------------- | -------------------------------------------------------------- |
/// | `LOCK`           | held with flock(2) while a node runs; the process id           |
/// | `control.cookie` | 64 hex digits, mode 0600, new at each start (spec 02 §4)       |
/// | `node.log`       | the log                                                        |
/// | `peers.json`     | addresses of other nodes, and whom to dial first (spec 10 §6)   |
/// | `<chain>/`       | the chain's store, and `mempool.dat`: what waited for a block  |
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cairn::app {

/// `cairn/<chain>-<port>` below `$XDG_DATA_HOME`, or below `~/.local/share`.
/// Throws `StartError` (`config`) where there is no home.
[[nodiscard]] std::filesystem::path default_data_directory(
    std::string_view chain, std::uint16_t port
);

/// `cairn/wallets` below `$XDG_DATA_HOME`, or below `~/.local/share`.
/// Throws `StartError` (`config`) where there is no home.
[[nodiscard]] std::filesystem::path default_wallet_directory();

class DataDirectory {
  public:
    /// Creates `path` with mode 0700 if need be, and locks it. Throws `StartError`: `config` when
    /// another process holds it, `io` when it cannot be written.
    explicit DataDirectory(std::filesystem::path path);
    /// Removes the cookie and lets go of the lock.
    ~DataDirectory();
    DataDirectory(const DataDirectory&) = delete;
    DataDirectory& operator=(const DataDirectory&) = delete;

    /// Writes a new cookie and returns it. Throws `StartError` (`io`).
    [[nodiscard]] std::string create_cookie();
    /// The folder of a chain, created if need be. Throws `StartError` (`io`).
    [[nodiscard]] std::filesystem::path chain_folder(std::string_view chain) const;

    [[nodiscard]] std::filesystem::path log_file() const { return path_ / "node.log"; }

    [[nodiscard]] std::filesystem::path peers_file() const { return path_ / "peers.json"; }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    [[nodiscard]] std::filesystem::path cookie_file() const { return path_ / "control.cookie"; }

    void lock();

    std::filesystem::path path_;
    int lock_ = -1;
    bool has_cookie_ = false;
};

}  // namespace cairn::app
