#include "cairn/crypto/bech32m.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cairn::crypto {

namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr char separator = '1';
constexpr std::size_t checksum_length = 6;
/// What the checksum of a correct text comes to (BIP350); it was 1 in BIP173.
constexpr std::uint32_t bech32m_constant = 0x2bc830a3;
constexpr std::uint8_t no_symbol = 0xff;

/// The symbol 0..31 that each byte stands for, lower case only; `no_symbol` for all others.
constexpr std::array<std::uint8_t, 256> make_symbol_table() {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_symbol);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return table;
}

constexpr auto symbol_of_byte = make_symbol_table();

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

char lowered(char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether `c` may stand in a prefix (BIP173: US-ASCII 33 to 126).
bool is_prefix_character(char c) {
    return c >= '!' && c <= '~';
}

/// The BCH code's remainder, fed with one symbol after the other.
class Checksum {
  public:
    /// Starts with the symbols that `prefix` expands to: high bits, zero, low bits.
    explicit Checksum(std::string_view prefix) {
        for (const char c : prefix)
            feed(static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) >> 5U));
        feed(0);
        for (const char c : prefix)
            feed(static_cast<std::uint8_t>(c) & 31U);
    }

    void feed(std::uint32_t symbol) {
        constexpr std::array<std::uint32_t, 5> generator{
            0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
        const std::uint32_t top = remainder_ >> 25U;
        remainder_ = ((remainder_ & 0x1ffffffU) << 5U) ^ symbol;
        for (std::size_t i = 0; i < generator.size(); ++i) {
            if (((top >> i) & 1U) != 0)
                remainder_ ^= generator[i];
        }
    }

    [[nodiscard]] std::uint32_t remainder() const { return remainder_; }

  private:
    std::uint32_t remainder_ = 1;
};

/// `bytes` cut into groups of five bits, first bit first, the last group filled up with zeros.
Bytes to_symbols(ByteView bytes) {
    Bytes symbols;
    symbols.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = ((pending << 8U) | byte) & 0xfffU;
        pending_bits += 8;
        while (pending_bits >= 5) {
            pending_bits -= 5;
            symbols.push_back((pending >> pending_bits) & 31U);
        }
    }
    if (pending_bits > 0)
        symbols.push_back((pending << (5 - pending_bits)) & 31U);
    return symbols;
}

/// The bytes that `symbols` were cut from, or nothing when the filling is not canonical.
std::optional<Bytes> from_symbols(ByteView symbols) {
    Bytes bytes;
    bytes.reserve(symbols.size() * 5 / 8);
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (const std::uint8_t symbol : symbols) {
        pending = ((pending << 5U) | symbol) & 0xfffU;
        pending_bits += 5;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>((pending >> pending_bits) & 0xffU));
        }
    }
    const std::uint32_t filling = pending & ((1U << pending_bits) - 1);
    if (pending_bits > 4 || filling != 0)
        return std::nullopt;
    return bytes;
}

}  // namespace

std::string_view to_string(Bech32Error error) {
    switch (error) {
        case Bech32Error::too_long:
            return "too_long";
        case Bech32Error::mixed_case:
            return "mixed_case";
        case Bech32Error::bad_character:
            return "bad_character";
        case Bech32Error::no_separator:
            return "no_separator";
        case Bech32Error::bad_prefix:
            return "bad_prefix";
        case Bech32Error::bad_checksum:
            return "bad_checksum";
        case Bech32Error::bad_padding:
            return "bad_padding";
    }
    return "unknown";
}

Result<std::string, Bech32Error> bech32m_encode(std::string_view prefix, ByteView payload) {
    const bool is_plain = std::all_of(prefix.begin(), prefix.end(), [](char c) {
        return is_prefix_character(c) && !is_upper(c);
    });
    if (prefix.empty() || !is_plain)
        return tl::unexpected{Bech32Error::bad_prefix};
    // Tested on the bytes first, so that no length is computed from an absurd one.
    if (prefix.size() > bech32m_length_max || payload.size() > bech32m_length_max)
        return tl::unexpected{Bech32Error::too_long};
    const Bytes symbols = to_symbols(payload);
    if (prefix.size() + 1 + symbols.size() + checksum_length > bech32m_length_max)
        return tl::unexpected{Bech32Error::too_long};

    std::string text{prefix};
    text.push_back(separator);
    Checksum checksum{prefix};
    for (const std::uint8_t symbol : symbols) {
        checksum.feed(symbol);
        text.push_back(alphabet[symbol]);
    }
    for (std::size_t i = 0; i < checksum_length; ++i)
        checksum.feed(0);
    const std::uint32_t closing = checksum.remainder() ^ bech32m_constant;
    for (std::size_t i = 0; i < checksum_length; ++i)
        text.push_back(alphabet[(closing >> (5 * (checksum_length - 1 - i))) & 31U]);
    return text;
}

Result<Bech32Text, Bech32Error> bech32m_decode(std::string_view text) {
    if (text.size() > bech32m_length_max)
        return tl::unexpected{Bech32Error::too_long};
    // The last separator counts: the prefix may contain more of them, the rest cannot.
    const std::size_t split = text.rfind(separator);
    if (split == std::string_view::npos)
        return tl::unexpected{Bech32Error::no_separator};
    std::string prefix{text.substr(0, split)};
    const std::string_view rest = text.substr(split + 1);
    if (prefix.empty() || !std::all_of(prefix.begin(), prefix.end(), is_prefix_character))
        return tl::unexpected{Bech32Error::bad_prefix};
    if (std::any_of(text.begin(), text.end(), is_upper) &&
        std::any_of(text.begin(), text.end(), is_lower))
        return tl::unexpected{Bech32Error::mixed_case};

    std::transform(prefix.begin(), prefix.end(), prefix.begin(), lowered);
    Checksum checksum{prefix};
    Bytes symbols;
    symbols.reserve(rest.size());
    for (const char c : rest) {
        const std::uint8_t symbol = symbol_of_byte[static_cast<std::uint8_t>(lowered(c))];
        if (symbol == no_symbol)
            return tl::unexpected{Bech32Error::bad_character};
        checksum.feed(symbol);
        symbols.push_back(symbol);
    }
    if (symbols.size() < checksum_length || checksum.remainder() != bech32m_constant)
        return tl::unexpected{Bech32Error::bad_checksum};
    auto payload = from_symbols(ByteView{symbols}.first(symbols.size() - checksum_length));
    if (!payload)
        return tl::unexpected{Bech32Error::bad_padding};
    return Bech32Text{.prefix = std::move(prefix), .payload = std::move(*payload)};
}

}  // namespace cairn::crypto
