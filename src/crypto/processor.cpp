#include "cairn/crypto/processor.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace cairn::crypto {

namespace {

/// Asks the processor itself, because clang 14 does not know this feature by name.
bool ask_for_sha_instructions() {
#if defined(__x86_64__)
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return static_cast<bool>(__builtin_cpu_supports("sse4.1")) &&
           __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & bit_SHA) != 0;
#else
    return false;
#endif
}

/// Asked once: a virtual machine takes microseconds over the answer.
const bool sha_instructions = ask_for_sha_instructions();

}  // namespace

bool has_sha_instructions() {
    return sha_instructions;
}

}  // namespace cairn::crypto
