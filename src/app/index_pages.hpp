/// Reads what `history` and `records` list (spec 02 §4), page after page.
#pragma once

#include "src/app/node_session.hpp"

#include "cairn/codec/json_value.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::app {

/// The JSON of a place as the command line writes it: `HEIGHT`, or `HEIGHT.INDEX`.
/// Errors: a usage `Failure` that names `option`.
[[nodiscard]] Result<codec::Json, Failure> parse_place(
    const std::string& text, std::string_view option
);

struct Entries {
    std::vector<codec::Json> entries;
    /// Where the rest begins; empty when there is none.
    std::string next;
};

/// Entries of the list `name` in the replies to `request`, a command of pages without its `count`,
/// until there are `limit` of them. Errors: those of `NodeSession::ask`.
[[nodiscard]] Result<Entries, Failure> read_entries(
    NodeSession& session, codec::Json request, std::string_view name, std::uint64_t limit
);

}  // namespace cairn::app
