/// The one table of commands. Every door to the node (text frames, HTTP, the command line) goes
/// through it; a row here is all that a new command needs, with its function and its request.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/node/view.hpp"
#include "cairn/rpc/describe.hpp"
#include "cairn/rpc/error.hpp"
#include "cairn/rpc/requests.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::rpc {

enum class Access : std::uint8_t {
    read,     ///< changes nothing of the operator's; open to loopback
    control,  ///< needs the cookie
};
[[nodiscard]] std::string_view to_string(Access access);

/// What a command works with.
struct Call {
    const node::NodeView& view;
    Time now;
    /// What `status` says of the program.
    std::string_view version;
    /// The reply's object, open: commands add their fields. Whatever they wrote is dropped when
    /// they return an error or start something that takes longer.
    codec::JsonWriter& reply;
};

/// @name What a command comes to
/// @{
/// The reply is written.
struct Done {};

/// The node must do this first. `accepted` is the field that is true when it answers no more than
/// yes.
struct Forward {
    node::CommandRequest request;
    std::string_view accepted = "accepted";
};

/// The reply comes when the request is fulfilled, or at its timeout.
struct Waiting {
    WaitRequest request;
    Instant until;
};

/// The chain is checked in steps first.
struct Validating {
    Height from;
};

using Outcome = std::variant<Done, Error, Forward, Waiting, Validating>;

/// @}

struct Command {
    std::string_view name;
    /// Another name for it; empty when there is none.
    std::string_view alias;
    Access access = Access::read;
    /// Asking twice may do more than asking once.
    bool changes = false;
    /// One line.
    std::string_view help;
    /// The fields of its reply, in the notation of `shapes.hpp`.
    std::string_view reply;
    std::vector<Argument> arguments;
    /// Reads the arguments out of `request`, whose envelope fields it ignores, and runs the
    /// command.
    Outcome (*run)(const Call& call, const codec::Json& request);
};

/// All commands, in the order of `help`.
[[nodiscard]] const std::vector<Command>& command_table();
/// The command with this name or alias, in lower case; null when there is none.
[[nodiscard]] const Command* find_command(std::string_view name);
/// The command whose name looks most like `name`; empty when none does.
[[nodiscard]] std::string_view similar_command(std::string_view name);
/// The one of `candidates` that looks most like `word`: at most a third of it differs; else empty.
[[nodiscard]] std::string_view most_similar(
    std::string_view word, std::span<const std::string_view> candidates
);

/// The fields of a request that are not arguments.
inline constexpr std::array<const char*, 4> envelope_fields{"type", "id", "chain", "auth"};

}  // namespace cairn::rpc
