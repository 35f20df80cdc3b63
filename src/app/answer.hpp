/// A node's answer for people.
#pragma once

#include "cairn/codec/json_value.hpp"

#include <iosfwd>

namespace cairn::app {

/// Writes the object `answer`, its type left out: scalars as `name value`, a flat object with a
/// line for each member, a list with its length and a line for each element, all else as JSON.
/// Control characters that a stranger may have put there stay escaped.
void write_answer(std::ostream& out, const codec::Json& answer);

}  // namespace cairn::app
