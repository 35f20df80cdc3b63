/// Refusals that the door makes by itself, before or instead of a command (spec 12 §6).
#pragma once

#include "cairn/http/message.hpp"
#include "cairn/rpc/door_rule.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::http {

/// What a refusal says. Its code follows from the rule. No text may be empty, save `actual`
/// where nothing came; what strangers wrote goes through `rpc::printable` first.
struct DoorError {
    rpc::DoorRule rule;
    /// One sentence.
    std::string message;
    std::string expected;
    std::string actual;
    /// What to do about it.
    std::string hint;
};

/// The error as those of commands are.
[[nodiscard]] rpc::Error to_error(DoorError error);
/// The error object of spec 02 §5, which stands for an answer.
[[nodiscard]] std::string error_text(DoorError error);
/// The reply with that object as its body. Its status follows from the code, save for headers that
/// are too large: 431.
[[nodiscard]] HttpReply error_reply(DoorError error);

/// The refusal of a request from another machine where only this one may ask.
[[nodiscard]] DoorError stranger(std::string_view message, std::string_view hint);

/// "at most `count` `things`".
[[nodiscard]] std::string at_most(std::size_t count, std::string_view things);

}  // namespace cairn::http
