/// The notation of reply shapes as JSON Schema (draft 2020-12).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::http {

/// The schema of `shape`, as JSON; nothing when `shape` is not in the notation. Named shapes become
/// references to `#/components/schemas/NAME`.
[[nodiscard]] std::optional<std::string> to_schema(std::string_view shape);

/// The schema of a command's reply: `type` is `name`, and the fields of `shape`.
[[nodiscard]] std::optional<std::string> reply_schema(
    std::string_view name, std::string_view shape
);

}  // namespace cairn::http
