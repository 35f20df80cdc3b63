/// `peers.json`: what a node keeps of other nodes between runs (spec 10 §6).
///
/// Written to a temporary file and renamed, so that a crash leaves the old one or the new one.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/node/saved_peers.hpp"

#include <filesystem>
#include <string>

namespace cairn::app {

/// What stands in `file`; nothing when there is none. Error: why it cannot be understood, in a
/// sentence without full stop.
[[nodiscard]] Result<node::SavedPeers, std::string> read_peers(const std::filesystem::path& file);

/// Replaces `file`. Error: what the system says.
[[nodiscard]] Result<void, std::string> write_peers(
    const std::filesystem::path& file, const node::SavedPeers& peers
);

/// What `read_peers` gives; a file that cannot be understood is renamed to `<file>.bad`, `warning`
/// says so, and the node starts without it.
[[nodiscard]] node::SavedPeers read_or_set_aside(
    const std::filesystem::path& file, std::string& warning
);

}  // namespace cairn::app
