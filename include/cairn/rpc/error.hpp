/// Why a request was not answered (spec 02 §5, spec 12 §6).
#pragma once

#include "cairn/codec/json.hpp"
#include "cairn/node/events.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::rpc {

enum class ErrorCode : std::uint8_t {
    not_json,         ///< the payload starts like JSON but is none
    bad_field,        ///< a field is missing, unknown, of another type or out of range
    unknown_command,  ///< no command has this name
    not_found,        ///< there is no such block, transaction or rule
    wrong_chain,      ///< `chain` names another chain than this node's
    auth_required,    ///< a control command without the right `auth`
    forbidden,        ///< never allowed from there, or not on this node
    rejected,         ///< the node refused: `data.rule` names the rule
    busy,             ///< too much of this is under way; later it may work
    too_large,        ///< the answer would exceed a limit; ask for less
    internal,         ///< the node's own fault, such as a disk that cannot be read

    // Only a door in front of the commands says these; its rules tell more (`DoorRule`, spec 12
    // §6).
    bad_request,         ///< no request at all, whatever it asks
    wrong_method,        ///< the path takes other methods of HTTP
    too_slow,            ///< the request did not come in time
    wrong_content_type,  ///< the body is not said to be JSON
    stopping,            ///< the program is stopping
    no_node,             ///< nothing listens at the port asked, or something that is no node
    no_answer,           ///< what listens there has not answered as a node does, or not in time
};
/// The last one that a command can answer, and so the last that is a rule of `rpc`.
inline constexpr ErrorCode command_error_last = ErrorCode::internal;
inline constexpr ErrorCode error_code_last = ErrorCode::no_answer;
/// The code as it stands in replies.
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// An error as it is shown. All texts are printable ASCII or get escaped; empty ones are left out.
struct Error {
    ErrorCode code = ErrorCode::internal;
    /// One sentence.
    std::string message;
    /// The argument at fault, with `bad_field`.
    std::string field;
    /// With its module: `mempool.fee_too_low`. Empty where the code says all: see `rule_of`.
    std::string rule;
    std::string expected;
    /// Shown as "nothing" where it is empty and something was expected.
    std::string actual;
    /// What to do about it.
    std::string hint;
};

/// `bad_field` for what a reader of JSON found.
[[nodiscard]] Error bad_field(const codec::JsonError& error);
/// `bad_field` for the argument `field`.
[[nodiscard]] Error bad_field(
    std::string_view field, std::string_view expected, std::string_view actual
);
/// What the node says of a command that it refused. A code that is none of ours is `rejected`.
[[nodiscard]] Error refused_command(const node::CommandError& error);

/// `word` fit for a message: escaped as in JSON, and cut to `echo_max` characters of input.
[[nodiscard]] std::string printable(std::string_view word);

/// The rule that is shown: the error's own, or else its code as a rule of `rpc`.
[[nodiscard]] std::string rule_of(const Error& error);

/// The error's reply in JSON; `id` is the echoed JSON value, or empty.
[[nodiscard]] std::string to_json(const Error& error, std::string_view id);

}  // namespace cairn::rpc
