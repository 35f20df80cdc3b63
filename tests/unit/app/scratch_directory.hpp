/// A folder of a test's own, removed at its end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace cairn::app_test {

class ScratchDirectory {
  public:
    ScratchDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "cairn-app-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }

    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Writes a file and returns its path.
    [[nodiscard]] std::string write(std::string_view name, std::string_view text) const {
        const auto file = path_ / name;
        std::ofstream{file} << text;
        return file.string();
    }

  private:
    std::filesystem::path path_;
};

}  // namespace cairn::app_test
