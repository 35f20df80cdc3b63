/// The explorer: one page that shows a node's chain in a browser, carried by the binary.
#pragma once

#include "cairn/http/gate.hpp"

namespace cairn::http {

/// Serves the explorer at `/`.
void add_explorer(Gate& gate);

}  // namespace cairn::http
