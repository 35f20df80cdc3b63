/// The target of a request, cut and decoded (RFC 3986).
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/http/error_reply.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::http {

/// Why a target is refused.
enum class TargetError : std::uint8_t {
    no_path,              ///< it does not begin with `/`
    bad_escape,           ///< `%` without two hexadecimal digits
    bad_character,        ///< a control character or a byte that is no UTF-8, escaped or not
    dot_segment,          ///< `.` or `..` as a part of the path, escaped or not
    too_many_parameters,  ///< more than `query_parameters_max`
};

struct Target {
    /// As it came, without the query.
    std::string path;
    /// The path between its slashes, decoded; one empty segment at the end for a final slash.
    std::vector<std::string> segments;
    /// Decoded, in their order.
    std::vector<std::pair<std::string, std::string>> query;
};

/// The refusal of `target`: the rule of `http` that is called like `error`.
[[nodiscard]] DoorError to_door_error(TargetError error, std::string_view target);

/// Errors: each `TargetError`.
[[nodiscard]] Result<Target, TargetError> parse_target(std::string_view text);

/// `text` with all but unreserved characters escaped.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace cairn::http
