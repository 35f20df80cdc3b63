// The difficulty rule under miners of changing strength and honesty (case K9). Whole numbers only:
// the same blocks on every compiler.
#include "tests/unit/consensus/consensus_fixture.hpp"

#include "cairn/base/random.hpp"
#include "cairn/consensus/header_rules.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cairn::consensus {

namespace {

constexpr std::uint64_t block_ms = 15'000;
/// Hashes behind one block at the limit.
constexpr std::uint64_t limit_hashes = 1U << 16U;
/// The difficulty, relative to the limit's, that `base_rate` holds at one block an interval.
constexpr std::uint64_t base_difficulty = 4'096;

/// A chain whose blocks come after exponentially distributed times.
class MinedChain {
  public:
    MinedChain(std::uint64_t seed, UnixMillis genesis_time, UnixMillis start)
        : random_{seed},
          engine_{make_engine(test::proof_of_work_spec())},
          tip_{.height = Height{0}, .time = genesis_time, .clock = 0},
          times_{genesis_time},
          now_ms_{start.value} {}

    /// Hashes a second, relative to what `base_difficulty` needs.
    void set_rate(std::uint64_t numerator, std::uint64_t denominator) {
        rate_numerator_ = numerator;
        rate_denominator_ = denominator;
    }

    /// Chance, in percent, that a block's time is as far ahead as the rules allow.
    void set_liars(std::uint64_t percent) { liars_percent_ = percent; }

    void pause(std::uint64_t duration_ms) { now_ms_ += duration_ms; }

    /// Waits for the next block, and adds it.
    void mine() {
        now_ms_ += exponential(mean_ms());
        const auto median =
            median_time(std::span{times_}.last(std::min(times_.size(), median_time_span)));
        const bool lies = random_.chance(liars_percent_, 100);
        const auto wanted = lies ? latest_time(*engine_, UnixMillis{now_ms_}) : UnixMillis{now_ms_};
        const auto time = std::max(wanted, median.next());
        // A miner whose median is in the future waits until its block is acceptable.
        now_ms_ = std::max(now_ms_, time.value - std::min(time.value, 10 * block_ms));
        const auto work_before = next_work();
        tip_ = engine_->advance(tip_, time);
        times_.push_back(time);
        // At most one halving of the difficulty a block. Compact targets round by 2^-15.
        CHECK(next_work() * 2 * 32'769 >= work_before * 32'768);
    }

    /// The difficulty of the next block relative to the limit's.
    [[nodiscard]] std::uint64_t difficulty() const { return next_work() / limit_hashes; }

    [[nodiscard]] std::uint64_t now_ms() const { return now_ms_; }

    [[nodiscard]] const ChainPoint& tip() const { return tip_; }

    [[nodiscard]] std::uint32_t next_target() const { return engine_->next_target(tip_); }

  private:
    /// The expected number of hashes for the next block; below 2^40 in all these tests.
    [[nodiscard]] std::uint64_t next_work() const {
        const auto target = target_from_compact(engine_->next_target(tip_)).value();
        const auto work = work_of_target(target);
        REQUIRE(work < Work::from_u64(std::uint64_t{1} << 40U));
        return work.limbs[3];
    }

    [[nodiscard]] std::uint64_t mean_ms() const {
        const auto base_hashes = limit_hashes * base_difficulty;
        return next_work() * rate_denominator_ / rate_numerator_ * block_ms / base_hashes;
    }

    /// -log2 of a uniform number, with log2 replaced by its chords between powers of two, times
    /// `mean` / 1.5: exponential to within a few percent, and exact in its mean.
    [[nodiscard]] std::uint64_t exponential(std::uint64_t mean) {
        const std::uint64_t word = random_.next() | 1U;
        const auto zeros = static_cast<unsigned>(std::countl_zero(word));
        const std::uint64_t fraction = ((word << zeros) << 1U) >> 48U;  // of 2^16
        const std::uint64_t surprise = ((zeros + std::uint64_t{1}) << 16U) - fraction;
        return (mean * surprise / 3 * 2) >> 16U;
    }

