#include "cairn/ledger/chain_spec.hpp"

#include "tests/unit/ledger/samples.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace cairn::ledger {

namespace {

ChainSpec dev() {
    return built_in_chain("dev").value();
}

/// The field that is refused in a `dev` spec after `change`; empty when it is accepted.
std::string refused_field(const std::function<void(ChainSpec&)>& change) {
    auto spec = dev();
    change(spec);
    const auto parsed = parse_chain_spec(codec::to_json(spec));
    return parsed ? "" : parsed.error().field;
}

/// The same after replacing `before` in its text.
std::string refused_field(std::string_view before, std::string_view after) {
    auto text = canonical_text(dev());
    text.replace(text.find(before), before.size(), after);
    const auto parsed = parse_chain_spec(text);
    return parsed ? "" : parsed.error().field;
}

}  // namespace

TEST_CASE("Chain spec: the built-in ones are valid and read back from their text", "[ledger]") {
    for (const auto name : built_in_chain_names()) {
        const auto spec = built_in_chain(name);
        REQUIRE(spec);
        CHECK(spec->name == name);
        CHECK(check_chain_spec(*spec));
        CHECK(parse_chain_spec(canonical_text(*spec)) == *spec);
        CHECK(codec::is_canonical_json(as_bytes(canonical_text(*spec))));
    }
    CHECK(built_in_chain_names() == std::vector<std::string_view>{"cairn", "lab", "dev"});
    CHECK_FALSE(built_in_chain("Dev"));
}

TEST_CASE("Chain spec: only development chains have funded accounts", "[ledger]") {
    CHECK_FALSE(built_in_chain("cairn")->development);
    CHECK(built_in_chain("cairn")->balances.empty());
    for (const auto name : {"lab", "dev"}) {
        const auto spec = built_in_chain(name).value();
        CHECK(spec.development);
        REQUIRE(spec.balances.size() == development_accounts);
        CHECK(spec.balances[3].account == account_of(development_key(3).public_key()));
        CHECK(spec.balances[3].amount == Amount{1'000'000'000'000});
    }
}

TEST_CASE("Chain spec: order and spacing do not matter", "[ledger]") {
    CHECK(parse_chain_spec("\n" + codec::to_json(dev()) + " ") == dev());
}

TEST_CASE("Chain spec: names, prefixes and messages are bounded", "[ledger]") {
    using Spec = ChainSpec;
    const auto name = [](std::string value) {
        return refused_field([&](Spec& spec) { spec.name = value; });
    };
    CHECK(name(std::string(chain_name_bytes_max, 'a')).empty());
    CHECK(name("a-b_9").empty());
    CHECK(name(std::string(chain_name_bytes_max + 1, 'a')) == "name");
    for (const auto bad : {"", "9a", "Dev", "../x", "a b", "\u00e9"})
        CHECK(name(bad) == "name");

    const auto prefix = [](std::string value) {
        return refused_field([&](Spec& spec) { spec.prefix = value; });
    };
    CHECK(prefix(std::string(address_prefix_bytes_max, 'a')).empty());
    CHECK(prefix(std::string(address_prefix_bytes_max + 1, 'a')) == "prefix");
    for (const auto bad : {"", "1a", "CRN", "c-r", "\x7f"})
        CHECK(prefix(bad) == "prefix");

    const auto message = [](std::size_t size) {
        return refused_field([&](Spec& spec) { spec.message = std::string(size, 'm'); });
    };
    CHECK(message(chain_message_bytes_max).empty());
    CHECK(message(chain_message_bytes_max + 1) == "message");
}

TEST_CASE("Chain spec: numbers stay within their ranges", "[ledger][C7]") {
    const auto interval = [](std::uint64_t value) {
        return refused_field([&](ChainSpec& spec) { spec.engine.block_interval_ms = value; });
    };
    CHECK(interval(block_interval_ms_min).empty());
    CHECK(interval(block_interval_ms_max).empty());
    CHECK(interval(block_interval_ms_min - 1) == "engine.block_interval_ms");
    CHECK(interval(block_interval_ms_max + 1) == "engine.block_interval_ms");
    CHECK(refused_field(R"("time":1793491200000)", R"("time":9007199254740991)").empty());
    // JSON itself ends before 2^53, so the place is a byte of the text.
    const auto place = refused_field(R"("time":1793491200000)", R"("time":9007199254740992)");
    CHECK(place.substr(0, 5) == "byte ");
    CHECK(refused_field(R"("time":1793491200000)", R"("time":1e3)") == "time");
}

