#include "cairn/codec/error.hpp"

namespace cairn::codec {

std::string_view to_string(DecodeError error) {
    switch (error) {
        case DecodeError::truncated:
            return "truncated";
        case DecodeError::trailing_bytes:
            return "trailing_bytes";
        case DecodeError::varint_too_long:
            return "varint_too_long";
        case DecodeError::varint_not_minimal:
            return "varint_not_minimal";
        case DecodeError::number_too_large:
            return "number_too_large";
        case DecodeError::too_many:
            return "too_many";
        case DecodeError::too_long:
            return "too_long";
        case DecodeError::unknown_tag:
            return "unknown_tag";
        case DecodeError::bad_text:
            return "bad_text";
        case DecodeError::bad_json:
            return "bad_json";
        case DecodeError::too_deep:
            return "too_deep";
        case DecodeError::too_many_values:
            return "too_many_values";
        case DecodeError::duplicate_key:
            return "duplicate_key";
        case DecodeError::wrong_type:
            return "wrong_type";
        case DecodeError::missing_field:
            return "missing_field";
        case DecodeError::unknown_field:
            return "unknown_field";
        case DecodeError::bad_hex:
            return "bad_hex";
        case DecodeError::not_canonical:
            return "not_canonical";
    }
    return "unknown";
}

}  // namespace cairn::codec
