/// Chain specs (spec 05 §5): everything that makes a chain what it is, as canonical JSON. The spec
/// stands in the genesis coinbase's body, so the genesis hash, which is the chain's id, commits to
/// it.
#pragma once

#include "cairn/base/quantity.hpp"
#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/ledger/limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::ledger {

/// Which rules decide who may add a block.
enum class EngineKind : std::uint8_t { proof_of_work = 0, instant_seal = 1 };
[[nodiscard]] std::string_view to_string(EngineKind kind);

struct EngineSpec {
    EngineKind kind = EngineKind::proof_of_work;
    /// T, the intended time between blocks, in milliseconds.
    std::uint64_t block_interval_ms = 15'000;
    /// Whether the target follows the clock (spec 06 §3); if not, every block's is `target`.
    bool retarget = true;
    /// The easiest target, compact; also the genesis block's. 0 under engines without work. In
    /// JSON eight hexadecimal digits.
    std::uint32_t target_limit = 0;

    friend bool operator==(const EngineSpec&, const EngineSpec&) = default;

    /// JSON only: a spec is never binary.
    void save(codec::JsonWriter& archive) const;
    void load(codec::JsonReader& archive);
};

/// Blocks of a chain without halving that have a subsidy: 47 years at 15 s a block.
inline constexpr std::uint64_t constant_subsidy_blocks = 100'000'000;

struct RewardSpec {
    /// What the coinbase of block 1 may create.
    Amount subsidy;
    /// The subsidy halves every so many blocks; 0: never, but it ends with block
    /// `constant_subsidy_blocks`, so that the supply of every chain is bounded.
    std::uint64_t halving_interval = 0;

    friend bool operator==(const RewardSpec&, const RewardSpec&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("subsidy", subsidy), codec::field("halving_interval", halving_interval)
        );
    }
};

struct LimitSpec {
    /// Bytes of one block, at most `block_bytes_max`.
    std::uint64_t block_bytes = block_bytes_max;
    /// Bytes of one transaction, at most `transaction_bytes_max` and `block_bytes`.
    std::uint64_t transaction_bytes = transaction_bytes_max;

    friend bool operator==(const LimitSpec&, const LimitSpec&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("block_bytes", block_bytes),
            codec::field("transaction_bytes", transaction_bytes)
        );
    }
};

struct InitialBalance {
    AccountId account;
    Amount amount;

    friend bool operator==(const InitialBalance&, const InitialBalance&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("account", account), codec::field("amount", amount));
    }
};

/// Entries of `ChainSpec::balances`.
inline constexpr std::size_t initial_balances_max = 400;
inline constexpr std::size_t chain_name_bytes_max = 32;
inline constexpr std::size_t address_prefix_bytes_max = 10;
inline constexpr std::size_t chain_message_bytes_max = 256;
/// @{
/// The range of `EngineSpec::block_interval_ms`: a tenth of a second to an hour.
inline constexpr std::uint64_t block_interval_ms_min = 100;
inline constexpr std::uint64_t block_interval_ms_max = 3'600'000;
/// @}
/// @{
/// The least that `LimitSpec` may say. The genesis block, and the coinbase in it, obey their
/// chain's limits too: both limits must exceed the spec's canonical text by
/// `genesis_overhead_bytes`.
inline constexpr std::uint64_t block_bytes_min = 4'096;
inline constexpr std::uint64_t transaction_bytes_limit_min = 1'024;
inline constexpr std::uint64_t genesis_overhead_bytes = 256;

/// @}

struct ChainSpec {
    /// Lowercase letters, digits, `-` and `_`, a letter first: it names a folder too.
    std::string name;
    /// Of addresses: lowercase letters and digits, a letter first.
    std::string prefix;
    EngineSpec engine;
    RewardSpec rewards;
    LimitSpec limits;
    std::vector<InitialBalance> balances;
    /// The genesis block's time.
    UnixMillis time;
    std::string message;
    /// True for chains whose keys are public and whose coins are worth nothing: `--open-control` is
    /// allowed there, and programs say so loudly.
    bool development = false;

    friend bool operator==(const ChainSpec&, const ChainSpec&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("name", codec::bounded<chain_name_bytes_max>(name)),
            codec::field("prefix", codec::bounded<address_prefix_bytes_max>(prefix)),
            codec::field("engine", engine),
            codec::field("rewards", rewards),
            codec::field("limits", limits),
            codec::field("balances", codec::bounded<initial_balances_max, 40>(balances)),
            codec::field("time", time),
            codec::field("message", codec::bounded<chain_message_bytes_max>(message)),
            codec::field("development", development)
        );
    }
};

/// What is wrong with a chain spec: which field, what was expected, what came. ASCII, whatever the
/// text was.
struct SpecError {
    std::string field;
    std::string expected;
    std::string actual;

    friend bool operator==(const SpecError&, const SpecError&) = default;
};

/// Checks what `parse_chain_spec` checks beyond the form, for a spec made by a program.
[[nodiscard]] Result<void, SpecError> check_chain_spec(const ChainSpec& spec);

/// The spec that `text` (JSON, any order and spacing) describes.
/// Errors: unknown or missing fields, numbers beyond limits, a name or prefix with other characters
/// than allowed, a target limit that is no target, a target or retargeting without proof of work,
/// an account named twice, balances whose sum with all subsidies ever would exceed 2^53-1, limits
/// that the genesis block would break.
[[nodiscard]] Result<ChainSpec, SpecError> parse_chain_spec(std::string_view text);

/// RFC 8785 form: what the genesis block carries. `spec` must pass `check_chain_spec`.
[[nodiscard]] std::string canonical_text(const ChainSpec& spec);

/// A chain as it is told to people: a name alone may be used twice.
struct NamedChain {
    std::string name;
    ChainId id;

    friend bool operator==(const NamedChain&, const NamedChain&) = default;
};

/// `NAME (ID)`.
[[nodiscard]] std::string to_string(const NamedChain& chain);

/// `cairn`, `lab` or `dev`; nothing for another name.
[[nodiscard]] std::optional<ChainSpec> built_in_chain(std::string_view name);
/// The names above, in that order.
[[nodiscard]] std::vector<std::string_view> built_in_chain_names();

/// What the coinbase at `height` may create beside the fees: the subsidy, halved once for each
/// whole `halving_interval` between block 1 and this one; 0 for genesis, which only carries the
/// spec.
[[nodiscard]] Amount subsidy_at(const RewardSpec& rewards, Height height);

/// The number of deterministic funded accounts of the chains `lab` and `dev`.
inline constexpr std::size_t development_accounts = 10;
/// The key of `dev0` to `dev9`: SHA-256("cairn development account <index>"). Everybody knows it.
/// `index` must be below `development_accounts`.
[[nodiscard]] crypto::SecretKey development_key(std::size_t index);

}  // namespace cairn::ledger
