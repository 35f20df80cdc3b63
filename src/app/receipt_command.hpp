/// `cairn receipt`: proofs of records for who has no node (spec 09).
#pragma once

#include "src/app/client_commands.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace cairn::app {

struct ReceiptGetOptions {
    std::string node = "127.0.0.1:5001";
    /// The record's id.
    std::string transaction;
    /// The file to write; empty: `receipt-<first 16 digits>.json`; `-`: the standard output.
    std::string output;
    /// The height of a block that the reader will trust; the receipt begins there. Empty: at
    /// genesis.
    std::string checkpoint;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    /// What was written where, on one line; a receipt on the standard output stands there alone.
    bool json = false;
};

/// Statuses: 0; 64; 65 for what is no record of the chain; 69; 74; 75 when the record still waits.
[[nodiscard]] int run_receipt_get(
    const ReceiptGetOptions& options, std::ostream& out, std::ostream& errors
);

struct ReceiptVerifyOptions {
    std::string file;
    /// The file that is said to be recorded; empty: not looked at.
    std::string document;
    /// A built-in chain's name, a chain file, or a chain's id in hexadecimal; empty: the built-in
    /// chain that the receipt names by its id.
    std::string chain;
    /// `HEIGHT:HASH` of a block that the reader trusts.
    std::string checkpoint;
    std::uint64_t confirmations = 1;
    bool json = false;
};

/// Needs no node. Statuses: 0 valid, 65 invalid, 75 not confirmed deep enough; 64, 74.
[[nodiscard]] int run_receipt_verify(
    const ReceiptVerifyOptions& options, std::ostream& out, std::ostream& errors
);

}  // namespace cairn::app
