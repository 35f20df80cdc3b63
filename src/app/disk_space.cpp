#include "src/app/disk_space.hpp"

#include <sys/statvfs.h>

#include <utility>

namespace cairn::app {

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

}  // namespace

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& folder) {
    struct statvfs facts {};

    if (::statvfs(folder.c_str(), &facts) != 0)
        return std::nullopt;
    return std::uint64_t{facts.f_bavail} * facts.f_frsize;
}

DiskGuard::DiskGuard(std::filesystem::path folder, std::uint64_t min_free_mib, Reader reader)
    : folder_{std::move(folder)}, min_free_mib_{min_free_mib}, reader_{std::move(reader)} {}

std::optional<std::string> DiskGuard::complaint() const {
    const auto free = reader_(folder_);
    if (!free || *free >= min_free_mib_ * mebibyte)
        return std::nullopt;
    return "only " + std::to_string(*free / mebibyte) + " MiB are free for " + folder_.string() +
           " and " + std::to_string(min_free_mib_) +
           " are wanted; make room, or give a smaller --min-free";
}

}  // namespace cairn::app
