#include "src/app/client_commands.hpp"
#include "src/app/version.hpp"

#include "cairn/codec/json_text.hpp"

#include <ostream>

namespace cairn::app {

int run_version(bool json, std::ostream& out) {
    using codec::Json;
    if (json)
        out << codec::to_text(Json::object(
                   {{"version", Json{version_number()}}, {"build", Json{version_text()}}}
               ))
            << '\n';
    else
        out << version_text() << '\n';
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
