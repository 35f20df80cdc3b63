// Whether the time of comparing a cookie tells how much of a guess is right, by the method of
// dudect (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017): two kinds of
// guesses in random order, the slowest measurements cut off, and Welch's t between the two.
//
//     secret_timing            exits 0 when |t| < 5 in one of three attempts, else 1
//
// A leak shows in every attempt; something else on the machine in one.
#include "src/rpc/access.hpp"

#include "cairn/base/random.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace cairn {

namespace {

constexpr double t_max = 5;
constexpr int attempts = 3;
constexpr std::size_t measurements = 400'000;
// Comparisons in one measurement, as one is shorter than the clock's step.
constexpr int repetitions = 16;
// The share of the fastest measurements that is looked at; the others met an interrupt.
constexpr double share_kept = 0.9;
constexpr std::size_t cookie_characters = 64;

using Compare = bool (*)(std::string_view, std::string_view);

/// What a comparison must not be: it stops at the first difference.
bool is_same_careless(std::string_view left, std::string_view right) {
    if (left.size() != right.size())
        return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (*const_cast<const volatile char*>(&left[i]) != right[i])
            return false;
    }
    return true;
}

struct Sample {
    std::size_t kind;
    double nanoseconds;
};

std::vector<Sample> measure(Compare compare, Random& random) {
    const std::string cookie(cookie_characters, 'a');
    // Wrong in its last character, and in its first.
    std::array<std::string, 2> guesses{cookie, cookie};
    guesses[0].back() = 'b';
    guesses[1].front() = 'b';
    std::vector<Sample> samples;
    samples.reserve(measurements);
    volatile bool sink = false;
    for (std::size_t i = 0; i < measurements; ++i) {
        const std::size_t kind = random.below(2);
        // The same memory for both kinds.
        const std::string guess = guesses[kind];
        const auto began = std::chrono::steady_clock::now();
        for (int repetition = 0; repetition < repetitions; ++repetition)
            sink = compare(guess, cookie);
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - began;
        samples.push_back({kind, took.count()});
    }
    static_cast<void>(sink);
    return samples;
}

/// Welch's t of the two kinds.
double t_of(std::vector<Sample> samples) {
    const auto kept = static_cast<std::ptrdiff_t>(share_kept * static_cast<double>(measurements));
    std::nth_element(
        samples.begin(),
        samples.begin() + kept,
        samples.end(),
        [](const Sample& left, const Sample& right) { return left.nanoseconds < right.nanoseconds; }
    );
    std::array<double, 2> count{};
    std::array<double, 2> mean{};
    std::array<double, 2> squares{};
    std::for_each(samples.begin(), samples.begin() + kept, [&](const Sample& sample) {
        // Welford's running mean and sum of squared differences.
        const double difference = sample.nanoseconds - mean[sample.kind];
        mean[sample.kind] += difference / ++count[sample.kind];
        squares[sample.kind] += difference * (sample.nanoseconds - mean[sample.kind]);
    });
    const auto error = [&](std::size_t kind) {
        return squares[kind] / (count[kind] - 1) / count[kind];
    };
    return (mean[0] - mean[1]) / std::sqrt(error(0) + error(1));
}

/// The smallest |t| of some attempts.
double least_t(const char* name, Compare compare, Random& random) {
    double least = HUGE_VAL;
    for (int attempt = 0; attempt < attempts && least >= t_max; ++attempt) {
        const double t = t_of(measure(compare, random));
        std::printf("%s: t = %.2f\n", name, t);
        least = std::min(least, std::abs(t));
    }
    return least;
}

}  // namespace

}  // namespace cairn

int main() {
    cairn::Random random{1};
    // The method itself is tried on what it must find.
    if (cairn::least_t("stops at the first difference", cairn::is_same_careless, random) <
        cairn::t_max) {
        std::fputs("secret_timing: too noisy to find a leak that is there\n", stderr);
        return EXIT_FAILURE;
    }
    const double found = cairn::least_t("is_same_secret", cairn::rpc::is_same_secret, random);
    std::printf("|t| = %.2f, below %.0f wanted\n", found, cairn::t_max);
    return found < cairn::t_max ? EXIT_SUCCESS : EXIT_FAILURE;
}
