#include "cairn/ledger/chain_spec.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/sha256.hpp"

#include <utility>

namespace cairn::ledger {

namespace {

constexpr std::uint64_t pebbles_per_coin = 1'000'000;
/// 2026-11-01 00:00:00 UTC.
constexpr UnixMillis built_in_genesis_time{1'793'491'200'000};
/// One year of blocks at 15 s.
constexpr std::uint64_t built_in_halving_interval = 2'102'400;
constexpr Amount built_in_subsidy{50 * pebbles_per_coin};
constexpr Amount development_balance{1'000'000 * pebbles_per_coin};

/// Compact targets; the expected number of hashes is 2^256 over the target.
constexpr std::uint32_t target_2_to_236 = 0x1e10'0000;
constexpr std::uint32_t target_2_to_240 = 0x1f01'0000;
constexpr std::uint32_t target_2_to_254 = 0x2040'0000;

std::vector<InitialBalance> development_balances() {
    std::vector<InitialBalance> balances;
    for (std::size_t i = 0; i < development_accounts; ++i)
        balances.push_back({account_of(development_key(i).public_key()), development_balance});
    return balances;
}

/// A million hashes for the first block: the weakest computer finds it within the interval, a
/// strong one passes through some hundred quick blocks before the difficulty has caught up.
ChainSpec cairn_chain() {
    return {
        .name = "cairn",
        .prefix = "crn",
        .engine =
            {.kind = EngineKind::proof_of_work,
             .block_interval_ms = 15'000,
             .retarget = true,
             .target_limit = target_2_to_236},
        .rewards = {.subsidy = built_in_subsidy, .halving_interval = built_in_halving_interval},
        .limits = {},
        .balances = {},
        .time = built_in_genesis_time,
        .message = "Each stone rests on the one below.",
        .development = false,
    };
}

ChainSpec lab_chain() {
    return {
        .name = "lab",
        .prefix = "lab",
        .engine =
            {.kind = EngineKind::proof_of_work,
             .block_interval_ms = 2'000,
             .retarget = true,
             .target_limit = target_2_to_240},
        .rewards = {.subsidy = built_in_subsidy, .halving_interval = built_in_halving_interval},
        .limits = {},
        .balances = development_balances(),
        .time = built_in_genesis_time,
        .message = "Watch the difficulty climb. These coins are worth nothing.",
        .development = true,
    };
}

ChainSpec dev_chain() {
    return {
        .name = "dev",
        .prefix = "dev",
        .engine =
            {.kind = EngineKind::proof_of_work,
             .block_interval_ms = 1'000,
             .retarget = false,
             .target_limit = target_2_to_254},
        .rewards = {.subsidy = built_in_subsidy, .halving_interval = built_in_halving_interval},
        .limits = {},
        .balances = development_balances(),
        .time = built_in_genesis_time,
        .message = "Everybody knows these keys. These coins are worth nothing.",
        .development = true,
    };
}

}  // namespace

std::string_view to_string(EngineKind kind) {
    switch (kind) {
        case EngineKind::proof_of_work:
            return "proof_of_work";
        case EngineKind::instant_seal:
            return "instant_seal";
    }
    return "unknown";
}

std::string to_string(const NamedChain& chain) {
    return chain.name + " (" + to_hex(chain.id) + ")";
}

std::optional<ChainSpec> built_in_chain(std::string_view name) {
    if (name == "cairn")
        return cairn_chain();
    if (name == "lab")
        return lab_chain();
    if (name == "dev")
        return dev_chain();
    return std::nullopt;
}

std::vector<std::string_view> built_in_chain_names() {
    return {"cairn", "lab", "dev"};
}

Amount subsidy_at(const RewardSpec& rewards, Height height) {
    if (height.value == 0)
        return Amount{0};
    if (rewards.halving_interval == 0)
        return height.value <= constant_subsidy_blocks ? rewards.subsidy : Amount{0};
    const auto halvings = (height.value - 1) / rewards.halving_interval;
    return halvings < 64 ? Amount{rewards.subsidy.value >> halvings} : Amount{0};
}

crypto::SecretKey development_key(std::size_t index) {
    CAIRN_ASSERT(index < development_accounts);
    const auto seed = "cairn development account " + std::to_string(index);
    auto key = crypto::SecretKey::from_bytes(crypto::sha256(as_bytes(seed)).view());
    CAIRN_ASSERT(key.has_value());
    return std::move(*key);
}

}  // namespace cairn::ledger
