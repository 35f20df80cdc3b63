/// Accounts by name, for every command that signs or shows: the development accounts dev0 to dev9,
/// and the wallets of the wallet folder.
#pragma once

#include "src/app/failure.hpp"
#include "src/app/secret_input.hpp"
#include "src/app/system_random.hpp"

#include "cairn/base/result.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/crypto/sealing.hpp"
#include "cairn/wallet/folder.hpp"
#include "cairn/wallet/keystore.hpp"
#include "cairn/wallet/mnemonic.hpp"
#include "cairn/wallet/random.hpp"

#include <string>
#include <string_view>

namespace cairn::app {

/// Where wallets are and how they are opened.
struct WalletAccess {
    /// Empty: the default folder.
    std::string directory;
    /// The passphrase's file; empty: it is asked for.
    std::string password_file;
    SecretReader ask = read_secret_line;
    /// Whether a person answers, who is prompted for each line.
    bool is_typed = is_terminal();
    wallet::RandomSource random = fill_from_system;
    /// Of files that are written.
    crypto::ScryptParameters scrypt;
};

/// A wallet's file with what it says in clear.
struct WalletFile {
    std::string text;
    wallet::Keystore keystore;
};

/// The folder of `access`. Errors: `config` where there is no home.
[[nodiscard]] Result<wallet::WalletFolder, Failure> open_folder(const WalletAccess& access);

/// True for dev0 to dev9.
[[nodiscard]] bool is_development_account(std::string_view name);

/// The wallet `name`, checked as far as that goes without its passphrase.
/// Errors: `usage` for one that is not there, `data` for a bad file, `io`, `config`.
[[nodiscard]] Result<WalletFile, Failure> read_wallet(
    const WalletAccess& access, const std::string& name
);

/// The public key of the development account or wallet `name`. Errors: those of `read_wallet`.
[[nodiscard]] Result<crypto::PublicKey, Failure> find_account(
    const WalletAccess& access, const std::string& name
);

/// The secret key of the development account or wallet `name`; asks for a passphrase where one is
/// needed.
/// Errors: those of `read_wallet`; `data` for a wrong passphrase; those of reading the passphrase.
[[nodiscard]] Result<crypto::SecretKey, Failure> unlock_account(
    const WalletAccess& access, const std::string& name
);

/// The passphrase of an existing wallet, from its file or asked for.
[[nodiscard]] Result<crypto::Secret, Failure> ask_passphrase(
    const WalletAccess& access, const std::string& name
);

/// A passphrase for a file to be written: from `file`, or asked for twice. Errors: `usage` for an
/// empty one; those of reading it.
[[nodiscard]] Result<crypto::Secret, Failure> ask_new_passphrase(
    const WalletAccess& access, const std::string& file, const std::string& name
);

/// @{
/// What went wrong, in a sentence without anything secret in it, and its exit status.
[[nodiscard]] Failure describe(const wallet::FolderFault& fault);
[[nodiscard]] Failure describe(wallet::KeystoreError error, const std::string& file);
[[nodiscard]] Failure describe(const wallet::MnemonicFault& fault);
/// @}

}  // namespace cairn::app
