#include "src/app/index_pages.hpp"

#include <algorithm>

namespace cairn::app {

using codec::Json;

namespace {

/// What one request may ask for (spec 02 §4).
constexpr std::uint64_t page_entries_max = 1'000;

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= 16 &&
           std::all_of(text.begin(), text.end(), [](char letter) {
               return letter >= '0' && letter <= '9';
           });
}

}  // namespace

Result<Json, Failure> parse_place(const std::string& text, std::string_view option) {
    const auto point = text.find('.');
    const auto height = std::string_view{text}.substr(0, point);
    if (is_digits(height)) {
        if (point == std::string::npos)
            return Json{std::uint64_t{std::stoull(text)}};
        if (is_digits(std::string_view{text}.substr(point + 1)))
            return Json{text};
    }
    return tl::unexpected{bad_value(
        std::string{option} + " takes a height, or height.index such as 17.3",
        "HEIGHT or HEIGHT.INDEX",
        text
    )};
}

Result<Entries, Failure> read_entries(
    NodeSession& session, Json request, std::string_view name, std::uint64_t limit
) {
    Entries result;
    do {
        const auto left = limit - result.entries.size();
        request.set("count", Json{std::min<std::uint64_t>(left, page_entries_max)});
        if (!result.next.empty())
            request.set("from", Json{result.next});
        const auto reply = session.ask(request);
        if (!reply)
            return tl::unexpected{reply.error()};
        const auto* page = reply->find(name);
        if (page != nullptr && page->if_array() != nullptr)
            result.entries.insert(
                result.entries.end(), page->if_array()->begin(), page->if_array()->end()
            );
        const auto next = text_field(*reply, "next").value_or("");
        // A node that stays in one place would keep us here for ever.
        if (next == result.next)
            break;
        result.next = next;
    } while (!result.next.empty() && result.entries.size() < limit);
    return result;
}

}  // namespace cairn::app
