#include "cairn/consensus/engine.hpp"

#include "tests/unit/consensus/consensus_fixture.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

namespace cairn::consensus {

namespace {

ledger::SealedHeader sealed(std::uint32_t target) {
    ledger::SealedHeader head;
    head.header.target = target;
    head.seal = test::seal_of_nonce(7);
    return head;
}

const Uint256 limit = target_from_compact(test::target_limit).value();
const BlockHash best_hash = test::hash_of_number(Uint256::from_u64(1));

HeaderError seal_error(const ledger::SealedHeader& head, const BlockHash& hash) {
    const auto engine = make_engine(test::proof_of_work_spec());
    const auto result = engine->check_seal(head, hash);
    REQUIRE_FALSE(result);
    return result.error();
}

}  // namespace

TEST_CASE("Proof of work: the hash may equal the target, not exceed it", "[consensus][K4]") {
    const auto engine = make_engine(test::proof_of_work_spec());
    const auto head = sealed(test::target_limit);
    CHECK(engine->check_seal(head, test::hash_of_number(limit)));
    const auto above = test::hash_of_number(saturating_add(limit, Uint256::from_u64(1)));
    CHECK(seal_error(head, above) == HeaderError::not_enough_work);
}

TEST_CASE(
    "Proof of work: a stated target must be one, and not above the limit", "[consensus][K4]"
) {
    const std::uint32_t bad_targets[] = {
        test::target_limit + 1,  // just easier than the limit
        0x1f01'0000,             // the limit plus one in its last digit
        0x207f'ffff,             // much easier
        0,                       // zero
        0x1f80'ffff,             // negative
        0xff00'ffff,             // overflowing
        0x2000'00ff,             // the limit's number in another form
    };
    for (const auto target : bad_targets)
        CHECK(seal_error(sealed(target), best_hash) == HeaderError::wrong_target);
}

TEST_CASE("Proof of work: a seal is a nonce of eight bytes up to 2^53-1", "[consensus][C7]") {
    const auto engine = make_engine(test::proof_of_work_spec());
    auto head = sealed(test::target_limit);
    head.seal = test::seal_of_nonce(quantity_max);
    CHECK(engine->check_seal(head, best_hash));
    head.seal = test::seal_of_nonce(quantity_max + 1);
    CHECK(seal_error(head, best_hash) == HeaderError::malformed_seal);
    for (const std::size_t size : {0U, 7U, 9U, 96U}) {
        head.seal = Bytes(size);
        CHECK(seal_error(head, best_hash) == HeaderError::malformed_seal);
    }
}

TEST_CASE("Proof of work: a block weighs what its target says", "[consensus]") {
    const auto engine = make_engine(test::proof_of_work_spec());
    CHECK(engine->is_searched());
    CHECK(engine->block_interval() == std::chrono::seconds{15});
    CHECK(engine->work_of(sealed(test::target_limit).header) == work_of_target(limit));
    CHECK(engine->work_of(sealed(0).header) == Work{});
}

TEST_CASE("Proof of work: without retargeting the limit is every target", "[consensus]") {
    auto spec = test::proof_of_work_spec();
    spec.retarget = false;
    const auto engine = make_engine(spec);
    ChainPoint tip;
    for (int i = 0; i < 200; ++i) {
        CHECK(engine->next_target(tip) == test::target_limit);
        tip = engine->advance(tip, UnixMillis{1});
    }
}

TEST_CASE("Proof of work: a point advances by height and capped clock", "[consensus][K9]") {
    const auto engine = make_engine(test::proof_of_work_spec());
    const ChainPoint genesis{.height = Height{0}, .time = UnixMillis{20'000}, .clock = 0};
    const auto first = engine->advance(genesis, UnixMillis{19'000});
    CHECK(first == ChainPoint{.height = Height{1}, .time = UnixMillis{19'000}, .clock = -1'000});
    const auto second = engine->advance(first, UnixMillis{quantity_max});
    CHECK(second.clock == 899'000);
    // In memory a time may be anything; the clock saturates instead of wrapping.
    const auto third = engine->advance(second, UnixMillis{~std::uint64_t{0}});
    CHECK(engine->advance(third, UnixMillis{0}).clock < -clock_max + 10'000'000);
}

TEST_CASE("Instant seal: no target, no seal, one unit of work", "[consensus]") {
    const auto engine = make_engine(test::instant_seal_spec());
    CHECK_FALSE(engine->is_searched());
    CHECK(engine->block_interval() == std::chrono::seconds{15});
    const auto tip = engine->advance(ChainPoint{}, UnixMillis{5});
    CHECK(tip == ChainPoint{.height = Height{1}, .time = UnixMillis{5}, .clock = 0});
    CHECK(engine->next_target(tip) == 0);

    ledger::SealedHeader head;
    const auto worst_hash = test::hash_of_number(Uint256::max());
    CHECK(engine->check_seal(head, worst_hash));
    CHECK(engine->work_of(head.header) == Work::from_u64(1));
    head.header.target = 0x0101'0000;
    CHECK(engine->check_seal(head, worst_hash).error() == HeaderError::wrong_target);
    head.seal = Bytes(1);
    CHECK(engine->check_seal(head, worst_hash).error() == HeaderError::malformed_seal);
}

TEST_CASE(
    "Engine spec: a chain spec takes exactly the limits that are targets", "[consensus][K4]"
) {
    // The ledger, below this module, checks the form of a limit by itself.
    auto spec = ledger::built_in_chain("cairn").value();
    Random random{6};
    for (int i = 0; i < 2'000; ++i) {
        const auto word = random.next();
        const auto length = static_cast<std::uint32_t>(random.below(36));
        const auto shift = static_cast<unsigned>(8 * random.below(4));
        const auto mantissa = static_cast<std::uint32_t>(word & 0x00ff'ffffU) >> shift;
        const std::uint32_t whole = random.chance(1, 2) ? mantissa : mantissa & 0x00ff'0000U;
        spec.engine.target_limit = (length << 24U) | whole;
        INFO(spec.engine.target_limit);
        const bool is_target = target_from_compact(spec.engine.target_limit).has_value();
        CHECK(ledger::parse_chain_spec(canonical_text(spec)).has_value() == is_target);
    }
}

TEST_CASE("Engine spec: every built-in chain has its engine", "[consensus]") {
    for (const auto name : ledger::built_in_chain_names()) {
        const auto spec = ledger::built_in_chain(name).value().engine;
        CHECK(make_engine(spec)->next_target(ChainPoint{}) == spec.target_limit);
    }
}

TEST_CASE("Errors: each has a name of its own", "[consensus]") {
    CHECK(to_string(HeaderError::wrong_chain) == "wrong_chain");
    CHECK(to_string(HeaderError::wrong_height) == "wrong_height");
    CHECK(to_string(HeaderError::time_not_later) == "time_not_later");
    CHECK(to_string(HeaderError::too_early) == "too_early");
    CHECK(to_string(HeaderError::wrong_target) == "wrong_target");
    CHECK(to_string(HeaderError::malformed_seal) == "malformed_seal");
    CHECK(to_string(HeaderError::not_enough_work) == "not_enough_work");
}

}  // namespace cairn::consensus
