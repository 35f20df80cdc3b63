#include "cairn/rpc/usage_rule.hpp"

namespace cairn::rpc {

std::string_view to_string(UsageRule rule) {
    switch (rule) {
        case UsageRule::unknown_command:
            return "unknown_command";
        case UsageRule::unknown_option:
            return "unknown_option";
        case UsageRule::missing_value:
            return "missing_value";
        case UsageRule::bad_value:
            return "bad_value";
    }
    return {};
}

std::string_view meaning_of(UsageRule rule) {
    switch (rule) {
        case UsageRule::unknown_command:
            return "The program has no command of this name.";
        case UsageRule::unknown_option:
            return "The command has no such option, or takes no further word.";
        case UsageRule::missing_value:
            return "A command, a word or the value of an option is missing.";
        case UsageRule::bad_value:
            return "A word or the value of an option is not what the command takes there.";
    }
    return {};
}

}  // namespace cairn::rpc
