/// `/healthz` and `/readiness`: for those that watch processes (spec 12 §8).
#pragma once

#include "cairn/http/gate.hpp"

#include <string_view>

namespace cairn::http {

/// The process answers: `{"alive":true}`.
[[nodiscard]] Decision decide_alive(const HttpRequest& request, std::string_view rest);

/// 200 when the node has `minPeers` peers (1) and is at most `maxBlocksBehind` blocks (2) behind
/// the best that a peer has shown, 503 when not.
[[nodiscard]] Decision decide_readiness(const HttpRequest& request, std::string_view rest);

}  // namespace cairn::http
