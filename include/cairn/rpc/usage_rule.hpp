/// Why the program itself refuses: its own command line before it does anything, what it was given
/// to read, or what a node answered.
///
/// The command line is module `app`, which rpc does not know. The enumeration stands here all the
/// same, as that of the door (`door_rule.hpp`) does: `explain` tells its rules, as those of `app`.
#pragma once

#include <cstdint>
#include <string_view>

namespace cairn::rpc {

enum class UsageRule : std::uint8_t {
    unknown_command,
    unknown_option,
    missing_value,
    bad_value,
    bad_key,
    bad_signature,
    no_development_accounts,
    bad_answer,
    not_a_record,
};
inline constexpr UsageRule usage_rule_last = UsageRule::not_a_record;

/// The rule's name, without its module.
[[nodiscard]] std::string_view to_string(UsageRule rule);
/// One sentence: what `explain` tells.
[[nodiscard]] std::string_view meaning_of(UsageRule rule);

}  // namespace cairn::rpc
