#include "src/app/system_random.hpp"

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

namespace cairn::app {

namespace {

using Seed = std::array<std::uint8_t, 16>;

// 100,000 seeds in all; a fork is slow, so each child draws many.
constexpr std::size_t children = 200;
constexpr std::size_t threads = 8;
constexpr std::size_t seeds_of_child = 250;
constexpr std::size_t seeds_of_thread = 6'250;

void draw(Seed& seed) {
    if (!fill_from_system(seed))
        throw std::runtime_error{"no randomness"};
}

/// What `children` processes draw, forked from one state.
std::vector<Seed> draw_in_forks() {
    std::vector<Seed> all;
    for (std::size_t i = 0; i < children; ++i) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            std::array<Seed, seeds_of_child> seeds{};
            for (auto& seed : seeds)
                if (!fill_from_system(seed))
                    ::_exit(1);
            ::_exit(::write(ends[1], seeds.data(), sizeof(seeds)) == sizeof(seeds) ? 0 : 1);
        }
        ::close(ends[1]);
        std::array<Seed, seeds_of_child> seeds{};
        REQUIRE(::read(ends[0], seeds.data(), sizeof(seeds)) == sizeof(seeds));
        ::close(ends[0]);
        int status = 1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(status == 0);
        all.insert(all.end(), seeds.begin(), seeds.end());
    }
    return all;
}

std::vector<Seed> draw_in_threads() {
    std::vector<Seed> all(threads * seeds_of_thread);
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i)
        running.emplace_back([&all, i] {
            for (std::size_t k = 0; k < seeds_of_thread; ++k)
                draw(all[i * seeds_of_thread + k]);
        });
    for (auto& thread : running)
        thread.join();
    return all;
}

}  // namespace

TEST_CASE("Randomness: 100,000 seeds of forks and threads all differ", "[app][W1]") {
    auto seeds = draw_in_forks();
    const auto others = draw_in_threads();
    seeds.insert(seeds.end(), others.begin(), others.end());
    REQUIRE(seeds.size() == 100'000);
    std::sort(seeds.begin(), seeds.end());
    CHECK(std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end());
}

TEST_CASE("Randomness: every byte value comes equally often", "[app][W1]") {
    constexpr std::size_t draws = std::size_t{1} << 20U;
    std::vector<std::uint8_t> bytes(draws);
    REQUIRE(fill_from_system(bytes));
    std::array<std::size_t, 256> counts{};
    for (const auto byte : bytes)
        ++counts[byte];
    // Chi-squared over 255 degrees of freedom: 255 expected, deviation 22.6. The bounds are nine
    // deviations away, so that this fails for a source that is broken and never by chance.
    constexpr std::size_t expected = draws / 256;
    std::size_t squares = 0;
    for (const auto count : counts)
        squares += (count - expected) * (count - expected);
    CHECK(squares / expected > 255 - 9 * 23);
    CHECK(squares / expected < 255 + 9 * 23);
}

TEST_CASE("Randomness: no bytes are a request like any other", "[app]") {
    CHECK(fill_from_system({}));
}

}  // namespace cairn::app
