#include "src/app/version.hpp"

namespace cairn::app {

std::string_view version_number() {
    return CAIRN_VERSION;
}

std::string_view commit_hash() {
    return CAIRN_COMMIT;
}

std::string version_text() {
    return "cairn " CAIRN_VERSION " (commit " CAIRN_COMMIT ", " CAIRN_BUILD_TYPE ")";
}

}  // namespace cairn::app
