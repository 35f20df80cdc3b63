/// Refusals that more than one part of the door makes.
#pragma once

#include "cairn/http/error_reply.hpp"

#include <string>
#include <string_view>

namespace cairn::http {

/// 431; `actual` is what came.
[[nodiscard]] HttpReply headers_too_large(std::string actual);
/// 413; `actual` is what came.
[[nodiscard]] HttpReply body_too_large(std::string actual);
/// 405; `allowed` are the methods that the path takes, as in the header `Allow`.
[[nodiscard]] HttpReply wrong_method(const HttpRequest& request, std::string_view allowed);
/// 404.
[[nodiscard]] HttpReply no_such_path(std::string_view path, std::string_view hint);
/// 400 for what does not fit a query; `actual` is what stands there.
[[nodiscard]] HttpReply wrong_query(
    std::string_view message, std::string expected, std::string_view actual
);

}  // namespace cairn::http
