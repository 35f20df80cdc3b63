#include "src/http/paging.hpp"

#include "src/http/members.hpp"
#include "src/http/rest.hpp"
#include "src/http/single_question.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/codec/json.hpp"

#include <algorithm>

namespace cairn::http {

namespace {

/// Whether this argument says which page is meant, and not which list.
bool is_of_page(std::string_view argument) {
    return argument == "from" || argument == "before" || argument == "count";
}

/// Takes the last member of `answer` away when it is called `name` and holds a place in a list.
/// The place, or nothing. What records hold is never taken: it stands inside a list.
std::string take_place(std::string& answer, std::string_view name) {
    // Name and value of the longest place there is, and the brace behind it.
    constexpr std::size_t place_bytes_max =
        sizeof(R"(,"previous":"9007199254740991.4294967295"})") - 1;
    const auto mark = ",\"" + std::string{name} + "\":";
    const auto begin = answer.size() > place_bytes_max ? answer.size() - place_bytes_max : 0;
    const auto found = answer.find(mark, begin);
    if (found == std::string::npos)
        return {};
    const auto value = std::string_view{answer}.substr(found + mark.size());
    if (value.find_first_not_of("0123456789.\"") + 1 != value.size() || value.back() != '}')
        return {};
    std::string place{value.substr(0, value.size() - 1)};
    answer.erase(found, answer.size() - found - 1);
    return place;
}

}  // namespace

PageLinks::PageLinks(std::string start, std::string count)
    : start_{std::move(start)}, count_{std::move(count)} {}

std::string PageLinks::next(std::string_view place) const {
    return link("from", place);
}

std::string PageLinks::previous(std::string_view place) const {
    return link("before", place);
}

std::string PageLinks::link(std::string_view name, std::string_view place) const {
    if (place.empty())
        return "null";
    const auto text = plain_text(place);
    std::string quoted;
    codec::append_quoted(
        quoted,
        start_ + std::string{name} + '=' + escape(text.empty() ? place : text) +
            (count_.empty() ? "" : "&count=" + count_)
    );
    return quoted;
}

std::string PageLinks::with_links(std::string answer) const {
    if (answer.empty())
        return answer;
    const auto before = take_place(answer, "previous");
    const auto after = take_place(answer, "next");
    answer.pop_back();
    return answer + R"(,"next":)" + next(after) + R"(,"previous":)" + previous(before) + '}';
}

std::optional<PageLinks> make_links(
    const rpc::Command& command, const Target& target, const std::string& base
) {
    constexpr std::size_t words_before = 3;
    const auto* count = find_argument(command, "count");
    if (count == nullptr || find_argument(command, "before") == nullptr)
        return std::nullopt;
    std::string size = count->preset;
    std::string query;
    const auto add = [&](std::string_view name, std::string_view value) {
        if (name == "count")
            size = value;
        else if (!is_of_page(name))
            query += escape(name) + '=' + escape(value) + '&';
    };
    // Words of the path may say which page is meant; then links have the others in their query.
    auto path = target.path;
    bool is_cut = false;
    const auto words = std::min(target.segments.size(), words_before + command.arguments.size());
    for (std::size_t i = words_before; i < words; ++i) {
        const auto name = command.arguments[i - words_before].name;
        if (target.segments[i].empty())
            break;
        if (!is_cut && is_of_page(name)) {
            path.clear();
            for (std::size_t kept = 0; kept < i; ++kept)
                path += '/' + escape(target.segments[kept]);
            is_cut = true;
        }
        if (is_cut)
            add(name, target.segments[i]);
    }
    for (const auto& [name, value] : target.query)
        add(name, value);
    return PageLinks{base + path + '?' + query, std::move(size)};
}

HttpReply block_list(const std::string& answer, const PageLinks& links) {
    std::string body = R"({"count":)";
    body += member(answer, "length");
    body += R"(,"next":)" + links.next(member(answer, "next"));
    body += R"(,"previous":)" + links.previous(member(answer, "previous"));
    body += R"(,"results":)";
    body += member(answer, "chain");
    body += '}';
    return HttpReply{.body = std::move(body)};
}

}  // namespace cairn::http
