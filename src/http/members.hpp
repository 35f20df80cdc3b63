/// The members of a JSON object, cut out of its text without building a document: replies may be
/// megabytes, and what HTTP adds to them stands beside them.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::http {

/// The names, without quotes and as they stand, and the texts of the values, in their order.
/// Nothing when `text` is no well-formed object; what is inside the values is not looked at
/// closely.
[[nodiscard]] std::optional<std::vector<std::pair<std::string_view, std::string_view>>>
split_members(std::string_view text);

/// The texts of the elements of a JSON array; empty when `text` is none.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

/// The value of the member `name`; empty without one.
[[nodiscard]] std::string_view member(std::string_view text, std::string_view name);

/// `json` without its quotes, when it is text without escapes; else empty.
[[nodiscard]] std::string_view plain_text(std::string_view json);

/// True for `{"type":"error",...}`.
[[nodiscard]] bool is_error_text(std::string_view reply);

}  // namespace cairn::http
