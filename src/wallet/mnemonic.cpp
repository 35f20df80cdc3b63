#include "cairn/wallet/mnemonic.hpp"

#include "src/wallet/word_list.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/sha256.hpp"

#include <cryptopp/pwdbased.h>
#include <cryptopp/sha.h>

#include <algorithm>

namespace cairn::wallet {

using crypto::Secret;

namespace {

constexpr std::size_t bits_per_word = 11;
constexpr std::size_t letters_max = 8;
constexpr std::size_t words_max = 24;
constexpr unsigned seed_rounds = 2048;

tl::unexpected<MnemonicFault> fault(MnemonicError error, std::size_t position = 0) {
    return tl::unexpected{MnemonicFault{error, position}};
}

bool is_blank(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
}

char to_lower(char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
}

/// `text` in lower case, with one space between words and none around them.
Secret normalise(std::string_view text) {
    Secret result{text.size()};
    const auto out = result.writable();
    std::size_t size = 0;
    bool is_after_blank = false;
    for (const char character : text) {
        if (is_blank(character)) {
            is_after_blank = size > 0;
            continue;
        }
        if (is_after_blank)
            out[size++] = ' ';
        is_after_blank = false;
        out[size++] = static_cast<std::uint8_t>(to_lower(character));
    }
    result.shorten(size);
    return result;
}

/// Bit `index` of `bytes`, the highest of the first byte being bit 0.
bool bit_of(ByteView bytes, std::size_t index) {
    return ((bytes[index / 8] >> (7 - index % 8)) & 1U) != 0;
}

/// Entropy and the first bits of its hash: one bit for each four bytes (BIP39, "Generating the
/// mnemonic").
Secret with_checksum(const Secret& entropy) {
    Secret bits{entropy.size() + 1};
    std::copy(entropy.view().begin(), entropy.view().end(), bits.writable().begin());
    bits.writable().back() = crypto::sha256(entropy.view()).bytes[0];
    return bits;
}

std::size_t word_count(const Secret& entropy) {
    return (entropy.size() * 8 + entropy.size() / 4) / bits_per_word;
}

/// The words of a normalised text.
std::size_t count_words(const Secret& words) {
    const auto text = words.text();
    const auto spaces = std::count(text.begin(), text.end(), ' ');
    return text.empty() ? 0 : static_cast<std::size_t>(spaces) + 1;
}

tl::unexpected<MnemonicFault> too_many_bytes(std::string_view words) {
    return fault(MnemonicError::wrong_count, count_words(normalise(words)));
}

/// Errors: `wrong_count`, `unknown_word`, `wrong_checksum`. `words` are normalised.
Result<Secret, MnemonicFault> decode(const Secret& words) {
    const auto text = words.text();
    const auto count = count_words(words);
    const auto size = entropy_bytes_of(count);
    if (!size)
        return fault(MnemonicError::wrong_count, count);
    Secret bits{*size + 1};
    std::size_t bit = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto end = std::min(text.find(' ', start), text.size());
        const auto word = text.substr(start, end - start);
        const auto place = std::lower_bound(english_words.begin(), english_words.end(), word);
        if (place == english_words.end() || *place != word)
            return fault(MnemonicError::unknown_word, i + 1);
        const auto index = static_cast<std::size_t>(place - english_words.begin());
        for (std::size_t k = bits_per_word; k-- > 0; ++bit)
            if (((index >> k) & 1U) != 0)
                bits.writable()[bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
        start = end + 1;
    }
    auto entropy = Secret::copy_of(bits.view().first(*size));
    const auto expected = with_checksum(entropy);
    for (std::size_t i = *size * 8; i < bit; ++i)
        if (bit_of(bits.view(), i) != bit_of(expected.view(), i))
            return fault(MnemonicError::wrong_checksum);
    return entropy;
}

}  // namespace

std::string_view to_string(MnemonicError error) {
    switch (error) {
        case MnemonicError::wrong_count:
            return "wrong_count";
        case MnemonicError::unknown_word:
            return "unknown_word";
        case MnemonicError::wrong_checksum:
            return "wrong_checksum";
        case MnemonicError::bad_passphrase:
            return "bad_passphrase";
    }
    return "unknown";
}

std::optional<std::size_t> entropy_bytes_of(std::size_t words) {
    if (words < 12 || words > words_max || words % 3 != 0)
        return std::nullopt;
    return words / 3 * 4;
}

Secret words_of(const Secret& entropy) {
    const auto count = word_count(entropy);
    CAIRN_ASSERT(entropy_bytes_of(count) == entropy.size());
    const auto bits = with_checksum(entropy);
    Secret words{count * (letters_max + 1)};
    std::size_t size = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t index = 0;
        for (std::size_t k = 0; k < bits_per_word; ++k)
            index = index * 2 + (bit_of(bits.view(), i * bits_per_word + k) ? 1 : 0);
        if (i > 0)
            words.writable()[size++] = ' ';
        for (const char letter : english_words[index])
            words.writable()[size++] = static_cast<std::uint8_t>(letter);
    }
    words.shorten(size);
    return words;
}

Result<Secret, MnemonicFault> entropy_of(std::string_view words) {
    if (words.size() > words_bytes_max)
        return too_many_bytes(words);
    return decode(normalise(words));
}

Result<Secret, MnemonicFault> seed_of(std::string_view words, std::string_view passphrase) {
    const bool is_plain = std::all_of(passphrase.begin(), passphrase.end(), [](char character) {
        return character >= ' ' && character <= '~';
    });
    if (!is_plain)
        return fault(MnemonicError::bad_passphrase);
    if (words.size() > words_bytes_max)
        return too_many_bytes(words);
    const auto sentence = normalise(words);
    if (const auto entropy = decode(sentence); !entropy)
        return tl::unexpected{entropy.error()};
    constexpr std::string_view prefix = "mnemonic";
    Secret salt{prefix.size() + passphrase.size()};
    std::copy(prefix.begin(), prefix.end(), salt.writable().begin());
    std::copy(passphrase.begin(), passphrase.end(), salt.writable().begin() + prefix.size());
    Secret seed{seed_bytes};
    CryptoPP::PKCS5_PBKDF2_HMAC<CryptoPP::SHA512>{}.DeriveKey(
        seed.writable().data(),
        seed.size(),
        0,
        sentence.view().data(),
        sentence.size(),
        salt.view().data(),
        salt.size(),
        seed_rounds,
        0.0
    );
    return seed;
}

}  // namespace cairn::wallet
