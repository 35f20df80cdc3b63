/// JSON text: parsed within limits, written on one ASCII line, and in the one canonical form of
/// RFC 8785.
///
/// Rules for foreign text:
/// 1. Parsing is iterative and stops at the first limit, so nesting cannot exhaust the stack.
/// 2. Every document that is accepted has a canonical text that is accepted too. Therefore an
///    integer beyond 2^53-1 is refused in any notation that RFC 8785 would print without exponent:
///    readers that keep numbers as doubles would round it.
/// 3. A byte-order mark, a raw NUL, a lone surrogate, a repeated key, a comment, `NaN` and numbers
///    outside the range of doubles are refused.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"
#include "cairn/codec/error.hpp"
#include "cairn/codec/json_value.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::codec {

/// Why JSON was refused. All texts are printable ASCII and short, whatever the input was.
struct JsonError {
    DecodeError code = DecodeError::bad_json;
    /// The field's path such as `payload.outputs[2].amount`, or `byte N` where the text itself is
    /// at fault: N bytes had been read then.
    std::string where;
    std::string expected;
    std::string actual;

    friend bool operator==(const JsonError&, const JsonError&) = default;
};

/// The largest JSON text, in bytes (spec 03 R11).
inline constexpr std::size_t json_bytes_max = std::size_t{1} << 20U;
/// The deepest nesting of arrays and objects; `[[]]` has depth 2.
inline constexpr std::size_t json_depth_max = 32;
/// The most values in one document, containers included, keys not.
inline constexpr std::size_t json_values_max = 50'000;

struct JsonLimits {
    std::size_t bytes = json_bytes_max;
    std::size_t depth = json_depth_max;
    std::size_t values = json_values_max;
};

/// The document that `text` is, all of it.
/// Errors: `too_long`, `too_deep`, `too_many_values`, `duplicate_key`, `number_too_large`,
/// `bad_text` (not UTF-8, or a lone surrogate), `bad_json` for anything else.
[[nodiscard]] Result<Json, JsonError> parse_json(std::string_view text, JsonLimits limits = {});

/// `value` on one line, ASCII only: other characters stand as `\uXXXX`.
[[nodiscard]] std::string to_text(const Json& value);

/// `value` in the form of RFC 8785: UTF-8, keys in the order of their UTF-16 code units, numbers
/// as ECMAScript prints them.
[[nodiscard]] std::string canonical_text(const Json& value);

/// True when `bytes` parse within the default limits and are the canonical text of what they say.
[[nodiscard]] bool is_canonical_json(ByteView bytes);

/// Appends `text` as a JSON string in ASCII, quotes included. Ill-formed UTF-8 becomes U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}  // namespace cairn::codec
