/// Recovery words on standard input, on one line or several, with the secrets that follow them.
#pragma once

#include "src/app/wallet_access.hpp"

#include "cairn/base/result.hpp"
#include "cairn/crypto/secret.hpp"

#include <cstddef>

namespace cairn::app {

/// Bytes of words and all that follows them on standard input: three secrets, and room for blanks.
inline constexpr std::size_t words_input_bytes_max = 4 * secret_bytes_max;

struct WordsInput {
    crypto::Secret words;
    /// Asks for what follows them.
    SecretReader ask;
};

/// Recovery words (spec 08 §2), of which nothing is checked yet. A person is asked for lines until
/// there are 24 words, or an empty line. Other input is read to its end: its last `secrets_after`
/// lines are what is asked for afterwards, all before them are words, and such last lines must not
/// look like more of them. So never does a set of words that is whole by chance hide the words
/// behind it, or take them for a passphrase.
/// Errors: `usage` where the input ends too early, is too long or may be read in two ways; those of
/// reading a secret.
[[nodiscard]] Result<WordsInput, Failure> ask_recovery_words(
    const WalletAccess& access, std::size_t secrets_after
);

}  // namespace cairn::app
