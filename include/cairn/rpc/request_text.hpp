/// The two forms of a text request: JSON, and a command line for people (spec 02 §2).
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/rpc/error.hpp"

#include <string>
#include <string_view>

namespace cairn::rpc {

/// The request's object: `text` itself where it starts with `{`, else what the command line means.
/// Has a text field `type`, in lower case. Errors: `not_json`, `bad_field`.
[[nodiscard]] Result<codec::Json, Error> parse_request(std::string_view text);

/// The JSON text of `id`, or empty without one. Errors: `bad_field` beyond `id_bytes_max`.
[[nodiscard]] Result<std::string, Error> read_id(const codec::Json& request);

}  // namespace cairn::rpc
