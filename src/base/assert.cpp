#include "cairn/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace cairn::base {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
    static_cast<void>(std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition));
    std::abort();
}

}  // namespace cairn::base
