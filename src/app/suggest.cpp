#include "src/app/suggest.hpp"

#include <algorithm>

namespace cairn::app {

std::size_t edit_distance(std::string_view left, std::string_view right) {
    // Rows of the usual table: the one before last, the last, and the one being filled.
    std::vector<std::size_t> before(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0U : 1U);
            row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
            const bool is_swap =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (is_swap)
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[right.size()];
}

std::optional<std::string> suggest(
    std::string_view word, const std::vector<std::string>& candidates
) {
    std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::optional<std::string> nearest;
    for (const auto& candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string suggestion(
    std::string_view word, const std::vector<std::string>& candidates, std::string otherwise
) {
    const auto nearest = suggest(word, candidates);
    return nearest ? "did you mean " + *nearest + "?" : std::move(otherwise);
}

}  // namespace cairn::app
