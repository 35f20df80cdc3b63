/// Pages of lists that are at hand as a whole (spec 02 §4 11).
#pragma once

#include "src/rpc/commands.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::rpc {

struct ListedElement {
    /// Higher than that of the element before.
    std::uint64_t place = 0;
    std::string json;
};

/// Answers with the page of `elements` that `request` asks for, as the array `name`, and its
/// links. Errors: `bad_field`.
[[nodiscard]] Outcome write_listed(
    const Call& call,
    const NumberedPageRequest& request,
    std::string_view name,
    const std::vector<ListedElement>& elements
);

}  // namespace cairn::rpc
