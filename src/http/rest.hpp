/// `/api/v1`: every command by its name, GET for what only reads and POST for the others.
#pragma once

#include "src/http/target.hpp"

#include "cairn/http/gate.hpp"
#include "cairn/rpc/command.hpp"

#include <string>
#include <string_view>

namespace cairn::http {

inline constexpr std::string_view api_prefix = "/api/v1";

/// The command's name in paths: without `get_`.
[[nodiscard]] std::string_view path_name(const rpc::Command& command);
/// The command that is called so in paths, by name or alias; null without one.
[[nodiscard]] const rpc::Command* find_by_path(std::string_view name);
/// The status for an error code (spec 12 §6).
[[nodiscard]] unsigned status_of(std::string_view code);
/// The reply for an answer of the command table, which is its body.
[[nodiscard]] HttpReply answer_reply(std::string answer);

/// The argument of `command` that is called `name`; null without one.
[[nodiscard]] const rpc::Argument* find_argument(
    const rpc::Command& command, std::string_view name
);
/// A word of the target as JSON: by what its argument is, and where it does not fit as text, so
/// that the command itself says what is wrong.
[[nodiscard]] std::string word_as_json(const rpc::Argument* argument, std::string_view word);

/// Decides a request whose body has the arguments of `command`.
[[nodiscard]] Decision decide_post(const rpc::Command& command, const HttpRequest& request);
/// Decides a request below `/api/v1/`. `base` is what absolute links begin with.
[[nodiscard]] Decision decide_rest(
    const HttpRequest& request, const Target& target, const std::string& base
);

}  // namespace cairn::http
