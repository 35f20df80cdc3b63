/// Recovery words (BIP39): entropy as English words, and the seed that words and a passphrase make.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/crypto/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::wallet {

/// Words of the official English list.
inline constexpr std::size_t word_list_size = 2048;
/// Bytes of the seed that words make.
inline constexpr std::size_t seed_bytes = 64;
/// Bytes of a text of words, spaces included: 24 words of at most eight letters need 215.
inline constexpr std::size_t words_bytes_max = 1024;

/// Why a text is not a set of recovery words, or has no seed.
enum class MnemonicError : std::uint8_t {
    wrong_count,     ///< not 12, 15, 18, 21 or 24 words, or more than `words_bytes_max` bytes
    unknown_word,    ///< a word is not in the list
    wrong_checksum,  ///< all words are in the list, but one is another than it was, or misplaced
    bad_passphrase,  ///< the passphrase holds something else than printable ASCII
};
/// The enumerator's name.
[[nodiscard]] std::string_view to_string(MnemonicError error);

/// The error, and where it is. It never holds a word: those are secret.
struct MnemonicFault {
    MnemonicError error = MnemonicError::wrong_count;
    /// For `unknown_word`: which word, counted from 1. For `wrong_count`: how many there are.
    std::size_t position = 0;

    friend bool operator==(const MnemonicFault&, const MnemonicFault&) = default;
};

/// The bytes of entropy that `words` words stand for, or nothing where BIP39 has no such number.
[[nodiscard]] std::optional<std::size_t> entropy_bytes_of(std::size_t words);

/// The words for `entropy`, 16, 20, 24, 28 or 32 bytes: lower case, one space between them.
[[nodiscard]] crypto::Secret words_of(const crypto::Secret& entropy);

/// The entropy that `words` stand for. Letters may be of either case, and any blanks may stand
/// around the words. Errors: `wrong_count`, `unknown_word`, `wrong_checksum`.
[[nodiscard]] Result<crypto::Secret, MnemonicFault> entropy_of(std::string_view words);

/// The seed of `words` with `passphrase`, which may be empty: PBKDF2-HMAC-SHA512 with 2048 rounds.
/// A passphrase must be printable ASCII, whose Unicode normal form (NFKD) is itself.
/// Errors: every `MnemonicError`.
[[nodiscard]] Result<crypto::Secret, MnemonicFault> seed_of(
    std::string_view words, std::string_view passphrase
);

}  // namespace cairn::wallet