TEST_CASE("Chain spec: the target limit is the one encoding of a target", "[ledger][K4]") {
    const auto target = [](std::uint32_t compact) {
        return refused_field([&](ChainSpec& spec) { spec.engine.target_limit = compact; });
    };
    for (const std::uint32_t good :
         {0x0101'0000U,
          0x017f'0000U,
          0x0200'8000U,
          0x0300'8000U,
          0x1d00'ffffU,
          0x207f'ffffU,
          0x2100'ffffU})
        CHECK(target(good).empty());
    // Zero, negative, with a shorter form, with lost digits, beyond 256 bits.
    for (const std::uint32_t bad :
         {0x0000'0000U,
          0x0080'0000U,
          0x0400'0000U,
          0x1d80'0000U,
          0x1d00'7fffU,
          0x0101'0001U,
          0x0200'8001U,
          0x2101'0000U,
          0x2200'8000U,
          0xff00'ffffU})
        CHECK(target(bad) == "engine.target_limit");
}

TEST_CASE("Chain spec: an engine without work has no target", "[ledger]") {
    const auto instant = [](std::uint32_t target, bool retarget) {
        return refused_field([&](ChainSpec& spec) {
            spec.engine.kind = EngineKind::instant_seal;
            spec.engine.target_limit = target;
            spec.engine.retarget = retarget;
        });
    };
    CHECK(instant(0, false).empty());
    CHECK(instant(0x2040'0000, false) == "engine.target_limit");
    CHECK(instant(0, true) == "engine.retarget");
    CHECK(refused_field(R"("proof_of_work")", R"("proof_of_luck")") == "engine.kind");
}

TEST_CASE("Chain spec: no account is named twice", "[ledger]") {
    CHECK(refused_field([](ChainSpec& spec) {
              spec.balances[7].account = spec.balances[2].account;
          }) == "balances");
}

TEST_CASE("Chain spec: all coins that can ever be stay below 2^53", "[ledger][K2]") {
    const auto supply = [](std::uint64_t subsidy, std::uint64_t interval, std::uint64_t balance) {
        return refused_field([&](ChainSpec& spec) {
            spec.rewards = {Amount{subsidy}, interval};
            spec.balances = {{AccountId{}, Amount{balance}}};
        });
    };
    CHECK(supply(0, 0, quantity_max).empty());
    CHECK(supply(1, 1, quantity_max - 1).empty());
    CHECK(supply(1, 1, quantity_max) == "balances");
    // 4 + 2 + 1 in each interval of three blocks.
    CHECK(supply(4, 3, quantity_max - 21).empty());
    CHECK(supply(4, 3, quantity_max - 20) == "balances");
    CHECK(supply(1, 0, quantity_max - constant_subsidy_blocks).empty());
    CHECK(supply(1, 0, quantity_max - constant_subsidy_blocks + 1) == "balances");
    CHECK(supply(quantity_max / constant_subsidy_blocks, 0, 0).empty());
    CHECK(supply(quantity_max / constant_subsidy_blocks + 1, 0, 0) == "rewards.subsidy");
    CHECK(supply(quantity_max, quantity_max, 0) == "rewards.subsidy");
    CHECK(supply(quantity_max / 2 + 1, 1, 0).empty());
    CHECK(supply(quantity_max / 2 + 2, 1, 0) == "rewards.subsidy");
}

TEST_CASE("Chain spec: limits hold the genesis block and stay below our own", "[ledger][K8]") {
    const auto limits = [](std::uint64_t block, std::uint64_t transaction) {
        return refused_field([&](ChainSpec& spec) {
            spec.limits = {block, transaction};
            spec.balances.clear();
        });
    };
    CHECK(limits(block_bytes_max, transaction_bytes_max).empty());
    CHECK(limits(block_bytes_min, transaction_bytes_limit_min).empty());
    CHECK(limits(block_bytes_max + 1, transaction_bytes_max) == "limits.block_bytes");
    CHECK(limits(block_bytes_min - 1, transaction_bytes_limit_min) == "limits.block_bytes");
    CHECK(limits(block_bytes_max, transaction_bytes_max + 1) == "limits.transaction_bytes");
    CHECK(limits(block_bytes_max, transaction_bytes_limit_min - 1) == "limits.transaction_bytes");
    CHECK(limits(block_bytes_min, block_bytes_min + 1) == "limits.transaction_bytes");
    const auto genesis_bytes = canonical_text(dev()).size();
    CHECK(refused_field([&](ChainSpec& spec) {
              spec.limits.transaction_bytes = genesis_bytes;
          }) == "limits.transaction_bytes");
}

TEST_CASE("Chain spec: the most balances that there may be fit a genesis", "[ledger]") {
    const auto balances = [](std::size_t count) {
        return refused_field([&](ChainSpec& spec) {
            spec.balances.resize(count);
            for (std::size_t i = 0; i < count; ++i) {
                spec.balances[i].account.bytes[0] = static_cast<std::uint8_t>(i);
                spec.balances[i].account.bytes[1] = static_cast<std::uint8_t>(i / 256);
                spec.balances[i].amount = Amount{10'000'000'000'000};
            }
        });
    };
    CHECK(balances(initial_balances_max).empty());
    CHECK(balances(initial_balances_max + 1) == "balances");
}

TEST_CASE("Chain spec: each field is there once and known", "[ledger]") {
    CHECK(refused_field(R"("message")", R"("massage")") == "message");
    CHECK(refused_field(R"("name":)", R"("colour":"red","name":)") == "colour");
    CHECK(refused_field(R"("limits":{)", R"("limits":{"height":1,)") == "limits.height");
    const auto broken = parse_chain_spec("{");
    REQUIRE_FALSE(broken);
    CHECK_FALSE(broken.error().expected.empty());
}

TEST_CASE("Rewards: the subsidy halves after each interval from block 1 on", "[ledger][K3]") {
    const RewardSpec rewards{Amount{50}, 10};
    CHECK(subsidy_at(rewards, Height{0}) == Amount{0});
    CHECK(subsidy_at(rewards, Height{1}) == Amount{50});
    CHECK(subsidy_at(rewards, Height{10}) == Amount{50});
    CHECK(subsidy_at(rewards, Height{11}) == Amount{25});
    CHECK(subsidy_at(rewards, Height{21}) == Amount{12});
    CHECK(subsidy_at(rewards, Height{61}) == Amount{0});
    CHECK(subsidy_at(rewards, Height{quantity_max}) == Amount{0});
}

TEST_CASE("Rewards: a constant subsidy ends where the supply's bound says", "[ledger][K3]") {
    const RewardSpec rewards{Amount{50}, 0};
    CHECK(subsidy_at(rewards, Height{0}) == Amount{0});
    CHECK(subsidy_at(rewards, Height{constant_subsidy_blocks}) == Amount{50});
    CHECK(subsidy_at(rewards, Height{constant_subsidy_blocks + 1}) == Amount{0});
}

}  // namespace cairn::ledger
