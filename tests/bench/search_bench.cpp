/// Hashes a second of each search kernel, and what a caller's dirty vector registers cost.
#include "cairn/miner/search.hpp"

#include <benchmark/benchmark.h>

namespace cairn::miner {

namespace {

/// Long enough that preparing the header does not count.
constexpr std::uint64_t nonces_per_search = 1U << 16U;
/// A few hashes, so that each one meets the registers as the caller left them.
constexpr std::uint64_t nonces_per_call = 16;

/// No hash is at most zero: the whole range is tried.
SearchRange hopeless_range(std::uint64_t count) {
    SearchRange range;
    range.header.fill(0x5a);
    range.count = count;
    return range;
}

void count_hashes(benchmark::State& state, std::uint64_t hashes_per_iteration) {
    const auto hashes =
        static_cast<double>(state.iterations()) * static_cast<double>(hashes_per_iteration);
    state.counters["hashes"] = benchmark::Counter(hashes, benchmark::Counter::kIsRate);
}

void bench_search(benchmark::State& state, Kernel kernel) {
    if (!is_supported(kernel)) {
        state.SkipWithError("this processor lacks the kernel's instructions");
        return;
    }
    SearchRange range = hopeless_range(nonces_per_search);
    for (auto _ : state) {
        benchmark::DoNotOptimize(search(range, kernel));
        range.first += range.count;
    }
    count_hashes(state, nonces_per_search);
}

BENCHMARK_CAPTURE(bench_search, portable, Kernel::portable);
BENCHMARK_CAPTURE(bench_search, sha_ni, Kernel::sha_ni);
BENCHMARK_CAPTURE(bench_search, avx512, Kernel::avx512);

#if defined(__x86_64__)

/// What the caller did with the vector registers before the call.
enum class Uppers { clean, dirty };

/// SHA instructions run three to a hundred times slower while upper register halves are in use.
/// The dirty time must stay below 1.5 times the clean one.
void bench_upper_halves(benchmark::State& state, Uppers uppers) {
    if (!is_supported(Kernel::sha_ni) || !static_cast<bool>(__builtin_cpu_supports("avx2"))) {
        state.SkipWithError("this processor lacks the SHA instructions or AVX2");
        return;
    }
    const SearchRange range = hopeless_range(nonces_per_call);
    for (auto _ : state) {
        if (uppers == Uppers::dirty)
            asm volatile("vpcmpeqd %%ymm5, %%ymm5, %%ymm5" ::: "xmm5");
        else
            asm volatile("vzeroupper");
        benchmark::DoNotOptimize(search(range, Kernel::sha_ni));
    }
    asm volatile("vzeroupper");
    count_hashes(state, nonces_per_call);
}

BENCHMARK_CAPTURE(bench_upper_halves, clean, Uppers::clean);
BENCHMARK_CAPTURE(bench_upper_halves, dirty, Uppers::dirty);

#endif

}  // namespace

}  // namespace cairn::miner
