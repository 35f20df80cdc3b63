/// `CAIRN_ASSERT`: stops the process on a bug of ours. Never used on data from outside.
#pragma once

namespace cairn::base {

/// Prints `condition` and its place on stderr and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace cairn::base

#define CAIRN_ASSERT(condition)         \
    ((condition) ? static_cast<void>(0) \
                 : ::cairn::base::assertion_failed(#condition, __FILE__, __LINE__))
