/// How secrets reach the program: typed without echo, on standard input, or out of a file. Never as
/// an argument, which every user of the machine can read.
#pragma once

#include "src/app/failure.hpp"

#include "cairn/base/result.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/crypto/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cairn::app {

/// Bytes of a secret line, without its line feed: a passphrase, words, or a key (spec 08 R3).
inline constexpr std::size_t secret_bytes_max = 1024;

/// Whether a person at a terminal types a secret once, or once more to find a typing error.
enum class Typing : std::uint8_t { once, twice };

/// Asks for the secret that `prompt` names. Errors: a `Failure`.
using SecretReader =
    std::function<Result<crypto::Secret, Failure>(const std::string& prompt, Typing typing)>;

/// Whether standard input is a terminal.
[[nodiscard]] bool is_terminal();
/// Whether `failure` is that there was no further secret to read.
[[nodiscard]] bool is_end_of_input(const Failure& failure);

/// A line of standard input without its line feed: prompted for on stderr and without echo where
/// that is a terminal, else the next line as it is.
/// Errors: `usage` at the end of input, for a line that is too long and for two that differ; `io`.
[[nodiscard]] Result<crypto::Secret, Failure> read_secret_line(
    const std::string& prompt, Typing typing
);

/// The content of `file`, all lines of it. Errors: as of `read_secret_file`.
[[nodiscard]] Result<crypto::Secret, Failure> read_secret_lines(const std::string& file);

/// The first line of `file` without a line feed at its end. Errors: `io`; `usage` when it is too
/// long.
[[nodiscard]] Result<crypto::Secret, Failure> read_secret_file(const std::string& file);

/// The key that `text` writes in 64 hexadecimal digits, blanks around them allowed; nothing where
/// it writes none.
[[nodiscard]] std::optional<crypto::SecretKey> parse_secret_key(const crypto::Secret& text);
/// The 64 hexadecimal digits of `key` and a line feed.
[[nodiscard]] crypto::Secret print_secret_key(const crypto::SecretKey& key);

/// Keeps this process out of core dumps and away from debuggers: it is about to hold a secret.
void forbid_core_dumps();

}  // namespace cairn::app
