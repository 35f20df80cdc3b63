/// Which build this is.
#pragma once

#include <string>
#include <string_view>

namespace cairn::app {

/// `0.1.0`.
[[nodiscard]] std::string_view version_number();
/// Version, commit and build type on one line.
[[nodiscard]] std::string version_text();

}  // namespace cairn::app
