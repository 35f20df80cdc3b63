/// Whole values to JSON and back.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/codec/json_reader.hpp"
#include "cairn/codec/json_text.hpp"
#include "cairn/codec/json_writer.hpp"

namespace cairn::codec {

/// `value` as JSON on one ASCII line.
template <class T>
[[nodiscard]] std::string to_json(const T& value) {
    JsonWriter writer;
    writer(value);
    return writer.take();
}

/// The value that `document` is the JSON form of. Errors: those of `JsonReader`.
template <class T>
[[nodiscard]] Result<T, JsonError> from_json(
    const Json& document, UnknownFields unknown = UnknownFields::refused
) {
    JsonReader reader{document, unknown};
    T value;
    reader(value);
    if (reader.failed())
        return tl::unexpected{*reader.error()};
    return value;
}

/// The value whose JSON form is `text`. Errors: those of `parse_json` and of `JsonReader`.
template <class T>
[[nodiscard]] Result<T, JsonError> from_json_text(
    std::string_view text, JsonLimits limits = {}, UnknownFields unknown = UnknownFields::refused
) {
    const auto document = parse_json(text, limits);
    if (!document)
        return tl::unexpected{document.error()};
    return from_json<T>(*document, unknown);
}

}  // namespace cairn::codec
