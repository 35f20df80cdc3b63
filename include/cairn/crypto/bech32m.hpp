/// Bech32m text (BIP350): a prefix and some bytes, with a checksum that finds typing errors.
///
/// Up to three wrong characters are always found. Text with the older Bech32 checksum (BIP173) is
/// refused.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::crypto {

/// Longest Bech32m text in characters, prefix and checksum included (BIP173); the checksum's
/// promise does not hold beyond.
inline constexpr std::size_t bech32m_length_max = 90;

/// Why a text is no Bech32m, or why there is no Bech32m text for some bytes.
enum class Bech32Error : std::uint8_t {
    too_long,       ///< more than `bech32m_length_max` characters
    mixed_case,     ///< upper and lower case in one text
    bad_character,  ///< after the separator, a character outside the alphabet
    no_separator,   ///< no `1` in the text
    bad_prefix,     ///< an empty prefix, or a character in it that is not printable ASCII
    bad_checksum,   ///< the checksum is too short or does not fit the text
    bad_padding,    ///< the bits that fill the last character are not zero or more than four
};

/// The enumerator's name.
[[nodiscard]] std::string_view to_string(Bech32Error error);

/// What a Bech32m text says.
struct Bech32Text {
    /// In lower case, without the separator.
    std::string prefix;
    Bytes payload;

    friend bool operator==(const Bech32Text&, const Bech32Text&) = default;
};

/// The text for `payload` under `prefix`, in lower case.
/// Errors: `bad_prefix` (also for a prefix with capital letters), `too_long`.
[[nodiscard]] Result<std::string, Bech32Error> bech32m_encode(
    std::string_view prefix, ByteView payload
);

/// The prefix and the bytes of `text`, which is all lower or all upper case.
/// Errors: every `Bech32Error`; a text with several faults gives one of them.
[[nodiscard]] Result<Bech32Text, Bech32Error> bech32m_decode(std::string_view text);

}  // namespace cairn::crypto
