/// Every rule by which something can be refused, with a sentence: what `explain` tells.
#pragma once

#include <string_view>
#include <vector>

namespace cairn::rpc {

struct Rule {
    /// The enumerator's name as it stands in errors and logs.
    std::string_view name;
    /// The module that owns it.
    std::string_view module;
    /// One sentence.
    std::string_view meaning;
};

/// All rules, made from the modules' enumerations; one name may stand in several modules.
[[nodiscard]] const std::vector<Rule>& rule_table();
/// Those whose name is `name`, in every module, or in the one that stands before it and a dot.
[[nodiscard]] std::vector<Rule> find_rules(std::string_view name);
/// The rule name that looks most like `name`; empty when none does.
[[nodiscard]] std::string_view similar_rule(std::string_view name);

}  // namespace cairn::rpc
