/// Which build this is.
#pragma once

#include <string>
#include <string_view>

namespace cairn::app {

/// `0.1.0`.
[[nodiscard]] std::string_view version_number();
/// The abbreviated commit; `unknown` where there was none.
[[nodiscard]] std::string_view commit_hash();
/// Version, commit and build type on one line.
[[nodiscard]] std::string version_text();

}  // namespace cairn::app
