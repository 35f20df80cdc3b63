/// The simulator's store under the name that tests use.
#pragma once

#include "cairn/sim/memory_store.hpp"

namespace cairn::test {

using sim::MemoryStore;

}  // namespace cairn::test
