/// `cairn node`: runs a node until a signal or a command stops it.
#pragma once

#include "src/app/command.hpp"
#include "src/app/node_options.hpp"

namespace cairn::app {

[[nodiscard]] Command make_node_command();

/// Runs a node. Prints one line on stdout when it is ready:
/// `ready name=... port=... chain=... height=... tip=... datadir=...`, values quoted as in the log.
/// Returns the exit code. Throws `StartError` when it cannot start.
[[nodiscard]] int run_node(const NodeOptions& options);

}  // namespace cairn::app
