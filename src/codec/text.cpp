#include "cairn/codec/text.hpp"

#include <cstddef>
#include <cstdint>

namespace cairn::codec {

namespace {

/// The length of the sequence that `lead` starts, 0 if none; and the bounds of its second byte.
struct Sequence {
    std::size_t length;
    std::uint8_t second_min;
    std::uint8_t second_max;
};

/// RFC 3629 §4, the table of well-formed sequences.
Sequence sequence_of(std::uint8_t lead) {
    if (lead < 0x80)
        return {1, 0x80, 0xbf};
    if (lead >= 0xc2 && lead <= 0xdf)
        return {2, 0x80, 0xbf};
    if (lead == 0xe0)
        return {3, 0xa0, 0xbf};
    if (lead == 0xed)
        return {3, 0x80, 0x9f};
    if (lead >= 0xe1 && lead <= 0xef)
        return {3, 0x80, 0xbf};
    if (lead == 0xf0)
        return {4, 0x90, 0xbf};
    if (lead >= 0xf1 && lead <= 0xf3)
        return {4, 0x80, 0xbf};
    if (lead == 0xf4)
        return {4, 0x80, 0x8f};
    return {0, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const auto sequence = sequence_of(static_cast<std::uint8_t>(text[i]));
        if (sequence.length == 0 || sequence.length > text.size() - i)
            return false;
        for (std::size_t k = 1; k < sequence.length; ++k) {
            const auto byte = static_cast<std::uint8_t>(text[i + k]);
            const auto least = k == 1 ? sequence.second_min : std::uint8_t{0x80};
            const auto most = k == 1 ? sequence.second_max : std::uint8_t{0xbf};
            if (byte < least || byte > most)
                return false;
        }
        i += sequence.length;
    }
    return true;
}

}  // namespace cairn::codec