    Random random_;
    std::unique_ptr<Engine> engine_;
    ChainPoint tip_;
    std::vector<UnixMillis> times_;
    std::uint64_t now_ms_;
    std::uint64_t rate_numerator_ = 1;
    std::uint64_t rate_denominator_ = 1;
    std::uint64_t liars_percent_ = 0;
};

constexpr UnixMillis start{1'788'000'000'000};

/// A chain that has found the difficulty of its miners.
MinedChain settled_chain(std::uint64_t seed) {
    MinedChain chain{seed, start, start};
    for (int i = 0; i < 1'500; ++i)
        chain.mine();
    REQUIRE(chain.difficulty() > base_difficulty / 2);
    REQUIRE(chain.difficulty() < base_difficulty * 2);
    return chain;
}

/// Mines `blocks` blocks and says how many intervals they took.
std::uint64_t intervals_for(MinedChain& chain, int blocks) {
    const auto before_ms = chain.now_ms();
    for (int i = 0; i < blocks; ++i)
        chain.mine();
    return (chain.now_ms() - before_ms) / block_ms;
}

}  // namespace

TEST_CASE("Mining: steady miners get one block an interval", "[consensus][K9]") {
    auto chain = settled_chain(1);
    const auto intervals = intervals_for(chain, 5'000);
    CHECK(intervals > 4'850);
    CHECK(intervals < 5'150);
}

TEST_CASE("Mining: a long pause releases no backlog", "[consensus][K9]") {
    // 20 blocks are to be expected in the ten intervals after the block that ends the pause.
    constexpr std::uint64_t runs = 20;
    std::uint64_t blocks = 0;
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
        auto chain = settled_chain(seed);
        chain.pause(40'000 * block_ms);
        chain.mine();
        const auto end_ms = chain.now_ms() + 10 * block_ms;
        std::uint64_t found = 0;
        for (chain.mine(); chain.now_ms() <= end_ms; chain.mine())
            ++found;
        blocks += found;
        CHECK(found <= 40);
    }
    CHECK(blocks <= 25 * runs);
}

TEST_CASE("Mining: a hundred times the hash rate finds its difficulty", "[consensus][K9]") {
    auto chain = settled_chain(2);
    chain.set_rate(100, 1);
    // log2(100) = 6.6 half-lives of 60 blocks each are to be made up for.
    const auto intervals = intervals_for(chain, 800);
    CHECK(intervals > 300);
    CHECK(intervals < 500);
    CHECK(chain.difficulty() > 100 * base_difficulty * 3 / 4);
    CHECK(chain.difficulty() < 100 * base_difficulty * 4 / 3);
}

TEST_CASE("Mining: a thousandth of the hash rate finds its difficulty", "[consensus][K9]") {
    auto chain = settled_chain(3);
    chain.set_rate(1, 1'000);
    CHECK(intervals_for(chain, 50) < 6'000);
    for (int i = 0; i < 600; ++i)
        chain.mine();
    CHECK(chain.difficulty() >= 2);
    CHECK(chain.difficulty() <= 8);
}

TEST_CASE("Mining: two liars in five gain nothing", "[consensus][K9]") {
    auto chain = settled_chain(4);
    chain.set_liars(40);
    const auto before_ms = chain.now_ms();
    std::uint64_t lowest = chain.difficulty();
    constexpr std::uint64_t blocks = 5'000;
    for (std::uint64_t i = 0; i < blocks; ++i) {
        chain.mine();
        lowest = std::min(lowest, chain.difficulty());
    }
    const auto intervals = (chain.now_ms() - before_ms) / block_ms;
    CHECK(intervals > blocks * 95 / 100);
    CHECK(intervals < blocks * 105 / 100);
    CHECK(lowest > base_difficulty * 6 / 10);
}

TEST_CASE("Mining: a genesis of 1970 is one half-life ago", "[consensus][K9]") {
    MinedChain chain{5, UnixMillis{0}, start};
    chain.mine();
    CHECK(chain.tip().clock == half_life_intervals * static_cast<std::int64_t>(block_ms));
    CHECK(chain.next_target() == test::target_limit);
    // Without the cap the limit would rule for 56 years; with it, for 60 blocks.
    for (int i = 0; i < 200; ++i)
        chain.mine();
    CHECK(chain.next_target() < test::target_limit);
}

}  // namespace cairn::consensus
