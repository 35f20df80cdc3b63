/// The body of a request as JSON.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/codec/json_text.hpp"
#include "cairn/http/message.hpp"

namespace cairn::http {

/// True when the body is said to be JSON.
[[nodiscard]] bool is_json_type(const HttpRequest& request);

/// The body as a JSON object; null for an empty one.
/// The error is the reply: 415 for another content type, 400 for what is no JSON object, 413 for
/// one with too many values.
[[nodiscard]] Result<codec::Json, HttpReply> read_body_object(const HttpRequest& request);

/// True when a body has more bytes or values than JSON may have.
[[nodiscard]] bool is_too_large(const codec::JsonError& error);
/// What is wrong with a body that is no JSON: 413 where it is too large, else 400.
[[nodiscard]] HttpReply bad_json(const codec::JsonError& error);
/// 415.
[[nodiscard]] HttpReply wrong_content_type(const HttpRequest& request);

}  // namespace cairn::http
