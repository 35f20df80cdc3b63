/// Pages of lists that are at hand as a whole (spec 02 §4 11).
#pragma once

#include "src/rpc/commands.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::rpc {

/// What pages are taken from.
struct List {
    /// Of each element, higher than that of the one before.
    std::vector<std::uint64_t> places;
    /// The element at an index, asked for those of the page alone.
    std::function<std::string(std::size_t)> json_of;
};

/// A list whose places count its elements from 0.
[[nodiscard]] List counted_list(std::size_t size, std::function<std::string(std::size_t)> json_of);

/// Answers with the page of `list` that `request` asks for, as the array `name`, and its links.
/// Errors: `bad_field`.
[[nodiscard]] Outcome write_listed(
    const Call& call, const NumberedPageRequest& request, std::string_view name, const List& list
);

}  // namespace cairn::rpc
