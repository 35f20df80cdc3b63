/// `cairn tracker`: lists live nodes for others.
#pragma once

#include "src/app/command.hpp"

namespace cairn::app {

[[nodiscard]] Command make_tracker_command();

}  // namespace cairn::app
