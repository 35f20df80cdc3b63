/// What the processor that runs us has.
#pragma once

namespace cairn::crypto {

/// Whether it has the x86 SHA instructions and what our kernels use beside them. Costs nothing.
[[nodiscard]] bool has_sha_instructions();

}  // namespace cairn::crypto
