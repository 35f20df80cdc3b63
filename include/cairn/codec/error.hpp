/// Why bytes or JSON are not a value of the type that was asked for.
#pragma once

#include <cstdint>
#include <string_view>

namespace cairn::codec {

/// One list for both archives, so that a type's `load` can refuse in either with the same word.
enum class DecodeError : std::uint8_t {
    truncated,           ///< the input ends inside a value
    trailing_bytes,      ///< the input goes on after the value
    varint_too_long,     ///< a varint exceeds 10 bytes or 64 bits
    varint_not_minimal,  ///< a varint has a shorter form
    number_too_large,    ///< a number exceeds its named maximum (2^53-1 for quantities)
    too_many,            ///< a list has more elements than its maximum, or than its bytes can hold
    too_long,            ///< a byte string or text is longer than its maximum
    unknown_tag,         ///< a kind, flag or enumerator has no meaning
    bad_text,            ///< text is not valid UTF-8
    bad_json,            ///< not JSON at all, or a number outside what JSON readers share
    too_deep,            ///< JSON is nested deeper than `json_depth_max`
    too_many_values,     ///< JSON holds more than `json_values_max` values
    duplicate_key,       ///< an object names a key twice
    wrong_type,          ///< a field has another JSON type than expected
    missing_field,       ///< an object lacks a field
    unknown_field,       ///< an object has a field that the type does not
    bad_hex,             ///< text is not lowercase hexadecimal of the right length
    not_canonical,       ///< a second form of a value that has exactly one
};

/// The enumerator's name, as it stands in `proto_spec/`.
[[nodiscard]] std::string_view to_string(DecodeError error);

}  // namespace cairn::codec
