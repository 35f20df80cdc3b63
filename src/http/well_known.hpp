/// Routes by the names that small teaching chains use, so that scripts written for those work here
/// (spec 12 §9). One table: each route is a command of the command table under another name.
///
/// Rules:
/// 1. A route that changes something by GET works where control is open alone (`--open-control` on
/// a
///    development chain): it never sends a cookie, is refused to pages of other sites, and says
///    elsewhere what to use instead. A HEAD does not reach it.
/// 2. A list of all blocks is that of one tip, or none.
#pragma once

#include "cairn/http/gate.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::http {

/// What a route makes of its command.
enum class WellKnownKind : std::uint8_t {
    question,  ///< the reply, or one member of it
    running,   ///< the word `running`, when the node answers
    chain,     ///< all blocks and their number
    blocks,    ///< all blocks
    mined,     ///< mines a block and gives it
    block_of,  ///< mines a block whose data is the request's body
    body,      ///< the request's body has the arguments, or is a transaction
    peers,     ///< the command for each address of the body
};

struct WellKnownParameter {
    /// In the query.
    std::string_view name = {};
    /// Of the command.
    std::string_view argument = {};
    bool is_required = false;
};

struct WellKnown {
    std::string_view method;
    /// For a gateway `/*` at its end stands for the node's port.
    std::string_view path;
    std::string_view command;
    std::string_view summary;
    WellKnownKind kind = WellKnownKind::question;
    std::array<WellKnownParameter, 2> parameters = {};
    /// The reply's member that is given; empty: the whole reply.
    std::string_view part = {};
    /// What is given, in the notation of shapes; empty: the command's reply.
    std::string_view reply = {};
    bool is_of_gateway = false;

    /// True when it changes something by GET.
    [[nodiscard]] bool changes_by_get() const;
};

/// All of them.
[[nodiscard]] std::span<const WellKnown> well_known_table();

/// Those of a node's door, or those of a gateway, which ask the node at the port in their path.
/// `cors` are the origins whose pages are trusted.
[[nodiscard]] std::vector<Route> well_known_routes(
    const std::vector<std::string>& cors, bool is_gateway
);

}  // namespace cairn::http
