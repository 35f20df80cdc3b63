/// Whole values to canonical bytes and back.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/codec/binary_reader.hpp"
#include "cairn/codec/binary_writer.hpp"

namespace cairn::codec {

/// The canonical bytes of `value`.
template <class T>
[[nodiscard]] Bytes encode(const T& value) {
    BinaryWriter writer;
    writer(value);
    return writer.take();
}

/// The value that `input` is the canonical form of, all of it.
/// Errors: any `DecodeError`; `trailing_bytes` when the value ends before the input.
template <class T>
[[nodiscard]] Result<T, DecodeError> decode(ByteView input) {
    BinaryReader reader{input};
    T value;
    reader(value);
    if (!reader.failed() && reader.bytes_left() > 0)
        reader.fail(DecodeError::trailing_bytes);
    if (const auto error = reader.error())
        return tl::unexpected{*error};
    return value;
}

}  // namespace cairn::codec
