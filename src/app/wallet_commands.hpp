/// `cairn wallet`: options as plain values and one function an action, which writes its result to
/// `out`, what went wrong to `errors`, and returns the process's exit status.
///
/// Statuses: 0; 64 for bad options, unknown wallets and names that are taken; 65 for a wrong
/// passphrase, bad files, keys, words and signatures; 74 where the disk refuses; 78.
#pragma once

#include "src/app/wallet_access.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>

namespace cairn::app {

struct WalletOptions {
    /// Whose prefix addresses have.
    std::string chain = "dev";
    /// The wallet; for `show` also `dev0` to `dev9`, for `verify` also an address or a public key.
    std::string account;
    bool json = false;
    WalletAccess access{};
    /// Of `passphrase`: the file of the new one; empty: it is asked for.
    std::string new_password_file{};
    /// Of `new`: how many, 12 or 24.
    std::uint64_t words = 12;
    /// Of `restore`: the file of the words; empty: they are asked for.
    std::string words_file{};
    /// Of `restore`: another wallet file to copy, instead of words.
    std::string backup{};
    /// Of `new` and `restore`: ask for a passphrase of the words as well.
    bool has_word_passphrase = false;
    /// Of `new` and `restore`: the `a` of spec 08 R6.
    std::uint64_t index = 0;
    /// Of `import`: the file of the key; empty: it is asked for.
    std::string key_file{};
    /// Of `export` and `backup`: a file that must not exist yet.
    std::string out{};
    /// Of `sign` and `verify`: the message is this file's content, or
    std::string message_file{};
    /// this text.
    std::string message{};
    /// Of `verify`: 128 hexadecimal digits.
    std::string signature{};
};

/// A new wallet from new words, which are shown this once.
[[nodiscard]] int run_wallet_new(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// All wallets, and on development chains the accounts dev0 to dev9.
[[nodiscard]] int run_wallet_list(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// Address and public key; needs no passphrase.
[[nodiscard]] int run_wallet_show(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// A wallet from a private key.
[[nodiscard]] int run_wallet_import(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// A wallet from words or from a backup.
[[nodiscard]] int run_wallet_restore(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// The private key in clear.
[[nodiscard]] int run_wallet_export(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// Another passphrase.
[[nodiscard]] int run_wallet_passphrase(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// A copy of the wallet's file, sealed as it is.
[[nodiscard]] int run_wallet_backup(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// A signature under a message (spec 08 R7).
[[nodiscard]] int run_wallet_sign(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);
/// Whether a signature is an account's: status 0 or 65.
[[nodiscard]] int run_wallet_verify(
    const WalletOptions& options, std::ostream& out, std::ostream& errors
);

}  // namespace cairn::app
