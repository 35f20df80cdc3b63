/// The command `cairn wallet` and the options that all commands with wallets share.
#pragma once

#include "src/app/command.hpp"
#include "src/app/wallet_access.hpp"

namespace cairn::app {

/// `--wallet-dir`.
[[nodiscard]] Option wallet_directory_option(WalletAccess& access);
/// `--password-file`.
[[nodiscard]] Option password_file_option(WalletAccess& access);

[[nodiscard]] Command make_wallet_command();

}  // namespace cairn::app
