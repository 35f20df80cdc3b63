/// The short way to say by which rule a block is refused.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/chain/checked_block.hpp"

namespace cairn::chain {

[[nodiscard]] inline tl::unexpected<BlockError> refused(BlockRule rule) {
    return tl::unexpected{BlockError{.rule = rule}};
}

}  // namespace cairn::chain
