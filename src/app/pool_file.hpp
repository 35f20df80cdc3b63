/// `mempool.dat` in a chain's folder: what waited when the node stopped.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"
#include "cairn/mempool/saved_pool.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::app {

/// How often a running node writes the file, so that a crash loses little.
inline constexpr std::chrono::minutes pool_save_interval{5};

/// The pool's file in a chain's folder.
[[nodiscard]] std::filesystem::path pool_file(const std::filesystem::path& chain_folder);

/// What the file holds; nothing when there is none. A file that cannot be used is set aside under
/// its name with `.corrupt` behind, in place of an earlier one. Errors: a sentence for the log.
[[nodiscard]] Result<mempool::SavedPool, std::string> read_pool_file(
    const std::filesystem::path& path, const ChainId& chain
);

/// Writes the file beside the old one and puts it in its place. Errors: a sentence for the log;
/// then the old file stands as it was.
[[nodiscard]] Result<void, std::string> write_pool_file(
    const std::filesystem::path& path, ByteView bytes
);

}  // namespace cairn::app
