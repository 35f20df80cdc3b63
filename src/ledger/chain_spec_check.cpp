#include "src/ledger/compact_hex.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/codec/text.hpp"
#include "cairn/ledger/chain_spec.hpp"

#include <algorithm>
#include <array>

namespace cairn::ledger {

namespace {

using Finding = std::optional<SpecError>;

std::string quoted(std::string_view text) {
    std::string result;
    codec::append_quoted(result, text.substr(0, chain_message_bytes_max));
    return result;
}

bool is_lower_letter(char character) {
    return character >= 'a' && character <= 'z';
}

bool is_lower_letter_or_digit(char character) {
    return is_lower_letter(character) || (character >= '0' && character <= '9');
}

Finding check_name(const ChainSpec& spec) {
    const auto is_allowed = [](char character) {
        return is_lower_letter_or_digit(character) || character == '-' || character == '_';
    };
    if (!spec.name.empty() && spec.name.size() <= chain_name_bytes_max &&
        is_lower_letter(spec.name.front()) && std::ranges::all_of(spec.name, is_allowed))
        return std::nullopt;
    return SpecError{"name", "1 to 32 of a-z, 0-9, - and _, a letter first", quoted(spec.name)};
}

Finding check_prefix(const ChainSpec& spec) {
    if (!spec.prefix.empty() && spec.prefix.size() <= address_prefix_bytes_max &&
        is_lower_letter(spec.prefix.front()) &&
        std::ranges::all_of(spec.prefix, is_lower_letter_or_digit))
        return std::nullopt;
    return SpecError{"prefix", "1 to 10 of a-z and 0-9, a letter first", quoted(spec.prefix)};
}

Finding check_message(const ChainSpec& spec) {
    if (spec.message.size() <= chain_message_bytes_max && codec::is_utf8(spec.message))
        return std::nullopt;
    return SpecError{"message", "at most 256 bytes of UTF-8", quoted(spec.message)};
}

Finding check_range(
    std::string field, std::uint64_t value, std::uint64_t least, std::uint64_t most
) {
    if (value >= least && value <= most)
        return std::nullopt;
    return SpecError{
        std::move(field),
        std::to_string(least) + " to " + std::to_string(most),
        std::to_string(value)};
}

Finding check_interval(const ChainSpec& spec) {
    return check_range(
        "engine.block_interval_ms",
        spec.engine.block_interval_ms,
        block_interval_ms_min,
        block_interval_ms_max
    );
}

Finding check_time(const ChainSpec& spec) {
    return check_range("time", spec.time.value, 0, quantity_max);
}

/// Whether `compact` is the one encoding of a positive number below 2^256 (spec 06 §2). The
/// conversion itself belongs to the consensus rules above this module.
bool is_compact_target(std::uint32_t compact) {
    const auto size = compact >> 24U;
    const auto mantissa = compact & 0x00ff'ffffU;
    // The top bit would be a sign. A mantissa that fits two bytes has a shorter size; one of size 1
    // or 2 has zeros in the bytes that its number does not have.
    const bool is_minimal = mantissa >= 0x8000U && mantissa <= 0x7f'ffffU;
    const bool has_no_fraction = size >= 3 || (size == 2 && (mantissa & 0xffU) == 0) ||
                                 (size == 1 && (mantissa & 0xffffU) == 0);
    const bool fits = size <= 32 || (size == 33 && mantissa <= 0xffffU);
    return size > 0 && is_minimal && has_no_fraction && fits;
}

Finding check_target(const ChainSpec& spec) {
    const auto& engine = spec.engine;
    const auto compact = to_hex(compact_bytes(engine.target_limit));
    switch (engine.kind) {
        case EngineKind::proof_of_work:
            if (!is_compact_target(engine.target_limit))
                return SpecError{"engine.target_limit", "a compact target", compact};
            return std::nullopt;
        case EngineKind::instant_seal:
            if (engine.target_limit != 0)
                return SpecError{"engine.target_limit", "00000000 without work", compact};
            if (engine.retarget)
                return SpecError{"engine.retarget", "false without work", "true"};
            return std::nullopt;
    }
    return SpecError{"engine.kind", "a known engine", "another"};
}

Finding check_accounts(const ChainSpec& spec) {
    if (spec.balances.size() > initial_balances_max)
        return check_range("balances", spec.balances.size(), 0, initial_balances_max);
    std::vector<AccountId> accounts;
    for (const auto& balance : spec.balances)
        accounts.push_back(balance.account);
    std::ranges::sort(accounts);
    const auto twice = std::ranges::adjacent_find(accounts);
    if (twice == accounts.end())
        return std::nullopt;
    return SpecError{"balances", "each account once", to_hex(*twice) + " twice"};
}

/// The sum of all subsidies that a chain ever creates, or nothing where it exceeds 2^53-1.
std::optional<Amount> total_subsidy(const RewardSpec& rewards) {
    const bool is_halved = rewards.halving_interval != 0;
    const auto blocks = is_halved ? rewards.halving_interval : constant_subsidy_blocks;
    std::optional<Amount> total = Amount{0};
    for (auto subsidy = rewards.subsidy.value; subsidy > 0 && total; subsidy /= 2) {
        if (subsidy > quantity_max / blocks)
            return std::nullopt;
        total = checked_add(*total, Amount{subsidy * blocks});
        if (!is_halved)
            break;
    }
    return total;
}

Finding check_supply(const ChainSpec& spec) {
    auto total = total_subsidy(spec.rewards);
    if (!total)
        return SpecError{
            "rewards.subsidy",
            "subsidies whose sum is at most 2^53-1 pebbles",
            std::to_string(spec.rewards.subsidy.value)};
    for (const auto& balance : spec.balances) {
        total = checked_add(*total, balance.amount);
        if (!total)
            return SpecError{
                "balances", "with all subsidies at most 2^53-1 pebbles", "a larger sum"};
    }
    return std::nullopt;
}

Finding check_limits(const ChainSpec& spec) {
    const auto& limits = spec.limits;
    const auto genesis_bytes = canonical_text(spec).size() + genesis_overhead_bytes;
    if (genesis_bytes > chain_spec_bytes_max)
        return SpecError{
            "balances",
            "a spec of at most " + std::to_string(chain_spec_bytes_max - genesis_overhead_bytes) +
                " bytes",
            std::to_string(genesis_bytes - genesis_overhead_bytes)};
    if (auto finding = check_range(
            "limits.block_bytes",
            limits.block_bytes,
            std::max<std::uint64_t>(block_bytes_min, genesis_bytes),
            block_bytes_max
        ))
        return finding;
    return check_range(
        "limits.transaction_bytes",
        limits.transaction_bytes,
        std::max<std::uint64_t>(transaction_bytes_limit_min, genesis_bytes),
        std::min<std::uint64_t>(transaction_bytes_max, limits.block_bytes)
    );
}

}  // namespace

Result<void, SpecError> check_chain_spec(const ChainSpec& spec) {
    // The limits come last: they look at the canonical text, which needs all else to be sound.
    constexpr std::array checks = {
        check_name,
        check_prefix,
        check_message,
        check_interval,
        check_time,
        check_target,
        check_accounts,
        check_supply,
        check_limits,
    };
    for (const auto check : checks)
        if (auto finding = check(spec))
            return tl::unexpected{*std::move(finding)};
    return {};
}

}  // namespace cairn::ledger
