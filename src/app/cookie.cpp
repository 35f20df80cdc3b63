#include "src/app/cookie.hpp"

#include <fstream>

namespace cairn::app {

std::optional<std::string> read_cookie(const std::filesystem::path& directory) {
    std::ifstream file{directory / "control.cookie"};
    std::string cookie;
    if (!(file >> cookie))
        return std::nullopt;
    return cookie;
}

}  // namespace cairn::app
