/// What messages say about their fields beyond `codec/fields.hpp`: printable text and enumerations
/// with names.
#pragma once

#include "cairn/codec/binary.hpp"
#include "cairn/codec/json.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::wire {

/// True when every byte is printable ASCII (0x20 to 0x7e). Such text can go to a log, a terminal or
/// a page without bringing control sequences along.
[[nodiscard]] inline bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char character) {
        return character >= 0x20 && character <= 0x7e;
    });
}

/// Printable ASCII of at most `Max` bytes; anything else is `bad_text`.
template <std::size_t Max>
struct Printable {
    std::string& value;
};

template <std::size_t Max>
[[nodiscard]] Printable<Max> printable(std::string& value) {
    return {value};
}

template <class Archive, std::size_t Max>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const Printable<Max>& text) {
    archive(codec::bounded<Max>(text.value));
}

template <class Archive, std::size_t Max>
void CEREAL_LOAD_FUNCTION_NAME(Archive& archive, Printable<Max>& text) {
    archive(codec::bounded<Max>(text.value));
    if (!is_printable(text.value))
        archive.fail(codec::DecodeError::bad_text);
}

/// An enumeration of consecutive values from 0 to `Last`: one byte in binary, its name in JSON.
template <auto Last>
struct Named {
    decltype(Last)& value;
};

template <auto Last>
[[nodiscard]] Named<Last> named(decltype(Last)& value) {
    return {value};
}

template <auto Last>
void CEREAL_SAVE_FUNCTION_NAME(codec::BinaryWriter& archive, const Named<Last>& enumeration) {
    archive(codec::enumerator<Last>(enumeration.value));
}

template <auto Last>
void CEREAL_LOAD_FUNCTION_NAME(codec::BinaryReader& archive, Named<Last>& enumeration) {
    archive(codec::enumerator<Last>(enumeration.value));
}

template <auto Last>
void CEREAL_SAVE_FUNCTION_NAME(codec::JsonWriter& archive, const Named<Last>& enumeration) {
    archive.write_text(to_string(enumeration.value));
}

template <auto Last>
void CEREAL_LOAD_FUNCTION_NAME(codec::JsonReader& archive, Named<Last>& enumeration) {
    constexpr std::size_t name_bytes_max = 32;
    const auto name = archive.take_text(name_bytes_max);
    for (unsigned number = 0; number <= static_cast<unsigned>(Last); ++number) {
        const auto value = static_cast<decltype(Last)>(number);
        if (to_string(value) == name) {
            enumeration.value = value;
            return;
        }
    }
    archive.fail(codec::DecodeError::unknown_tag);
}

}  // namespace cairn::wire
