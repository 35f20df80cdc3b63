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
        case UsageRule::bad_key:
            return "bad_key";
        case UsageRule::bad_signature:
            return "bad_signature";
        case UsageRule::no_development_accounts:
            return "no_development_accounts";
        case UsageRule::bad_answer:
            return "bad_answer";
        case UsageRule::not_a_record:
            return "not_a_record";
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
        case UsageRule::bad_key:
            return "A private key is 64 hexadecimal digits, not zero and below the order of the "
                   "curve.";
        case UsageRule::bad_signature:
            return "The signature is not that of the account over this message.";
        case UsageRule::no_development_accounts:
            return "The chain has no development accounts, whose keys everybody knows.";
        case UsageRule::bad_answer:
            return "What the node answers lacks what the command needs, or cannot be right.";
        case UsageRule::not_a_record:
            return "The transaction is none that records something.";
    }
    return {};
}

}  // namespace cairn::rpc
