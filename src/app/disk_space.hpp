/// Whether the disk has room left: a node stops cleanly before it is full, because a store that
/// cannot write cannot keep its promises either.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace cairn::app {

/// Below this a node does not start, and stops; Bitcoin Core keeps 50 MiB.
inline constexpr std::uint64_t min_free_mib_default = 64;

/// The bytes that this process may still write below `folder`; nothing when the system does not
/// tell.
[[nodiscard]] std::optional<std::uint64_t> free_bytes(const std::filesystem::path& folder);

class DiskGuard {
  public:
    using Reader = std::function<std::optional<std::uint64_t>(const std::filesystem::path&)>;

    /// Asks `reader` for the room below `folder` and wants `min_free_mib` mebibytes; 0 wants none.
    DiskGuard(std::filesystem::path folder, std::uint64_t min_free_mib, Reader reader = free_bytes);

    /// What is wrong, as a sentence without a full stop; nothing while there is room, or when the
    /// system does not tell.
    [[nodiscard]] std::optional<std::string> complaint() const;

  private:
    std::filesystem::path folder_;
    std::uint64_t min_free_mib_;
    Reader reader_;
};

}  // namespace cairn::app
