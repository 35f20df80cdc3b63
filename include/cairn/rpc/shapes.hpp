/// What replies look like: one line of notation for each command, from which descriptions for
/// programs (JSON Schema) are made and against which tests hold real replies.
///
/// The notation: `{name: shape, name?: shape, ...}` is an object, whose `?` fields may be absent
/// and which with `...` at its end may have more; `[shape]` an array; `a|b` one or the other;
/// `'word'` this text; `number`, `text`, `hash`, `hex`, `boolean`, `null` and `json` (anything)
/// stand for themselves; a word in capitals is a named shape.
#pragma once

#include <string_view>
#include <vector>

namespace cairn::rpc {

/// The fields of a command's reply besides `type` and `id`; empty for a name that is no command's.
[[nodiscard]] std::string_view reply_shape(std::string_view command);

struct NamedShape {
    std::string_view name;
    std::string_view shape;
};

/// What stands in capitals in the notation.
[[nodiscard]] const std::vector<NamedShape>& named_shapes();

}  // namespace cairn::rpc
