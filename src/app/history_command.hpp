/// `cairn history`: what concerns an account on the chain.
#pragma once

#include "src/app/client_commands.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>

namespace cairn::app {

struct HistoryOptions {
    std::string node = "127.0.0.1:5001";
    /// An address, a wallet, or `dev0` to `dev9`.
    std::string address;
    /// Where to begin: `HEIGHT`, or `HEIGHT.INDEX` as an earlier page's end shows it.
    std::string from;
    std::uint64_t limit = 20;
    /// From the chain's beginning upwards, instead of from its tip downwards.
    bool is_oldest_first = false;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    bool json = false;
    WalletAccess wallets{};
};

/// Statuses: 0, 64, 65 for a wrong address, 69, 75.
[[nodiscard]] int run_history(
    const HistoryOptions& options, std::ostream& out, std::ostream& errors
);

}  // namespace cairn::app
