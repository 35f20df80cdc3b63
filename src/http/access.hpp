/// Who may ask: the rules on `Host`, `Origin`, `Sec-Fetch-Site` and `Authorization` (spec 12 §3).
#pragma once

#include "cairn/http/gate.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::http {

/// Why `request` is refused for the name that it calls us by; nothing when it is not.
/// 400 without exactly one well-formed `Host`, 403 for a name that is not ours.
[[nodiscard]] std::optional<HttpReply> check_host(
    const HttpRequest& request, const std::vector<std::string>& hosts
);

/// 403 when a page of another site asks, unless `cors` names its origin.
[[nodiscard]] std::optional<HttpReply> check_site(
    const HttpRequest& request, const std::vector<std::string>& cors
);

/// 403 for a request `from` another site, as its headers tell.
[[nodiscard]] HttpReply other_site(std::string_view message, std::string_view from);

/// The origin that may read the reply, if `request` comes from one of `cors`; else empty.
[[nodiscard]] std::string allowed_origin(
    const HttpRequest& request, const std::vector<std::string>& cors
);

/// The token of `Authorization: Bearer`, if any.
[[nodiscard]] std::optional<std::string> bearer_token(const HttpRequest& request);

}  // namespace cairn::http
