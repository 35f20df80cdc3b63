/// The client commands of `cairn`: options as plain values and one function each, which writes its
/// result to `out`, what went wrong to `errors`, and returns the process's exit status.
#pragma once

#include "src/app/failure.hpp"
#include "src/app/text_client.hpp"
#include "src/app/wallet_access.hpp"

#include "cairn/base/result.hpp"
#include "cairn/codec/json_value.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace cairn::app {

/// Seconds that a client waits unless told otherwise: as long as the longest `wait` of a node.
inline constexpr std::uint64_t client_timeout_seconds = 60;

/// The longest that a client may be told to wait; deadlines stay within the clock's range.
inline constexpr std::uint64_t timeout_seconds_max = 86'400;

struct ProbeOptions {
    std::string node;
    /// The command's words and its `key=value` pairs.
    std::vector<std::string> words;
    /// Where the cookie is; empty: the default directory of the node's chain and port.
    std::string datadir;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    /// The reply as it came, on one line.
    bool json = false;
    /// Both frames with their headers in brackets.
    bool raw = false;
};

/// The request that `words` write, by the rules of command lines (spec 02 §2.2), except that each
/// word is taken as the shell gave it, so values need no quotes, and that a value starting with
/// `{` or `[` is JSON. One word that starts with `{` is the request itself.
/// Errors: a usage `Failure`.
[[nodiscard]] Result<codec::Json, Failure> make_request(const std::vector<std::string>& words);

/// Statuses: 0 for an answer, 65 for an error answer, 69 when nobody listens, 75 after the time.
[[nodiscard]] int run_probe(const ProbeOptions& options, std::ostream& out, std::ostream& errors);

/// What `send` and `record put` share: who pays how much, and how long to stay.
struct SigningOptions {
    std::string node = "127.0.0.1:5001";
    /// A wallet, or `dev0` to `dev9`.
    std::string from;
    /// `auto` or decimal CRN.
    std::string fee = "auto";
    /// Refuses a node of another chain, when not empty.
    std::string chain;
    /// Confirmations to wait for; 0: do not wait.
    std::uint64_t wait = 0;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    bool json = false;
    WalletAccess wallets{};
};

struct SendOptions {
    SigningOptions signing;
    /// An address, a wallet, or `dev0` to `dev9`.
    std::string to;
    /// Decimal CRN.
    std::string amount;
    std::string memo;
};

/// Statuses: 0, 64, 65 when refused here or there, 69, 75 when not confirmed in time.
[[nodiscard]] int run_send(const SendOptions& options, std::ostream& out, std::ostream& errors);

struct RecordPutOptions {
    SigningOptions signing;
    std::string stream;
    std::string key;
    /// Its bytes are the body; of a name ending in `.json`, its canonical JSON.
    std::string file;
    /// The body as JSON text. Either this or `file`.
    std::string text;
};

[[nodiscard]] int run_record_put(
    const RecordPutOptions& options, std::ostream& out, std::ostream& errors
);

struct RecordListOptions {
    std::string node = "127.0.0.1:5001";
    std::string stream;
    /// Empty: all keys.
    std::string key;
    /// Where to begin: a height, or `height.index` as an earlier list's end shows it.
    std::string from_height;
    std::uint64_t limit = 100;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    bool json = false;
};

[[nodiscard]] int run_record_list(
    const RecordListOptions& options, std::ostream& out, std::ostream& errors
);

struct BalanceOptions {
    std::string node = "127.0.0.1:5001";
    /// An address, a wallet, or `dev0` to `dev9`.
    std::string account;
    /// How deep a block must be to count; 0: the mempool counts too.
    std::uint64_t confirmations = 1;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    bool json = false;
    WalletAccess wallets{};
};

/// What an account has and its next nonce. Statuses: 0, 64, 65 for a bad address, 69, 75.
[[nodiscard]] int run_balance(
    const BalanceOptions& options, std::ostream& out, std::ostream& errors
);

/// Whether `text` writes the id of a transaction, as all commands ask before they ask a node.
/// Errors: a usage `Failure`.
[[nodiscard]] Result<void, Failure> check_transaction_id(const std::string& text);
/// That the transaction `id` records nothing, by rule `app.not_a_record`.
[[nodiscard]] Failure not_a_record(const std::string& id);

struct TransactionOptions {
    std::string node = "127.0.0.1:5001";
    /// 64 hexadecimal digits.
    std::string id;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    bool json = false;
};

/// A transaction with its place. Statuses: 0, 64, 65 where the node has none of this id, 69, 75.
[[nodiscard]] int run_transaction(
    const TransactionOptions& options, std::ostream& out, std::ostream& errors
);

struct RecordGetOptions {
    std::string node = "127.0.0.1:5001";
    /// The record's id.
    std::string transaction;
    /// The recorded document or bytes, and nothing else.
    bool is_body_only = false;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    /// Failures as JSON; what was recorded is JSON anyway, and a body stays what it is.
    bool json = false;
};

/// Statuses: 0, 64, 65 when there is no such record, 69, 75.
[[nodiscard]] int run_record_get(
    const RecordGetOptions& options, std::ostream& out, std::ostream& errors
);

/// Version, commit and build type.
[[nodiscard]] int run_version(bool json, std::ostream& out);

}  // namespace cairn::app
