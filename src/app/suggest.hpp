/// "Did you mean": the known word next to a mistyped one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::app {

/// Letters to insert, delete, replace or swap with their neighbour to make `left` into `right`
/// (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate nearest to `word`, the first of several; nothing when none is within a third of
/// the word's length, or one letter for short words.
[[nodiscard]] std::optional<std::string> suggest(
    std::string_view word, const std::vector<std::string>& candidates
);

/// `did you mean X?`, or else `otherwise`.
[[nodiscard]] std::string suggestion(
    std::string_view word, const std::vector<std::string>& candidates, std::string otherwise
);

}  // namespace cairn::app
