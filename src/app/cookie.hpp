/// The control cookie as a client finds it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace cairn::app {

/// The cookie of the node whose data directory is `directory`; nothing when it cannot be read.
[[nodiscard]] std::optional<std::string> read_cookie(const std::filesystem::path& directory);

}  // namespace cairn::app
