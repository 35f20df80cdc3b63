/// The paths that are not commands: descriptions, events, JSON-RPC, health.
#pragma once

#include "cairn/http/gate.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cairn::http {

[[nodiscard]] std::vector<Route> built_in_routes(const GateOptions& options);

struct Wrapping {
    bool is_head = false;
    /// May read the reply; empty: no page of another site.
    std::string origin;
};

/// `exchange` whose reply is told what HEAD and other sites need.
[[nodiscard]] std::unique_ptr<Exchange> wrap(std::unique_ptr<Exchange> exchange, Wrapping wrapping);

}  // namespace cairn::http
