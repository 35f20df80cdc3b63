/// The folder of wallet files: one file a wallet, `<name>.json`, mode 0600.
///
/// Writing is atomic: a new file is written beside the old one, synced, read back and checked, and
/// then takes its name in one step, which is synced too. A process killed at any instant leaves the
/// old file or the new one, and at most a temporary file, which the next write removes.
#pragma once

#include "cairn/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::wallet {

/// Letters of a wallet's name: less than any address has, so that the two are never confused.
inline constexpr std::size_t name_letters_max = 32;

/// Whether `name` is one: 1 to `name_letters_max` of `a-z A-Z 0-9 - _`, the first a letter or
/// digit.
[[nodiscard]] bool is_wallet_name(std::string_view name);

/// Why a file was not read or written.
enum class FolderError : std::uint8_t {
    bad_name,      ///< `is_wallet_name` says no
    missing,       ///< no wallet has this name
    exists,        ///< there is one already; it was left as it is
    changed,       ///< the file is not the one that was read: another program was faster
    unreadable,    ///< the system refuses to read
    unwritable,    ///< the system refuses to write; the old file is as it was
    not_verified,  ///< what was written does not read back; the old file is as it was
};
/// The enumerator's name.
[[nodiscard]] std::string_view to_string(FolderError error);

struct FolderFault {
    FolderError error = FolderError::unreadable;
    /// The file, or the name where it is none.
    std::string where;
    /// What the system says; empty where it was not asked.
    std::string reason;
};

/// The points of a write between which a process may be killed, in their order.
enum class WritePoint : std::uint8_t { started, written, synced, verified, renamed, finished };

/// Whether a file's content, read back, is good.
using Verify = std::function<bool(std::string_view text)>;

class WalletFolder {
  public:
    /// The folder at `path`, which need not be there: the first write creates it with mode 0700.
    /// `at_point` is called at each point of a write, for tests.
    explicit WalletFolder(
        std::filesystem::path path, std::function<void(WritePoint)> at_point = {}
    );

    /// The names of the wallets, sorted; none where there is no folder. Errors: `unreadable`.
    [[nodiscard]] Result<std::vector<std::string>, FolderFault> list() const;

    /// The content of a wallet's file, at most `keystore_bytes_max` bytes and one more.
    /// Errors: `bad_name`, `missing`, `unreadable`.
    [[nodiscard]] Result<std::string, FolderFault> read(std::string_view name) const;

    /// A new wallet. Errors: `bad_name`, `exists`, `unwritable`, `not_verified`.
    [[nodiscard]] Result<void, FolderFault> create(
        std::string_view name, std::string_view text, const Verify& verify
    ) const;

    /// Other content for a wallet whose content is `old`.
    /// Errors: `bad_name`, `missing`, `changed`, `unreadable`, `unwritable`, `not_verified`.
    [[nodiscard]] Result<void, FolderFault> replace(
        std::string_view name, std::string_view old, std::string_view text, const Verify& verify
    ) const;

    /// Where the wallet's file is or would be.
    [[nodiscard]] std::filesystem::path file_of(std::string_view name) const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    enum class Target : std::uint8_t { absent, present };

    [[nodiscard]] Result<void, FolderFault> write(
        std::string_view name, std::string_view text, const Verify& verify, Target target
    ) const;
    void reach(WritePoint point) const;

    std::filesystem::path path_;
    std::function<void(WritePoint)> at_point_;
};

/// The content of the file, at most `bytes_max` bytes and one more. Errors: `missing`,
/// `unreadable`.
[[nodiscard]] Result<std::string, FolderFault> read_file(
    const std::filesystem::path& path, std::size_t bytes_max
);

/// Writes `text` to a new file with mode 0600 and syncs it. Errors: `exists`, `unwritable`.
[[nodiscard]] Result<void, FolderFault> write_new_file(
    const std::filesystem::path& path, std::string_view text
);

}  // namespace cairn::wallet
